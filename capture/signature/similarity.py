"""How like two signatures are, from 0 to 1: advice for a person, never a verdict. Pure.

No trained model is to be had, so this is a classical comparison: each drawing becomes a row of columns that
say how much of the pen's way runs in which direction at which height, and the columns of both are laid over
each other by dynamic time warping (Sakoe and Chiba 1978; on columns of handwriting: Rath and Manmatha 2003).
Place, size, thickness and colour play no part; a slant and an uneven stretch little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.signature.graph import Line, pieces_of
from capture.signature.ink import Ink
from capture.signature.settings import DEFAULT, LikenessSettings
from capture.signature.skeleton import drawn

_COLUMNS, _ROWS, _DIRECTIONS = 64, 24, 4
_EXTENT = 2.4
"""Standard deviations of the way of the pen on each side of its middle that the columns and rows cover."""
_BLUR = 1.6  # cells
_STEP = 2.0
"""Pixels of the way that are looked at together, which smooths its stairs."""
_BAND = 10
"""Columns that two places of the same signature may be apart."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`columns`: COLUMNS × features, of length 1 in all. `aspect`: how wide for how high."""

    columns: NDArray[np.float64]
    aspect: float


def similarity(one: Ink, other: Ink, settings: LikenessSettings = DEFAULT.likeness) -> float | None:
    """0 to 1, the same in both orders; None when one of them has no stroke."""
    first, second = shape_of(one), shape_of(other)
    if first is None or second is None:
        return None
    ratio = min(first.aspect, second.aspect) / max(first.aspect, second.aspect)
    alike = (_alike(first, second) - settings.strangers) / (settings.same - settings.strangers)
    return float(np.clip(alike, 0, 1)) * min(1.0, ratio / settings.aspect)


def shape_of(ink: Ink) -> Shape | None:
    """None for a spot, which has no shape."""
    lines = [line for piece in pieces_of(drawn(ink)) for line in piece.lines]
    steps = _steps(lines)
    if len(steps) < 4:
        return None
    middles, moves = steps[:, :2], steps[:, 2:]
    weights = np.hypot(*moves.T)
    center = np.average(middles, axis=0, weights=weights)
    spread = np.sqrt(np.average((middles - center) ** 2, axis=0, weights=weights)) + 1.0
    places = (middles - center) / (2 * _EXTENT * spread) + 0.5
    return Shape(_columns(places, moves, weights), float(spread[0] / spread[1]))


def _steps(lines: Sequence[Line]) -> NDArray[np.float64]:
    """Middle and move (x, y, dx, dy) of each step along the lines."""
    made = [np.zeros((0, 4))]
    for line in lines:
        count = max(2, round(line.length / _STEP))
        at = np.linspace(0, len(line.points) - 1, count)
        points = np.stack(
            [np.interp(at, np.arange(len(line.points)), line.points[:, i]) for i in (0, 1)], axis=1
        )
        made.append(np.hstack([(points[:-1] + points[1:]) / 2, np.diff(points, axis=0)]))
    return np.concatenate(made)


def _columns(
    places: NDArray[np.float64], moves: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    column = np.clip((places[:, 0] * _COLUMNS).astype(int), 0, _COLUMNS - 1)
    row = np.clip((places[:, 1] * _ROWS).astype(int), 0, _ROWS - 1)
    heading = np.arctan2(moves[:, 1], moves[:, 0])
    maps = np.zeros((_DIRECTIONS, _ROWS, _COLUMNS), dtype=np.float64)
    for direction in range(_DIRECTIONS):
        part = np.clip(np.cos(2 * (heading - np.pi * direction / _DIRECTIONS)), 0, None)
        np.add.at(maps[direction], (row, column), weights * part)
    soft = np.stack([cv2.GaussianBlur(one, (0, 0), _BLUR, borderType=cv2.BORDER_CONSTANT) for one in maps])
    columns = np.sqrt(soft.reshape(-1, _COLUMNS).T)
    return np.asarray(columns / max(float(np.linalg.norm(columns)), 1e-9))


def _alike(first: Shape, second: Shape) -> float:
    """1 for the same columns in the same order, 0 for columns that have nothing in common."""
    together = first.columns @ second.columns.T
    sizes = np.add.outer((first.columns**2).sum(axis=1), (second.columns**2).sum(axis=1))
    apart, paid = _warped(sizes - 2 * together, sizes)
    return 1 - apart / max(paid, 1e-9)


def _warped(costs: NDArray[np.float64], sizes: NDArray[np.float64]) -> tuple[float, float]:
    """What the best way through both costs, and what it would cost with nothing in common."""
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for i in range(_COLUMNS):
        for j in range(max(0, i - _BAND), min(_COLUMNS, i + _BAND + 1)):
            before = [best[at] for at in ((i - 1, j - 1), (i - 1, j), (i, j - 1)) if at in best]
            cost, size = min(before, default=(0.0, 0.0))
            best[i, j] = cost + float(costs[i, j]), size + float(sizes[i, j])
    return best[_COLUMNS - 1, _COLUMNS - 1]
