"""A face that is nobody's (`Face`) apart from how it is photographed (`Shot`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Tint = tuple[float, float, float]
"""Blue, green, red; 0 to 255."""
_SKINS = ((150, 180, 222), (120, 155, 205), (98, 134, 188), (78, 112, 165), (62, 92, 140), (135, 170, 214))
_HAIRS = ((24, 24, 28), (30, 38, 52), (36, 52, 78), (120, 122, 126), (70, 74, 80))
_EYES = ((30, 42, 60), (24, 30, 42), (52, 80, 92))


@dataclass(frozen=True, slots=True)
class Face:
    """Measures in shares of the face's half width or half height; tints. Fixed for a person."""

    skin: Tint
    hair: Tint
    eye: Tint
    wide: float
    long: float
    jaw: float
    eyes_apart: float
    eye_size: float
    eye_slant: float
    brow_lift: float
    brow_thick: float
    brow_slant: float
    nose_long: float
    nose_wide: float
    mouth_wide: float
    lips: float
    mouth_down: float
    hair_long: bool
    hair_line: float
    parting: float
    beard: float
    moustache: bool
    age: float
    texture: int
    """Seed of the skin's marks."""


@dataclass(frozen=True, slots=True)
class Shot:
    """How it is photographed. `yaw`: -1 (to the left of the picture) to 1; `light`: from where, so too."""

    background: Tint = (235, 235, 235)
    yaw: float = 0.0
    roll: float = 0.0
    """Degrees."""
    light: float = 0.0
    smile: float = 0.0
    shirt: Tint = (90, 80, 70)
    size: float = 1.0


def invent_face(numbers: np.random.Generator, *, woman: bool, age: int = 35) -> Face:
    """A new face."""

    def between(low: float, high: float) -> float:
        return float(numbers.uniform(low, high))

    def one(options: tuple[Tint, ...]) -> Tint:
        base, away = options[int(numbers.integers(len(options)))], between(-9, 9)
        return (base[0] + away, base[1] + away, base[2] + away)

    grey = age > 58 and numbers.random() < 0.7
    return Face(
        skin=one(_SKINS),
        hair=one(_HAIRS[3:]) if grey else one(_HAIRS[:3]),
        eye=one(_EYES),
        wide=between(0.78, 1.2),
        long=between(0.86, 1.14),
        jaw=between(0.62, 0.8) if woman else between(0.72, 0.98),
        eyes_apart=between(0.36, 0.53),
        eye_size=between(0.62, 1.35),
        eye_slant=between(-0.3, 0.3),
        brow_lift=between(0.13, 0.3),
        brow_thick=between(0.35, 1.3) if woman else between(0.7, 2.4),
        brow_slant=between(-0.45, 0.45),
        nose_long=between(0.3, 0.55),
        nose_wide=between(0.13, 0.36),
        mouth_wide=between(0.22, 0.5),
        lips=between(0.6, 2.0) if woman else between(0.35, 1.5),
        mouth_down=between(0.53, 0.7),
        hair_long=woman and numbers.random() < 0.75,
        hair_line=between(0.62, 0.84),
        parting=between(-0.45, 0.45),
        beard=0.0 if woman else max(0.0, between(-0.6, 0.8)),
        moustache=not woman and numbers.random() < 0.35,
        age=min(1.0, max(0.0, (age - 25) / 50)),
        texture=int(numbers.integers(2**31)),
    )
