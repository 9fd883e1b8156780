"""Strips over a line of text: as high as the line, and closed by straight edges on all four sides. Pure.

What is printed on a card stands on a ground that goes on under it. A strip of paper, of tape, or pasted in a
file, ends the ground at straight edges around the line, and these are longer than any stroke of a letter.
Photographs and square codes are higher; a bar code is told by its bars. Lengths in pixels of a card of
1586 × 1000.
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
_SHORT, _LONG, _CHANCE = 200, 280, 0.025
"""A strip is at least so long: 11 mm. Up to 15 mm the ridges of a fingerprint are straight by chance for all
but this share, which is taken off."""
_SEGMENT = 45
"""The shortest straight pieces of a long edge that count; strokes of letters are shorter."""
_PIECES = 0.6  # of a long edge, at least, that lie on such pieces
_WHOLE = 0.9  # of the height of a strip, that its end is an edge; letters are lower
_REACH = 2  # by which an edge may lie off its row
_STEP, _OVER_NOISE = 4, 3.0
"""Levels over two pixels at an edge, at least; and how many times the usual change."""
_MOST, _ENDS = 50, 100  # rows and columns that are looked at
_CHECKED = 4  # places between two rows that are looked at closer
_INK = (0.03, 0.5)  # share of a strip that its letters darken
_LIGHT = 0.6  # of the light of the card's paper: what is darker is a bar or a photograph
_BAR, _BARS = 0.7, 0.1  # of its length that a bar darkens, and the share of bars that no text has
_NEXT = (2, 16)  # beyond a long edge; a bar there, the edge is its own

_Place = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_Mask = NDArray[np.uint8]
"""1 where the light falls (or rises) across the rows, or the columns."""
_Sums = NDArray[np.int32]
"""Along a row or down each column; they begin with 0: the difference of two is the sum between."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Sums along a row of where it darkens, lightens, and does so for long."""

    at: int
    darker: _Sums
    lighter: _Sums
    on_piece: _Sums


def strip(grey: Grey, least: float = 0.0) -> tuple[float, Box | None]:
    """How much of the long edges of the best strip is an edge, over `least` up to 1, and where it is.

    0 and None where there is none.
    """
    soft = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.int16)
    flat = _best(grey, soft, least)
    upright = _best(np.ascontiguousarray(grey.T), np.ascontiguousarray(soft.T), max(least, flat[0]))
    share, (left, top, right, bottom) = max(flat, upright)
    if not share:
        return 0.0, None
    if upright > flat:
        left, top, right, bottom = top, left, bottom, right
    height, width = grey.shape
    return share, Box(left / width, top / height, (right - left) / width, (bottom - top) / height)


def _best(grey: Grey, soft: NDArray[np.int16], least: float) -> tuple[float, _Place]:
    """Of the strips along the rows."""
    best: tuple[float, _Place] = (0.0, (0.0, 0.0, 0.0, 0.0))
    rows, down = _rows(_changes(soft)), _down(_changes(soft.T))
    for number, top in enumerate(rows):
        for bottom in rows[number + 1 :]:
            if bottom.at - top.at > _HIGH:
                break
            if bottom.at - top.at >= _LOW:
                columns = _ends(down, top.at, bottom.at)
                for share, left, right in _closed(top, bottom, columns, max(least, best[0])):
                    if _written(grey, (left, top.at, right, bottom.at)):
                        best = (share, (left, top.at, right, bottom.at))
                        break
    return best


def _changes(soft: NDArray[np.int16]) -> tuple[_Mask, _Mask]:
    """Where the light falls and where it rises from row to row, within reach."""
    change = np.zeros_like(soft)
    np.subtract(soft[2:], soft[:-2], out=change[1:-1])
    step = max(_STEP, _OVER_NOISE * float(np.median(np.abs(change[::4, ::4]))))
    near = np.ones((2 * _REACH + 1, 1), np.uint8)
    falls, rises = (
        np.asarray(cv2.dilate(np.ascontiguousarray(sense, dtype=np.uint8), near), np.uint8)
        for sense in (change < -step, change > step)
    )
    return falls, rises


def _rows(changes: tuple[_Mask, _Mask]) -> list[_Row]:
    """Those with the most long edges about them, from above to below."""
    darker, lighter = changes
    piece = np.ones((1, _SEGMENT), np.uint8)
    long = cv2.max(*(cv2.morphologyEx(one, cv2.MORPH_OPEN, piece) for one in changes))
    lengths = cv2.reduce(long, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)[:, 0]
    tops = cv2.dilate(lengths[:, None], np.ones((2 * _REACH + 1, 1), np.uint8))[:, 0]
    peaks = np.flatnonzero((lengths == tops) & (lengths >= _PIECES * _SHORT))
    chosen = peaks[np.argsort(-lengths[peaks], kind="stable")[:_MOST]]
    return [_Row(int(at), *(_sums(mask[at]) for mask in (darker, lighter, long))) for at in np.sort(chosen)]


def _sums(found: NDArray[Any]) -> _Sums:
    return np.concatenate([[0], np.cumsum(found, dtype=np.int32)]).astype(np.int32)


def _down(changes: tuple[_Mask, _Mask]) -> tuple[_Sums, _Sums]:
    """Sums down each column of where the light falls, and rises, from column to column."""
    falls, rises = (np.ascontiguousarray(one.T) for one in changes)
    return np.cumsum(falls, axis=0, dtype=np.int32), np.cumsum(rises, axis=0, dtype=np.int32)


def _ends(down: tuple[_Sums, _Sums], top: int, bottom: int) -> NDArray[np.intp]:
    """The columns that are an edge from one row to the other."""
    first, last = top + 3, bottom - 3
    whole = np.maximum(*(sums[last] - sums[first] for sums in down)) >= _WHOLE * (last - first)
    steps = np.flatnonzero(np.diff(np.concatenate([[0], whole.astype(np.int8), [0]])))
    return np.asarray((steps[::2] + steps[1::2]) // 2, np.intp)[:_ENDS]


def _closed(
    top: _Row, bottom: _Row, columns: NDArray[np.intp], least: float
) -> Iterator[tuple[float, float, float]]:
    """Share, left and right of what two rows and two ends enclose, the best and then the longest first."""
    left, right = np.meshgrid(columns, columns, indexing="ij")
    left, right = left[right - left >= _SHORT], right[right - left >= _SHORT]

    def share(sums: _Sums) -> NDArray[np.float32]:
        return np.asarray((sums[right - 3] - sums[left + 4]) / (right - left - 7), np.float32)

    shares = np.minimum(*(np.maximum(share(row.darker), share(row.lighter)) for row in (top, bottom)))
    shares -= np.where(right - left < _LONG, np.float32(_CHANCE), np.float32(0))
    on_pieces = np.minimum(share(top.on_piece), share(bottom.on_piece))
    good = np.flatnonzero((shares > least) & (on_pieces >= _PIECES))
    for one in good[np.lexsort((left[good] - right[good], -shares[good].round(2)))][:_CHECKED]:
        yield float(shares[one]), float(left[one]), float(right[one])


def _written(grey: Grey, place: _Place) -> bool:
    """Whether there is ink within as letters make it, on something light, and no bar above or below."""
    left, top, right, bottom = map(int, place)
    part = grey[top + 5 : bottom - 4, left + 6 : right - 5]
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
