"""The surface of a drawn head: an ellipsoid with a nose, sockets, brows and lips in relief. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.capture.face.head_features import HeadFeatures

Field = NDArray[np.float64]
_AROUND, _UPWARD = 115.0, 88.0  # degrees to each side that are sampled


@dataclass(frozen=True, slots=True)
class Surface:
    """Samples by elevation and azimuth. `front` is 1 where paint of the face goes, 0 at the back."""

    x: Field
    y: Field
    z: Field
    azimuth: Field
    front: Field


def bell(x: Field, y: Field, centre: tuple[float, float], width: tuple[float, float]) -> Field:
    """A Gaussian of height 1."""
    along, down = (x - centre[0]) / width[0], (y - centre[1]) / width[1]
    return np.asarray(np.exp(-(along**2) - down**2))


def inside(distance: Field, softness: float) -> Field:
    """1 where `distance` is negative, 0 where it is positive, with an edge of `softness`."""
    return np.asarray(1 / (1 + np.exp(np.clip(distance / softness, -30, 30))))


def oval(
    x: Field, y: Field, centre: tuple[float, float], size: tuple[float, float], soft: float = 0.06
) -> Field:
    """1 inside an ellipse."""
    return inside(np.hypot((x - centre[0]) / size[0], (y - centre[1]) / size[1]) - 1, soft)


def surface_of(features: HeadFeatures, samples: int) -> Surface:
    """The shape of a head without hair. `samples` in each direction."""
    azimuth, elevation = np.meshgrid(
        np.radians(np.linspace(-_AROUND, _AROUND, samples)),
        np.radians(np.linspace(-_UPWARD, _UPWARD, samples)),
    )
    y = np.sin(elevation)
    narrowing = 1 - np.clip(y - 0.1, 0, None) * 0.28 * features.jaw
    x = features.half_width * np.sin(azimuth) * np.cos(elevation) * narrowing
    z = features.depth * np.cos(azimuth) * np.cos(elevation)
    front = inside(-z + 0.05, 0.05)
    return Surface(x, y, z + front * _relief(features, x, y), azimuth, front)


def _relief(features: HeadFeatures, x: Field, y: Field) -> Field:
    wide, out = features.nose
    nose_y, eye_y, mouth_y = features.nose_y, features.eye_y, features.mouth_y
    rise = np.clip((y - eye_y) / (nose_y - eye_y), 0, 1) * (y < nose_y)
    ridge = bell(x, y, (0, 0), (wide * 0.55, 1)) * rise * out * 0.8
    tip = out * bell(x, y, (0, nose_y - 0.03), (wide * 0.8, 0.075))
    wings = 0.5 * out * bell(abs(x), y, (wide * 0.8, nose_y), (0.05, 0.045))
    sockets = -0.07 * bell(abs(x), y, (features.eye_x, eye_y), (0.13, 0.07))
    brows = 0.05 * bell(x, y, (0, features.brow_y), (0.5, 0.07))
    lips = 0.05 * bell(x, y, (0, mouth_y), (features.mouth[0] * 0.9, 0.07))
    chin = 0.05 * bell(x, y, (0, 0.85), (0.2, 0.12))
    return np.asarray(np.maximum(ridge, tip) + wings + sockets + brows + lips + chin)
