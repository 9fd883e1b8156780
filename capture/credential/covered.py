"""Strips over a line of text: as high as the line, and closed by straight edges on all four sides. Pure.

What is printed on a card stands on a ground that goes on under it. A strip of paper, of tape, or pasted in a
file, ends the ground at straight edges around the line, and longer ones than letters have. Photographs and
square codes are higher; a bar code is told by its bars. Lengths in pixels of a card of 1586 × 1000.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Box, Grey

_LOW, _HIGH = 28, 110
"""Height of a strip: 1.5 to 6 mm."""
_SHORT = 130
"""A strip is at least so long: 7 mm."""
_SEGMENT, _END = 45, 12
"""The shortest straight pieces of a long edge and of an end that count; strokes of letters are shorter."""
_SAME = 2.5  # within which pieces lie on one row
_CORNER = 14  # by which a piece of a long edge may begin away from an end
_BEYOND = (8, 60)  # past an end, where a long edge does not go on
_GOES_ON = 0.4  # share of that from which it does
_MOST = 50  # rows that are looked at, those with the longest pieces
_INK = (0.03, 0.5)  # share of a strip that its letters darken
_LIGHT = 0.6  # of the light of the card's paper: what is darker is a bar or a photograph
_BAR, _BARS = 0.7, 0.1  # of its length that a bar darkens, and the share of bars that no text has
_NEXT = (2, 16)  # beyond a long edge; a bar there, the edge is its own

Pieces = NDArray[np.float64]
"""n × 3: begin, end, and the row or column that they lie on."""


@dataclass(frozen=True, slots=True)
class _Row:
    at: float
    pieces: Pieces

    def share(self, start: float, end: float) -> float:
        """How much of a stretch lies on the pieces."""
        covered = np.zeros(int(end - start) + 1, np.bool_)
        for first, last, _at in self.pieces:
            covered[max(0, int(first - start)) : max(0, int(last - start))] = True
        return float(covered.mean())


def strip(grey: Grey) -> tuple[float, Box | None]:
    """How much of the long edges of the best strip is straight, 0 to 1, and where it is on the card."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    if found is None:
        return 0.0, None
    ends = np.asarray(found, np.float64).reshape(-1, 4)
    flat = _best(grey, ends)
    upright = _best(np.ascontiguousarray(grey.T), ends[:, [1, 0, 3, 2]])
    share, (left, top, right, bottom) = max(flat, upright)
    if upright > flat:
        left, top, right, bottom = top, left, bottom, right
    height, width = grey.shape
    return share, Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


_Place = tuple[float, float, float, float]


def _best(grey: Grey, ends: NDArray[Any]) -> tuple[float, _Place]:
    """Of the strips along the rows: share of the edges, and left, top, right, bottom."""
    best: tuple[float, _Place] = (0.0, (0.0, 0.0, 0.0, 0.0))
    across = _pieces(ends[:, [1, 0, 3, 2]], _END, 0.05)
    rows = _rows(_pieces(ends, _SEGMENT, 0.02))
    for number, top in enumerate(rows):
        for bottom in rows[number + 1 :]:
            if bottom.at - top.at > _HIGH:
                break
            if bottom.at - top.at < _LOW:
                continue
            for left, right in _closed(top, bottom, across):
                share = min(top.share(left, right), bottom.share(left, right))
                place = (left, top.at, right, bottom.at)
                if share > best[0] and _written(grey, place):
                    best = (share, place)
    return best


def _pieces(ends: NDArray[Any], least: float, slope: float) -> Pieces:
    """The segments along x that are long enough."""
    along, away = np.abs(ends[:, 2] - ends[:, 0]), np.abs(ends[:, 3] - ends[:, 1])
    x, y = ends[:, ::2], ends[:, 1::2].mean(axis=1)
    made = np.column_stack([x.min(axis=1), x.max(axis=1), y])
    return np.asarray(made[(along > least) & (away < slope * along + 1)], np.float64)


def _rows(pieces: Pieces) -> list[_Row]:
    """Pieces on one row together, from above to below."""
    order = np.argsort(pieces[:, 0] - pieces[:, 1])
    pieces, free = pieces[order], np.ones(len(pieces), np.bool_)
    rows: list[_Row] = []
    for piece in range(len(pieces)):
        if free[piece] and len(rows) < _MOST:
            near = free & (np.abs(pieces[:, 2] - pieces[piece, 2]) <= _SAME)
            free &= ~near
            lengths = pieces[near, 1] - pieces[near, 0]
            if lengths.sum() >= 2 * _SEGMENT:
                rows.append(_Row(float(np.average(pieces[near, 2], weights=lengths)), pieces[near]))
    return sorted(rows, key=lambda row: row.at)


def _closed(top: _Row, bottom: _Row, across: Pieces) -> Iterator[tuple[float, float]]:
    """Left and right ends between two rows, where these begin and stop."""
    inside = np.minimum(across[:, 1], bottom.at) - np.maximum(across[:, 0], top.at)
    columns = np.unique(across[inside > 0.35 * (bottom.at - top.at), 2])
    lefts = [x for x in columns.tolist() if _begins(top, bottom, x, 0)]
    rights = [x for x in columns.tolist() if _begins(top, bottom, x, 1)]
    for left in lefts:
        yield from ((left, right) for right in rights if right - left >= _SHORT)


def _begins(top: _Row, bottom: _Row, x: float, end: int) -> bool:
    """Whether a piece of one row has its end there, and neither row goes on beyond."""
    near = min(float(np.abs(row.pieces[:, end] - x).min()) for row in (top, bottom))
    beyond = (x - _BEYOND[1], x - _BEYOND[0]) if end == 0 else (x + _BEYOND[0], x + _BEYOND[1])
    return near < _CORNER and max(row.share(*beyond) for row in (top, bottom)) <= _GOES_ON


def _written(grey: Grey, place: _Place) -> bool:
    """Whether there is ink within as letters make it, on something light, and no bar above or below."""
    left, top, right, bottom = map(int, place)
    part = grey[top + 5 : bottom - 4, left + 6 : right - 5]
    if not part.size:
        return False
    paper = float(np.percentile(part, 85))
    if paper < _LIGHT * float(np.percentile(grey[::8, ::8], 80)):
        return False
    limit = 0.75 * paper
    dark = part < limit
    near, far = _NEXT
    above = grey[max(0, top - far) : max(0, top - near), left:right]
    below = grey[bottom + near : bottom + far, left:right]
    return (
        _INK[0] < float(dark.mean()) < _INK[1]
        and all(float(_bars(dark, axis).mean()) < _BARS for axis in (0, 1))
        and not any(one.size and _bars(one < limit, 1).any() for one in (above, below))
    )


def _bars(dark: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    return np.asarray(dark.mean(axis=axis) > _BAR)
