"""The colours of a drawn head, and what it wears. Pure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tests.capture.face.head_features import Colour, HeadFeatures, HeadLook
from tests.capture.face.head_surface import Field, Surface, bell, inside, oval

Colours = NDArray[np.float64]


def painted(features: HeadFeatures, surface: Surface) -> Colours:
    """Skin with eyes, brows, nose, mouth and beard: rows × columns × 3."""
    skin = np.asarray(features.skin)
    colours: Colours = np.broadcast_to(skin, (*surface.x.shape, 3)).copy()
    x, y, front = surface.x, surface.y, surface.front
    colours = over(colours, 0.25 * bell(abs(x), y, (0.42, 0.18), (0.2, 0.2)) * front, skin * (0.85, 0.8, 1.1))
    if features.beard:
        bare = 1 - oval(x, y, (0, features.mouth_y), (features.mouth[0] * 1.15, 0.09))
        grown = inside(-(y - 0.35 - 0.3 * x**2), 0.05)
        colours = over(colours, features.beard * grown * bare * front, np.asarray(features.hair))
    for side in (-1, 1):
        colours = _eye(colours, features, surface, side)
        colours = _brow(colours, features, surface, side)
    return _mouth(_nose(colours, features, surface), features, surface)


def over(colours: Colours, share: Field, paint: NDArray[np.float64] | Colour) -> Colours:
    """`paint` laid on, opaque where `share` is 1."""
    covering = share[..., None]
    return np.asarray(colours * (1 - covering) + covering * np.asarray(paint))


def _eye(colours: Colours, features: HeadFeatures, surface: Surface, side: int) -> Colours:
    x, y, front = surface.x, surface.y, surface.front
    centre, (wide, high) = (side * features.eye_x, features.eye_y), features.eye_size
    skin = np.asarray(features.skin)
    colours = over(colours, 0.35 * oval(x, y, centre, (wide * 1.45, high * 2.2), 0.2) * front, skin * 0.6)
    opening = oval(x, y, centre, (wide, high), 0.05) * front
    colours = over(colours, opening, (235.0, 238.0, 240.0))
    colours = over(colours, opening * oval(x, y, centre, (high, high)), features.iris)
    colours = over(colours, opening * oval(x, y, centre, (high * 0.45, high * 0.45)), (8.0, 8.0, 8.0))
    spark = (centre[0] - 0.012, centre[1] - 0.018)
    colours = over(colours, opening * oval(x, y, spark, (high * 0.16, high * 0.16)), (255.0, 255.0, 255.0))
    rim = np.abs(np.hypot((x - centre[0]) / wide, (y - centre[1]) / high) - 1.03)
    colours = over(colours, inside(rim - 0.12, 0.05) * (y < centre[1] + 0.01) * front, skin * 0.22)
    return over(colours, 0.5 * inside(rim - 0.08, 0.05) * (y >= centre[1] + 0.01) * front, skin * 0.5)


def _brow(colours: Colours, features: HeadFeatures, surface: Surface, side: int) -> Colours:
    outward = (surface.x - side * features.eye_x) * side
    thick, slope = features.brow
    middle = features.brow_y + slope * outward * 3 - 0.05 * (1 - (outward / 0.16) ** 2)
    thinner = thick * (1 - 0.4 * np.clip(outward / 0.16, -1, 1))
    share = inside(np.abs(surface.y - middle) - thinner, 0.008) * inside(np.abs(outward) - 0.165, 0.012)
    return over(colours, share * surface.front, np.asarray(features.hair) * 0.9)


def _nose(colours: Colours, features: HeadFeatures, surface: Surface) -> Colours:
    x, y, front, (wide, _) = surface.x, surface.y, surface.front, features.nose
    skin, nose_y = np.asarray(features.skin), features.nose_y
    half = (features.eye_y + nose_y) / 2
    holes = oval(abs(x), y, (wide * 0.5, nose_y + 0.035), (0.035, 0.018), 0.25)
    colours = over(colours, 0.85 * holes * front, skin * 0.3)
    colours = over(colours, 0.3 * bell(abs(x), y, (wide * 1.05, nose_y - 0.01), (0.025, 0.05)), skin * 0.5)
    colours = over(colours, 0.35 * bell(abs(x), y, (wide * 0.75, half), (0.03, 0.14)) * front, skin * 0.72)
    light = np.clip(skin * 1.15, 0, 255)
    colours = over(colours, 0.25 * bell(x, y, (0, half), (0.03, 0.16)) * front, light)
    return over(colours, 0.4 * bell(x, y, (0, nose_y + 0.06), (wide * 0.7, 0.02)) * front, skin * 0.6)


def _mouth(colours: Colours, features: HeadFeatures, surface: Surface) -> Colours:
    x, y, front = surface.x, surface.y, surface.front
    mouth_y, (wide, high) = features.mouth_y, features.mouth
    lips, skin = np.asarray(features.lips), np.asarray(features.skin)
    arch = high * 1.15 * np.sqrt(np.clip(1 - (x / wide) ** 2, 0, 1))
    colours = over(
        colours, inside(abs(x) - wide, 0.01) * inside(abs(y - mouth_y) - arch, 0.006) * front, lips
    )
    line = inside(abs(y - mouth_y - 0.01 * np.cos(x / wide * 3)) - 0.008, 0.004)
    colours = over(colours, 0.9 * line * inside(abs(x) - wide * 0.98, 0.01) * front, lips * 0.35)
    below = bell(x, y, (0, mouth_y + high * 2), (wide * 0.6, 0.025))
    return over(colours, 0.3 * below * front, skin * 0.65)


def with_hair(colours: Colours, features: HeadFeatures, surface: Surface) -> tuple[Colours, Surface]:
    """Hair over the hairline and at the sides: it stands out a little."""
    top = inside(surface.y - (features.hairline + 0.45 * surface.x**2), 0.03)
    sides = inside(np.radians(78) - np.abs(surface.azimuth), 0.05) * inside(
        surface.y - features.side_hair, 0.05
    )
    share = np.maximum(top, sides)
    strands = 1 + 0.1 * share * np.sin(surface.azimuth * 60 + np.sin(surface.y * 20) * 2)
    out = 1 + 0.07 * share
    raised = replace(surface, x=surface.x * out, y=surface.y * (1 + 0.08 * top), z=surface.z * out)
    return over(colours, share, features.hair) * strands[..., None], raised


def dressed(colours: Colours, features: HeadFeatures, surface: Surface, look: HeadLook) -> Colours:
    """With the mask, the dark glasses and the cap of `look`."""
    x, y = surface.x, surface.y
    if look.mask is not None:
        upper = inside(-(y - (features.nose_y - 0.12 + 0.2 * x**2)), 0.01)
        colours = over(colours, upper * inside(np.abs(surface.azimuth) - np.radians(75), 0.05), look.mask)
    if look.glasses is not None:
        centre = (features.eye_x, features.eye_y + 0.01)
        colours = over(colours, oval(abs(x), y, centre, (0.21, 0.15), 0.05) * surface.front, look.glasses)
        bar = inside(abs(y - features.eye_y + 0.03) - 0.015, 0.008)
        colours = over(colours, bar, np.asarray(look.glasses))
    if look.cap is not None:
        colours = over(colours, inside(y - (features.brow_y - 0.03), 0.02), look.cap)
    return colours
