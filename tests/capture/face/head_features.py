"""What makes one invented head differ from another, and how it looks in one photograph. Pure.

Lengths are shares of half the height of the head; x to the right, y down, z to the camera, origin between
the eyes and the nose. Colours are blue, green, red, 0 to 255.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class HeadFeatures:
    """One invented person."""

    skin: Colour
    hair: Colour
    iris: Colour
    lips: Colour
    half_width: float
    depth: float
    jaw: float
    """How much the head narrows at the chin."""
    eye_x: float
    eye_y: float
    eye_size: tuple[float, float]
    """Half the width and half the height of the opening."""
    brow_y: float
    brow: tuple[float, float]
    """Half the thickness, and the slope."""
    nose_y: float
    nose: tuple[float, float]
    """Half the width, and how far it stands out."""
    mouth_y: float
    mouth: tuple[float, float]
    """Half the width and half the height."""
    hairline: float
    side_hair: float
    """How far down the hair at the sides goes."""
    beard: float
    """How dark, 0 to 1."""


@dataclass(frozen=True, slots=True)
class HeadLook:
    """One photograph: degrees of `yaw` (positive: to the right of the image), `pitch` and `roll`."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    side: int = 360
    """Pixels of a side of the square image."""
    scale: float = 0.30
    """Half the height of the head as a share of the side."""
    centre: tuple[float, float] = (0.5, 0.5)
    light: tuple[float, float, float] = (-0.3, -0.4, 1.0)
    background: Colour = (205.0, 200.0, 190.0)
    clothes: Colour = (90.0, 60.0, 50.0)
    mask: Colour | None = None
    """Over nose and mouth."""
    glasses: Colour | None = None
    """Dark glasses."""
    cap: Colour | None = None
    """Down to the brows."""


def invent_head(random: Random) -> HeadFeatures:
    """A person that does not exist; the same `random`, the same head."""
    u = random.uniform
    tone = u(60, 190)
    green = tone + u(18, 38)
    skin = (tone, min(green, 225.0), min(green + u(24, 48), 240.0))
    dark = u(12, 75)
    nose_y, eye_y = u(0.18, 0.33), u(-0.17, -0.04)
    return HeadFeatures(
        skin=skin,
        hair=(dark, dark * u(1.0, 1.2), dark * u(1.1, 1.5)),
        iris=(u(20, 110), u(35, 85), u(30, 80)),
        lips=(skin[0] * u(0.5, 0.75), skin[1] * u(0.45, 0.7), skin[2] * u(0.75, 0.92)),
        half_width=u(0.66, 0.82),
        depth=u(0.85, 0.95),
        jaw=u(0.55, 1.1),
        eye_x=u(0.25, 0.35),
        eye_y=eye_y,
        eye_size=(u(0.09, 0.14), u(0.035, 0.062)),
        brow_y=eye_y - u(0.12, 0.19),
        brow=(u(0.014, 0.045), u(-0.07, 0.07)),
        nose_y=nose_y,
        nose=(u(0.085, 0.16), u(0.18, 0.28)),
        mouth_y=nose_y + u(0.17, 0.27),
        mouth=(u(0.17, 0.31), u(0.025, 0.07)),
        hairline=u(-0.78, -0.5),
        side_hair=u(0.0, 0.9),
        beard=u(0.3, 0.85) if random.random() > 0.7 else 0.0,
    )
