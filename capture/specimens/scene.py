"""A flat thing on a table before the camera of a phone: where its points land, what lies around it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey, Pixels
from capture.specimens.noise import Plane, clouds

Matrix = NDArray[np.float64]
"""3 × 3, from pixels of the card to pixels of the photograph."""
PHOTO = (1920, 1440)
"""Width and height of a photograph, in pixels."""
_CORNER = 58
"""Pixels of radius of the round corners of ID-1 (3.18 mm) on a card 1586 wide."""
_TABLES = (
    ((92, 128, 168), 0.22),
    ((60, 72, 88), 0.12),
    ((196, 200, 202), 0.05),
    ((70, 96, 74), 0.10),
    ((120, 86, 64), 0.16),
)
"""Blue, green, red of a table, and how strong its grain is."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """`card`: where the card's pixels land, for a card of `size` (width, height) pixels."""

    pixels: Pixels
    card: Matrix
    size: tuple[int, int]

    @property
    def corners(self) -> NDArray[np.float64]:
        """Upper left, upper right, lower right, lower left of the card, as (x, y) in the photograph."""
        width, height = self.size
        ends = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], dtype=np.float64)
        return np.asarray(cv2.perspectiveTransform(ends, self.card)[0], dtype=np.float64)

    def with_pixels(self, pixels: Pixels) -> Photograph:
        """The same place with other pixels of the same size."""
        return replace(self, pixels=pixels)

    def moved(self, step: Matrix, size: tuple[int, int], method: int = cv2.INTER_LINEAR) -> Photograph:
        """The whole photograph under another transformation, in (width, height) pixels."""
        pixels = cv2.warpPerspective(self.pixels, step, size, flags=method, borderMode=cv2.BORDER_REPLICATE)
        return Photograph(np.asarray(pixels, dtype=np.uint8), step @ self.card, self.size)


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees of turn in the plane and of tilt about both axes, and the share of the width that it takes."""

    turn: float = 0.0
    tilt_x: float = 0.0
    tilt_y: float = 0.0
    share: float = 0.8
    shift: tuple[float, float] = (0.0, 0.0)
    """Of its middle, in shares of the photograph."""


def casual(numbers: np.random.Generator, turn: float = 3.0, tilt: float = 7.0) -> Pose:
    """As somebody who takes care holds a phone; degrees at most."""
    return Pose(
        turn=float(numbers.uniform(-turn, turn)),
        tilt_x=float(numbers.uniform(-tilt, tilt)),
        tilt_y=float(numbers.uniform(-tilt, tilt)),
        share=float(numbers.uniform(0.72, 0.84)),
        shift=(float(numbers.uniform(-0.02, 0.02)), float(numbers.uniform(-0.02, 0.02))),
    )


def matrix(size: tuple[int, int], pose: Pose, photo: tuple[int, int] = PHOTO) -> Matrix:
    """Where a thing of (width, height) pixels lands before a pinhole camera."""
    turn, x, y = np.radians((pose.turn, pose.tilt_x, pose.tilt_y))
    flat = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    scale = pose.share * photo[0] / size[0]
    centred = np.array([[scale, 0, -scale * size[0] / 2], [0, scale, -scale * size[1] / 2], [0, 0, 1]])
    turned = about_x @ about_y @ flat
    away = 1.35 * photo[0]  # focal length and distance alike, in pixels
    planar = np.array([turned[0, [0, 1]], turned[1, [0, 1]], turned[2, [0, 1]]])
    place = np.column_stack((planar, (0.0, 0.0, away)))
    middle = (photo[0] * (0.5 + pose.shift[0]), photo[1] * (0.5 + pose.shift[1]))
    camera = np.array([[away, 0, middle[0]], [0, away, middle[1]], [0, 0, 1]])
    made = camera @ place @ centred
    return np.asarray(made / made[2, 2], dtype=np.float64)


def table(numbers: np.random.Generator, photo: tuple[int, int] = PHOTO) -> Pixels:
    """A surface with a grain along it, evenly lit."""
    tint, strength = _TABLES[int(numbers.integers(len(_TABLES)))]
    width, height = photo[0] // 2, photo[1] // 2
    streaks = cv2.resize(clouds(numbers, 24, height, 4), (width, height), interpolation=cv2.INTER_LINEAR)
    grain = 1 + strength * (
        0.6 * streaks + 0.3 * clouds(numbers, width, height, 6) + 0.35 * clouds(numbers, width, height, 220)
    )
    made = np.clip(grain[..., None] * np.asarray(tint, dtype=np.float32), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(made, photo, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def lay(thing: Pixels, under: Pixels, where: Matrix, *, corners: int = _CORNER) -> Pixels:
    """Lay a thing on a surface, with the shadow of its edge. `corners`: radius in its own pixels."""
    size = (under.shape[1], under.shape[0])
    mask = cv2.warpPerspective(
        _shape(thing.shape[1], thing.shape[0], corners), where, size, flags=cv2.INTER_LINEAR
    )
    shadow = cv2.GaussianBlur(cv2.warpAffine(mask, np.array([[1.0, 0, 6], [0, 1.0, 9]]), size), (0, 0), 7)
    dimmed = _multiplied(under, 1 - shadow.astype(np.float32) * (0.45 / 255))
    warped = cv2.warpPerspective(thing, where, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.cvtColor(mask, cv2.COLOR_GRAY2BGR)
    over = cv2.multiply(warped, share, scale=1 / 255)
    return np.asarray(cv2.add(over, cv2.multiply(dimmed, 255 - share, scale=1 / 255)), dtype=np.uint8)


def lit(pixels: Pixels, numbers: np.random.Generator) -> Pixels:
    """Unevenly lit by a lamp of some colour, as indoors."""
    height, width = pixels.shape[:2]
    slope = numbers.uniform(-0.1, 0.1, 2)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.float32(slope[0])
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(slope[1])
    light = np.float32(numbers.uniform(0.88, 1.02)) + across + down
    warmth = numbers.uniform(-0.05, 0.05)
    tints = np.array([1 - warmth, 1, 1 + warmth], dtype=np.float32)
    return _multiplied(pixels, light[..., None] * tints)


def _shape(width: int, height: int, radius: int) -> Grey:
    made = np.zeros((height, width), dtype=np.uint8)
    if not radius:
        made[:] = 255
        return made
    cv2.rectangle(made, (radius, 0), (width - 1 - radius, height - 1), 255, -1)
    cv2.rectangle(made, (0, radius), (width - 1, height - 1 - radius), 255, -1)
    for x in (radius, width - 1 - radius):
        for y in (radius, height - 1 - radius):
            cv2.circle(made, (x, y), radius, 255, -1, cv2.LINE_AA)
    return made


def _multiplied(pixels: Pixels, light: Plane) -> Pixels:
    """Each pixel times its share; the plane may have one channel or three."""
    share = light if light.ndim == 3 else cv2.cvtColor(light, cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.multiply(pixels, share, dtype=cv2.CV_8U), dtype=np.uint8)
