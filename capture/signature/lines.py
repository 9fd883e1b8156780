"""How a line runs: straight, bent, turned. Pure. Points in pixels, angles in degrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capture.signature.graph import Points, length_of

_SOFT = 0.08
"""Share of a line over which its trembling is smoothed."""
_EVEN = 24
"""Points in which the turns of a line are counted."""


def even(points: Points, count: int = _EVEN, softness: float = _SOFT) -> Points:
    """As many points, equally far apart along the line smoothed over that share of it."""
    soft = _soft(points, softness)
    steps = np.hypot(*np.diff(soft, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, soft[:, axis]) for axis in (0, 1)], axis=1)


def _soft(points: Points, softness: float) -> Points:
    reach = max(1, round(softness * len(points)))
    if len(points) < 2 * reach + 1:
        return points
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    padded = np.concatenate(
        [2 * points[0] - points[reach:0:-1], points, 2 * points[-1] - points[-2 : -reach - 2 : -1]]
    )
    return np.stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)], axis=1)


def bend(points: Points) -> float:
    """How far the line leaves the way between its ends, in lengths of it; infinite when it comes back."""
    chord = points[-1] - points[0]
    long = float(np.hypot(*chord))
    if long <= 0.2 * length_of(points):
        return float("inf")
    return float(np.abs(_beside(points, chord / long)).max()) / long


def detour(points: Points) -> float:
    """Length of the way in lengths of the line between its ends."""
    return length_of(points) / max(float(np.hypot(*(points[-1] - points[0]))), 1e-6)


def corner(points: Points, reach: int) -> int:
    """Where the line turns most, of points that have `reach` others on both sides."""
    before = points[reach:-reach] - points[: -2 * reach]
    after = points[2 * reach :] - points[reach:-reach]
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    turns = np.abs(np.arctan2(cross, (before * after).sum(axis=1)))
    return reach + int(turns.argmax())


def _beside(points: Points, along: NDArray[np.float64]) -> NDArray[np.float64]:
    away = points - points[0]
    return np.asarray(away[:, 0] * along[1] - away[:, 1] * along[0])


def turning(points: Points) -> float:
    """All turns of the line added up, to whatever side."""
    steps = np.diff(even(points), axis=0)
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return float(np.degrees(np.abs(np.diff(headings)).sum()))


def angle(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Between two directions, 0 to 180."""
    long = float(np.hypot(*first) * np.hypot(*second))
    return float(np.degrees(np.arccos(np.clip(first @ second / long, -1, 1)))) if long else 0.0


def spread(points: Points) -> tuple[float, float]:
    """Extent along the main direction of the points, and across it."""
    away = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(away.T @ away)
    turned = away @ axes
    across, along = turned.max(axis=0) - turned.min(axis=0)
    return float(along), float(across)
