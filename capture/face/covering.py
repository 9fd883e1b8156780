"""Whether eyes, nose and mouth of a portrait are uncovered, as far as colours tell. Pure.

Seen: masks of a colour that skin does not have, down to the chin; dark glasses; caps of a colour that hair
hardly has; a hand only where it hides the eyes; anything smooth over mouth or eyes. Not seen, so a person
looks: clear visors and glasses, covers of the colour of the skin with folds, a hand over the mouth, black,
white and brown caps (they look like hair), and colours in photographs without colour. A beard is no cover:
it darkens the skin below the cheeks towards grey, and leaves a mouth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.face.portrait import Portrait

Patch = tuple[slice, slice]
"""Rows and columns of the square of a portrait."""
_BETWEEN_EYES: Patch = (slice(36, 50), slice(57, 71))
_CHEEKS: tuple[Patch, ...] = ((slice(62, 74), slice(34, 46)), (slice(62, 74), slice(82, 94)))
_AROUND_MOUTH: tuple[Patch, ...] = ((slice(84, 90), slice(52, 76)), (slice(108, 120), slice(48, 80)))
_MOUTH: Patch = (slice(86, 110), slice(50, 78))
_LIPS: Patch = (slice(94, 106), slice(54, 74))
_EYES: tuple[Patch, ...] = ((slice(38, 52), slice(30, 50)), (slice(38, 52), slice(78, 98)))
_CROWN: Patch = (slice(20, 48), slice(48, 80))
"""Of the rows above the square."""
_HUES = (46.0, 80.0)  # degrees in the a*b* plane: red to yellow of skin
_HUE_AWAY = 10.0
_FULL = 45.0  # the most colour of skin and lips
_LEAST_COLOUR = 8.0  # of the skin: with less, nothing about fading can be told


@dataclass(frozen=True, slots=True)
class CoverSettings:
    """From which figures on something is covered.

    The defaults are from drawn people and fifteen sample photographs of real ones, of which none was taken
    for covered: far too few for a rate.
    """

    cheek_colour: float = 7.0
    """Distance in the a*b* plane of the cheek that has less of it from all that skin looks like."""
    mouth_colour: float = 9.0
    """The same around the mouth."""
    mouth_relief: float = 0.022
    """Least change from row to row at the mouth, as a share of the lightness of the cheeks."""
    eye_relief: float = 0.07
    """Least deviation of lightness in an eye, as a share of that of the cheeks."""
    eye_light: float = 0.6
    """Least lightness of the light parts of the lighter eye (lids, white), as a share of the cheeks'."""
    lips_colour: float = 0.3
    """Least colour of the lips, as a share of that of the skin between the eyes: 0.5 to 3 in portraits, also
    with teeth and beards; at most 0.17 in a black, grey or white mask."""
    crown_colour: float = 14.0
    """The same over the forehead, where hair is."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The figures behind, in the units of `CoverSettings`."""

    cheek_colour: float
    mouth_colour: float
    mouth_relief: float
    eye_relief: float
    eye_light: float
    lips_colour: float
    crown_colour: float


def covering_of(portrait: Portrait) -> Covering:
    """Measure a portrait."""
    lab = portrait.lab
    skin, cheeks, around = (_median(lab, p) for p in ((_BETWEEN_EYES,), _CHEEKS, _AROUND_MOUTH))
    light = lab[..., 0]
    bright = max(float(cheeks[0]), 5.0)
    rows = np.abs(cv2.Sobel(light, cv2.CV_32F, 0, 1, ksize=3))[_MOUTH] / 4
    return Covering(
        cheek_colour=min(_unlike(_median(lab, (cheek,))[1:], skin[1:]) for cheek in _CHEEKS),
        mouth_colour=_unlike(around[1:], skin[1:]),
        mouth_relief=float(rows.mean()) / bright,
        eye_relief=min(float(light[eye].std()) for eye in _EYES) / bright,
        eye_light=max(float(np.percentile(light[eye], 85)) for eye in _EYES) / bright,
        lips_colour=_kept(lab[_LIPS], skin[1:]),
        crown_colour=_unlike(_median(portrait.above, (_CROWN,))[1:], skin[1:]),
    )


def is_covered(found: Covering, settings: CoverSettings, *, lit: bool, sharp: bool) -> bool:
    """Whether something that should be seen is not.

    Light and relief of eyes count only in a portrait that is well `lit`; relief only in a `sharp` one.
    """
    coloured = (
        found.cheek_colour > settings.cheek_colour
        or found.mouth_colour > settings.mouth_colour
        or found.crown_colour > settings.crown_colour
        or found.lips_colour < settings.lips_colour
    )
    faded = found.eye_light < settings.eye_light
    smooth = found.mouth_relief < settings.mouth_relief or found.eye_relief < settings.eye_relief
    return coloured or (lit and (faded or (sharp and smooth)))


def _median(lab: NDArray[np.float32], patches: tuple[Patch, ...]) -> NDArray[np.float32]:
    return np.asarray(np.median(np.concatenate([lab[p].reshape(-1, 3) for p in patches]), axis=0), np.float32)


def _unlike(colour: NDArray[np.float32], skin: NDArray[np.float32]) -> float:
    """Distance to the nearest colour that skin has in this light, in shadow, glare, lipstick or a beard.

    They lie between the hues of skin, widened to that of this one, from grey to a full colour.
    """
    whole = math.degrees(math.atan2(float(skin[1]), float(skin[0]))) if skin.any() else _HUES[0]
    least, most = (min(_HUES[0], whole - _HUE_AWAY), max(_HUES[1], whole + _HUE_AWAY))
    hue = math.degrees(math.atan2(float(colour[1]), float(colour[0])))
    chroma, full = float(np.hypot(*colour)), max(_FULL, 1.3 * float(np.hypot(*skin)))
    away = math.radians(max(least - hue, hue - most, 0.0))
    near = min(max(chroma * math.cos(min(away, math.pi / 2)), 0.0), full)
    return math.sqrt(max(chroma**2 + near**2 - 2 * chroma * near * math.cos(away), 0.0))


def _kept(mouth: NDArray[np.float32], skin: NDArray[np.float32]) -> float:
    """Lips have colour, also between a beard and teeth; a black, grey or white mask has none."""
    whole = float(np.hypot(*skin))
    colour = float(np.percentile(np.hypot(mouth[..., 1], mouth[..., 2]), 70))
    return 1.0 if whole < _LEAST_COLOUR else colour / whole
