"""What an engine of faces does. An institute that has its own puts it behind these two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Box, Pixels

Embedding = NDArray[np.float32]
"""A vector of length 1."""
EMBEDDING_SIZE = 128


@dataclass(frozen=True, slots=True)
class Point:
    """In pixels of the image, from its upper left."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Face:
    """A face in an image. Left and right are those of the image. All in pixels.

    The box may reach over the edges of the image.
    """

    left: float
    top: float
    width: float
    height: float
    sure: float
    """0 to 1."""
    left_eye: Point
    right_eye: Point
    nose: Point
    mouth_left: Point
    mouth_right: Point

    @property
    def offset(self) -> float:
        """How far the nose is from the middle of the eyes, along their line, in widths of the face.

        Negative: to the left of the image. About 0 from the front; turning the head moves it, tilting the
        head or a flat photograph hardly does.
        """
        return self._along(self.nose) / max(self.width, 1.0)

    @property
    def roll(self) -> float:
        """Degrees that the line of the eyes is off level; positive: clockwise."""
        return math.degrees(
            math.atan2(self.right_eye.y - self.left_eye.y, self.right_eye.x - self.left_eye.x)
        )

    @property
    def drop(self) -> float:
        """Where the nose is between the line of the eyes (0) and that of the mouth (1)."""
        mouth = Point(
            (self.mouth_left.x + self.mouth_right.x) / 2, (self.mouth_left.y + self.mouth_right.y) / 2
        )
        return self._across(self.nose) / max(self._across(mouth), 1.0)

    def box(self, pixels: Pixels) -> Box:
        """Where it is, within the image."""
        height, width = pixels.shape[:2]
        left, top = _share(self.left, width), _share(self.top, height)
        right, bottom = _share(self.left + self.width, width), _share(self.top + self.height, height)
        return Box(left, top, right - left, bottom - top)

    def _eyes(self) -> tuple[float, float, float]:
        along, down = self.right_eye.x - self.left_eye.x, self.right_eye.y - self.left_eye.y
        return along, down, max(math.hypot(along, down), 1e-6)

    def _along(self, point: Point) -> float:
        along, down, apart = self._eyes()
        x = point.x - (self.left_eye.x + self.right_eye.x) / 2
        y = point.y - (self.left_eye.y + self.right_eye.y) / 2
        return (x * along + y * down) / apart

    def _across(self, point: Point) -> float:
        along, down, apart = self._eyes()
        x = point.x - (self.left_eye.x + self.right_eye.x) / 2
        y = point.y - (self.left_eye.y + self.right_eye.y) / 2
        return (y * along - x * down) / apart


def _share(pixels: float, whole: int) -> float:
    return min(max(pixels / whole, 0.0), 1.0)


class Detector(Protocol):
    """Finds faces."""

    @property
    def engine(self) -> str:
        """Name and version."""

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """All of them, the largest first. The same image, the same faces."""


class Embedder(Protocol):
    """Turns a face into a vector: the more alike two faces, the greater the cosine of their vectors."""

    @property
    def engine(self) -> str:
        """Name and version. Vectors of different engines are not comparable."""

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """EMBEDDING_SIZE numbers, of length 1."""
