"""A drawing in one size, and its skeleton: lines of one pixel in the middle of the strokes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey
from capture.signature.ink import Ink

SIDE = 320
"""Pixels of the longer side of a drawing that is looked at."""
_THICK = 14
"""Pixels that a stroke is wide at most: a thick mark is looked at in a smaller size."""
_MARGIN = 4
_RING = np.array([[128, 1, 2], [64, 0, 4], [32, 16, 8]], dtype=np.float32)
"""One bit for each neighbour, clockwise from above."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """In the one size: ink, the skeleton of it (255 and 0), and the usual width of a stroke in pixels."""

    mask: Grey
    skeleton: Grey
    width: float


def drawn(ink: Ink) -> Drawn:
    """The ink in the one size, with its skeleton."""
    cut = ink.cut
    thickest = 2 * float(cv2.distanceTransform(np.pad(cut, 1), cv2.DIST_L2, 3).max())
    factor = min(SIDE / max(cut.shape), _THICK / max(1.0, thickest))
    size = (max(1, round(cut.shape[1] * factor)), max(1, round(cut.shape[0] * factor)))
    shrinks = factor < 1
    sized = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    sized = sized if shrinks else cv2.GaussianBlur(sized, (0, 0), 0.5 * factor)
    level = 70 if shrinks else 110
    mask = np.pad(np.where(sized > level, 255, 0).astype(np.uint8), _MARGIN)
    bone = thinned(mask)
    return Drawn(mask, bone, _width(mask, bone))


def thinned(mask: Grey) -> Grey:
    """Zhang and Suen's thinning (1984): the same holes and pieces, one pixel wide."""
    left = (mask > 0).astype(np.uint8)
    while True:
        before = int(np.count_nonzero(left))
        for table in _TABLES:
            around = cv2.filter2D(left, -1, _RING, borderType=cv2.BORDER_CONSTANT)
            left[table[around]] = 0
        if int(np.count_nonzero(left)) == before:
            return _minimal(left) * np.uint8(255)


def branches(bone: Grey) -> Grey:
    """How many lines leave each pixel of a skeleton; 0 elsewhere."""
    around = cv2.filter2D((bone > 0).astype(np.uint8), -1, _RING, borderType=cv2.BORDER_CONSTANT)
    return np.where(bone > 0, _BRANCHES[around], 0).astype(np.uint8)


def _minimal(bone: Grey) -> Grey:
    """Without the corners of its stairs, so that each pixel of a line has two neighbours."""
    around = np.pad(bone, 1)
    for y, x in np.argwhere(around):
        code = sum(int(around[y + j, x + i]) << bit for bit, (j, i) in enumerate(_CLOCKWISE))
        if _SPARE[code]:
            around[y, x] = 0
    return around[1:-1, 1:-1].copy()


def _width(mask: Grey, bone: Grey) -> float:
    distances = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    along = distances[bone > 0]
    return max(1.0, 2 * float(np.median(along)) - 1) if along.size else 1.0


def _turns(code: int) -> int:
    """From paper to ink, once around."""
    return sum(not code >> at & 1 and code >> (at + 1) % 8 & 1 for at in range(8))


def _table(first: bool) -> NDArray[np.bool_]:
    """For each way to be surrounded, whether the pixel goes in this half of a round."""
    gone = np.zeros(256, dtype=np.bool_)
    for code in range(256):
        p = [code >> bit & 1 for bit in range(8)]  # from above, clockwise: p2 to p9 of the paper
        above, right, below, left = p[0], p[2], p[4], p[6]
        if first:
            open_side = above * right * below == 0 and right * below * left == 0
        else:
            open_side = above * right * left == 0 and above * below * left == 0
        gone[code] = 2 <= sum(p) <= 6 and _turns(code) == 1 and open_side
    return gone


_TABLES = (_table(True), _table(False))
_CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def _is_spare(code: int) -> bool:
    """Its neighbours, two or more, hang together without it (Yokoi's number is 1)."""
    gone = [not code >> at % 8 & 1 for at in range(10)]
    holes = sum(gone[at] and not (gone[at + 1] and gone[at + 2]) for at in (0, 2, 4, 6))
    return holes == 1 and code.bit_count() >= 2


_BRANCHES = np.array([_turns(code) for code in range(256)], dtype=np.uint8)
_SPARE = [_is_spare(code) for code in range(256)]
