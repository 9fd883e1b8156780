"""How well the sides of a quadrilateral lie on edges of the picture, and where exactly those edges are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential.quads import Corners, crossing
from capture.imaging.picture import Pixels

_SAMPLES = 48  # of a side
_REACH = 2  # pixels by which a side may miss its edge
_ENDS = 0.08  # of a side, left out at each end: the corners are round
_LEAST = 1.4  # levels a pixel that count as an edge where the picture is quiet
_OVER_NOISE = 2.5  # times the usual slope of the picture
_MOST = 5.0  # levels a pixel that always count
_WEIGHTS = np.array([1, 2, 2], np.float32)


@dataclass(frozen=True, slots=True)
class Slopes:
    """The steepest change over the channels of a picture: levels a pixel along x and along y."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    least: float

    def across(self, points: NDArray[Any], normals: NDArray[Any]) -> NDArray[np.float32]:
        """Change along `normals` at `points` (both … × 2); 0 outside the picture."""
        height, width = self.x.shape
        columns, rows = np.rint(points[..., 0]).astype(int), np.rint(points[..., 1]).astype(int)
        inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        columns, rows = np.clip(columns, 0, width - 1), np.clip(rows, 0, height - 1)
        change = self.x[rows, columns] * normals[..., 0] + self.y[rows, columns] * normals[..., 1]
        return np.asarray(change * inside, np.float32)


def slopes(lab: Pixels) -> Slopes:
    """Of L, a, b; colour counts double, for its steps are small."""
    smooth = cv2.GaussianBlur(lab, (5, 5), 0).astype(np.float32) * _WEIGHTS
    along = np.asarray(cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32)
    down = np.asarray(cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32)
    best = np.argmax(along * along + down * down, axis=2)[:, :, None]
    x, y = np.take_along_axis(along, best, 2)[:, :, 0], np.take_along_axis(down, best, 2)[:, :, 0]
    size = np.hypot(x[::4, ::4], y[::4, ::4])
    return Slopes(x, y, min(_MOST, max(_LEAST, _OVER_NOISE * float(np.median(size)))))


def _sampled(quads: NDArray[Any], reach: int, samples: int = _SAMPLES) -> tuple[NDArray[Any], NDArray[Any]]:
    """Points (n × side × sample × offset × 2) about the sides, and the normals there."""
    starts, ends = quads[:, :, None, :], np.roll(quads, -1, axis=1)[:, :, None, :]
    along = np.linspace(_ENDS, 1 - _ENDS, samples)[None, None, :, None]
    directions = (ends - starts) / np.maximum(np.linalg.norm(ends - starts, axis=3, keepdims=True), 1e-6)
    normals = np.concatenate([directions[..., 1:], -directions[..., :1]], axis=3)[:, :, :, None, :]
    offsets = np.arange(-reach, reach + 1)[None, None, None, :, None]
    points = (starts + (ends - starts) * along)[:, :, :, None, :] + normals * offsets
    return points, np.broadcast_to(normals, points.shape)


def support(found: Slopes, quads: NDArray[Any], samples: int = _SAMPLES) -> NDArray[np.float32]:
    """n × 4: the share of each side that lies on an edge, 0 to 1. An edge keeps its sign along a side."""
    points, normals = _sampled(np.asarray(quads, np.float32).reshape(-1, 4, 2), _REACH, samples)
    change = found.across(points, normals)
    lit = (change > found.least).any(axis=3).mean(axis=2)
    shaded = (change < -found.least).any(axis=3).mean(axis=2)
    return np.asarray(np.maximum(lit, shaded), np.float32)


def refined(found: Slopes, corners: Corners, reach: int) -> Corners:
    """The corners where lines through the strongest edges about each side cross."""
    points, normals = _sampled(corners[None], reach)
    change = found.across(points, normals)[0]
    lines = [_line(points[0, side], change[side], found.least) for side in range(4)]
    if any(line is None for line in lines):
        return corners
    made = [crossing(lines[side - 1], lines[side]) for side in range(4)]  # type: ignore[arg-type]
    moved = np.asarray(made, np.float32)
    return moved if np.abs(moved - corners).max() < 4 * reach else corners


def _line(points: NDArray[Any], change: NDArray[Any], least: float) -> NDArray[Any] | None:
    sign = 1 if (change > least).sum() >= (change < -least).sum() else -1
    best = np.argmax(sign * change, axis=1)
    rows = np.arange(len(best))
    strong = sign * change[rows, best] > least
    chosen = points[rows, best][strong].astype(np.float32)
    for _ in range(2):
        if len(chosen) < _SAMPLES // 5:
            return None
        dx, dy, x, y = cv2.fitLine(chosen, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        line = np.asarray((-dy, dx, -dy * x + dx * y), np.float64)
        away = np.abs(chosen @ line[:2] - line[2])
        chosen = chosen[away <= max(1.0, 1.5 * float(np.median(away)))]
    return line
