"""How a line runs: straight, bent, turned. Pure. Points in pixels, angles in degrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capture.signature.graph import Points, length_of

_SOFT = 0.08
"""Share of a line over which its trembling is smoothed."""
_EVEN = 24
"""Points in which the turns of a line are counted."""


def even(points: Points, count: int = _EVEN) -> Points:
    """As many points, equally far apart along the smoothed line."""
    soft = _soft(points)
    steps = np.hypot(*np.diff(soft, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, soft[:, axis]) for axis in (0, 1)], axis=1)


def _soft(points: Points) -> Points:
    reach = max(1, round(_SOFT * len(points)))
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


def corner(points: Points) -> int:
    """Where the line is farthest from the way between its ends."""
    chord = points[-1] - points[0]
    long = float(np.hypot(*chord))
    if long < 1e-6:
        return int(np.hypot(*(points - points[0]).T).argmax())
    return int(np.abs(_beside(points, chord / long)).argmax())


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
