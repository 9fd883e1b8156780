"""The rules for the live photograph (002 §4.6): alone, from the front, uncovered, sharp, well lit, large
enough.

Photographs that break them are shown to a person with the reason; nobody is turned away by a program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from capture.face.covering import CoverSettings, covering_of, is_covered
from capture.face.portrait import Portrait, portrait_of, sharpness
from capture.face.ports import Face
from capture.imaging.picture import Pixels
from capture.reading.results import FaceDefect


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """What a live photograph must have."""

    width: float = 100.0
    """Least pixels that a face is wide."""
    other_width: float = 0.3
    """From which share of the width of the largest face on another one counts."""
    other_sure: float = 0.8
    """From which score on another one counts, 0 to 1."""
    offset: float = 0.09
    """Most that the nose is off the middle, in widths of the face."""
    roll: float = 20.0
    """Most degrees that the head is tilted."""
    drop: tuple[float, float] = (0.25, 0.85)
    """Where the nose is between eyes and mouth: looking up and down."""
    sharpness: float = 0.055
    """Least, as in `capture.face.portrait.sharpness`."""
    relief_sharpness: float = 0.075
    """From here on missing relief means a cover, not blur."""
    dark: float = 22.0
    """Least lightness of the face, of 100."""
    glaring: float = 97.0
    """Most lightness of the face's lighter quarter, of 100."""
    contrast: float = 9.0
    """Least lightness between the tenth and the ninetieth hundredth of the face."""
    sides: float = 0.3
    """Least lightness of the darker half of the face, as a share of the other."""
    cover: CoverSettings = field(default_factory=CoverSettings)


def judge(
    pixels: Pixels, faces: tuple[Face, ...], settings: LiveSettings
) -> tuple[tuple[FaceDefect, ...], Mapping[str, float]]:
    """The broken rules, in the order of FaceDefect, and the figures behind. `faces`: largest first."""
    if not faces:
        return (FaceDefect.NONE,), {}
    face = faces[0]
    portrait = portrait_of(pixels, face)
    sharp = sharpness(portrait)
    broken = {
        FaceDefect.SEVERAL: any(_counts(other, face, settings) for other in faces[1:]),
        FaceDefect.NOT_FRONTAL: not _is_frontal(face, settings),
        FaceDefect.BLURRED: sharp < settings.sharpness,
        FaceDefect.DARK: not _is_well_lit(portrait, settings),
        FaceDefect.SMALL: face.width < settings.width,
    }
    covering = covering_of(portrait)
    lit = not broken[FaceDefect.DARK]
    broken[FaceDefect.COVERED] = is_covered(
        covering, settings.cover, lit=lit, sharp=sharp >= settings.relief_sharpness
    )
    figures = {
        "faces": float(len(faces)),
        "offset": face.offset,
        "roll": face.roll,
        "drop": face.drop,
        "width": face.width,
        "sharpness": sharp,
        **{name: float(getattr(covering, name)) for name in covering.__slots__},
    }
    return tuple(d for d in FaceDefect if broken.get(d)), figures


def _counts(other: Face, face: Face, settings: LiveSettings) -> bool:
    return other.width >= face.width * settings.other_width and other.sure >= settings.other_sure


def _is_frontal(face: Face, settings: LiveSettings) -> bool:
    least, most = settings.drop
    level = abs(face.roll) <= settings.roll
    return abs(face.offset) <= settings.offset and level and least <= face.drop <= most


def _is_well_lit(portrait: Portrait, settings: LiveSettings) -> bool:
    light = portrait.lab[16:116, 24:104, 0]
    low, middle, quarter, high = np.percentile(light, (10, 50, 75, 90))
    halves = sorted((float(np.median(light[:, :40])), float(np.median(light[:, 40:]))))
    even = halves[0] >= settings.sides * halves[1]
    lit = middle >= settings.dark and quarter <= settings.glaring
    return bool(lit and high - low >= settings.contrast and even)
