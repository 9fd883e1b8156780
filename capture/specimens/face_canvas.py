"""What a face is drawn on: places in shares of the face, and soft blended shapes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey
from capture.specimens.face import Face, Shot, Tint
from capture.specimens.noise import Plane

WIDTH, HEIGHT = 384, 480
"""Pixels that a face is drawn in, before it is framed."""
Points = Sequence[tuple[float, float]]


def darker(tint: Tint, share: float) -> Tint:
    """So much of it."""
    return (tint[0] * share, tint[1] * share, tint[2] * share)


class Canvas:
    """One drawing. Coordinates (u, v): -1 to 1 over the face's half width and half height, turned by yaw."""

    def __init__(self, face: Face, shot: Shot) -> None:
        self.face, self.shot = face, shot
        self.sheet: Plane = np.full((HEIGHT, WIDTH, 3), shot.background, dtype=np.float32)
        self.centre = (WIDTH / 2, HEIGHT * 0.46)
        self.half = (104 * face.wide, 136 * face.long)

    def at(self, u: float, v: float, depth: float = 1.0) -> tuple[int, int]:
        """A point of the face in pixels × 8. `depth`: how much it moves when the head turns."""
        round_off = max(0.0, 1 - u * u) ** 0.5
        x = self.centre[0] + self.half[0] * (
            u * (1 - 0.12 * abs(self.shot.yaw)) + 0.34 * self.shot.yaw * round_off * depth
        )
        return round(x * 8), round((self.centre[1] + self.half[1] * v) * 8)

    def polygon(self, points: Points, depth: float = 1.0) -> NDArray[np.int32]:
        return np.array([self.at(u, v, depth) for u, v in points], dtype=np.int32)

    def fill(self, points: NDArray[np.int32], tint: Tint, strength: float = 1.0, soft: float = 0.0) -> None:
        """Blend a filled polygon in; `soft`: pixels of blur of its edge."""
        mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
        cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, 3)
        self.blend(mask, tint, strength, soft)

    def blend(self, mask: Grey, tint: Tint, strength: float = 1.0, soft: float = 0.0) -> None:
        left, top, width, height = cv2.boundingRect(mask)
        if not width:
            return
        pad = round(3 * soft) + 1
        rows = slice(max(0, top - pad), min(HEIGHT, top + height + pad))
        columns = slice(max(0, left - pad), min(WIDTH, left + width + pad))
        part = mask[rows, columns]
        if soft:
            part = np.asarray(cv2.GaussianBlur(part, (0, 0), soft), dtype=np.uint8)
        share = (part.astype(np.float32) * (strength / 255))[..., None]
        region = self.sheet[rows, columns]
        region += (np.asarray(tint, dtype=np.float32) - region) * share

    def outline(self, grow: float = 1.0) -> NDArray[np.int32]:
        """The head: an ellipse whose lower half narrows to the jaw."""
        angle = np.linspace(0, 2 * np.pi, 72)
        u, v = np.cos(angle), np.sin(angle)
        narrow = np.where(v > 0, 1 - (1 - self.face.jaw) * np.abs(v) ** 1.6, 1 - 0.06 * v**2)
        return self.polygon([(a * b * grow, c * grow) for a, b, c in zip(u, narrow, v, strict=True)], 0.35)
