"""Whether eyes, nose and mouth of a portrait are uncovered, as far as colours tell. Pure.

Seen: masks of a colour that the skin between the eyes does not have, down to the chin; dark glasses; a cap or
a hand only where they hide the eyes; anything smooth over mouth or eyes. Not seen, so a person looks: clear
visors and glasses, covers of the colour of the skin with folds, a hand over the mouth, a cap over the
forehead (it looks like hair), and colours in photographs without colour. A beard is no cover: it darkens the
skin towards grey below the cheeks, and leaves a mouth.
"""

from __future__ import annotations

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
_EYES: tuple[Patch, ...] = ((slice(38, 52), slice(30, 50)), (slice(38, 52), slice(78, 98)))
_LEAST_COLOUR = 8.0  # of the skin: with less, nothing about fading can be told


@dataclass(frozen=True, slots=True)
class CoverSettings:
    """From which figures on something is covered."""

    cheek_colour: float = 13.0
    """Distance in the a*b* plane between the cheeks and the skin between the eyes."""
    mouth_colour: float = 17.0
    """The same around the mouth, after what darkness and a beard explain."""
    mouth_relief: float = 0.06
    """Least change from row to row at the mouth, as a share of the lightness of the cheeks."""
    eye_relief: float = 0.05
    """Least deviation of lightness in an eye, as a share of that of the cheeks."""
    eye_light: float = 0.6
    """Least lightness of the light parts of the lighter eye (lids, white), as a share of the cheeks'."""
    lips_colour: float = 0.45
    """Least colour of the lips, as a share of that of the skin between the eyes: 0.9 in portraits."""


@dataclass(frozen=True, slots=True)
class Covering:
    """The figures behind, in the units of `CoverSettings`."""

    cheek_colour: float
    mouth_colour: float
    mouth_relief: float
    eye_relief: float
    eye_light: float
    lips_colour: float


def covering_of(portrait: Portrait) -> Covering:
    """Measure a portrait."""
    lab = portrait.lab
    skin, cheeks, around = (_median(lab, p) for p in ((_BETWEEN_EYES,), _CHEEKS, _AROUND_MOUTH))
    light = lab[..., 0]
    bright = max(float(cheeks[0]), 5.0)
    rows = np.abs(cv2.Sobel(light, cv2.CV_32F, 0, 1, ksize=3))[_MOUTH] / 4
    return Covering(
        cheek_colour=float(np.hypot(*(cheeks - skin)[1:])),
        mouth_colour=_unlike(around[1:], skin[1:]),
        mouth_relief=float(rows.mean()) / bright,
        eye_relief=min(float(light[eye].std()) for eye in _EYES) / bright,
        eye_light=max(float(np.percentile(light[eye], 85)) for eye in _EYES) / bright,
        lips_colour=_kept(lab[_MOUTH], skin[1:]),
    )


def is_covered(found: Covering, settings: CoverSettings, *, lit: bool, sharp: bool) -> bool:
    """Whether something that should be seen is not.

    In a portrait that is not well `lit` only strange colours count; relief only in a `sharp` one.
    """
    coloured = found.cheek_colour > settings.cheek_colour or found.mouth_colour > settings.mouth_colour
    faded = found.eye_light < settings.eye_light or found.lips_colour < settings.lips_colour
    smooth = found.mouth_relief < settings.mouth_relief or found.eye_relief < settings.eye_relief
    return coloured or (lit and (faded or (sharp and smooth)))


def _median(lab: NDArray[np.float32], patches: tuple[Patch, ...]) -> NDArray[np.float32]:
    return np.asarray(np.median(np.concatenate([lab[p].reshape(-1, 3) for p in patches]), axis=0), np.float32)


def _unlike(colour: NDArray[np.float32], skin: NDArray[np.float32]) -> float:
    """Distance to the nearest of skin, grey and all between, where shadow and beards are."""
    length = float(skin @ skin)
    share = 0.0 if length == 0 else min(max(float(colour @ skin) / length, 0.0), 1.3)
    return float(np.hypot(*(colour - share * skin)))


def _kept(mouth: NDArray[np.float32], skin: NDArray[np.float32]) -> float:
    """Lips have colour, also between a beard and teeth; a black, grey or white mask has none."""
    whole = float(np.hypot(*skin))
    colour = float(np.percentile(np.hypot(mouth[..., 1], mouth[..., 2]), 85))
    return 1.0 if whole < _LEAST_COLOUR else colour / whole
