"""A drawing in one size, and its skeleton: lines of one pixel in the middle of the strokes. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey
from capture.signature.ink import Ink

SIDE = 320
"""Pixels of the longer side of every drawing that is looked at."""
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
    factor = SIDE / max(cut.shape)
    size = (max(1, round(cut.shape[1] * factor)), max(1, round(cut.shape[0] * factor)))
    shrinks = factor < 1
    sized = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    sized = sized if shrinks else cv2.GaussianBlur(sized, (0, 0), 0.5 * factor)
    level = 70 if shrinks else 110
    clear = np.where(sized > level, 255, 0).astype(np.uint8)
    mask = cv2.copyMakeBorder(clear, *[_MARGIN] * 4, borderType=cv2.BORDER_CONSTANT, value=0)
    bone = thinned(np.asarray(mask, dtype=np.uint8))
    return Drawn(np.asarray(mask, dtype=np.uint8), bone, _width(np.asarray(mask, dtype=np.uint8), bone))


def thinned(mask: Grey) -> Grey:
    """Zhang and Suen's thinning (1984): the same holes and pieces, one pixel wide."""
    left = (mask > 0).astype(np.uint8)
    while True:
        before = int(np.count_nonzero(left))
        for table in _TABLES:
            around = cv2.filter2D(left, -1, _RING, borderType=cv2.BORDER_CONSTANT)
            left[table[around]] = 0
        if int(np.count_nonzero(left)) == before:
            return left * np.uint8(255)


def _width(mask: Grey, bone: Grey) -> float:
    distances = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    along = distances[bone > 0]
    return max(1.0, 2 * float(np.median(along)) - 1) if along.size else 1.0


def _table(first: bool) -> NDArray[np.bool_]:
    """For each way to be surrounded, whether the pixel goes in this half of a round."""
    gone = np.zeros(256, dtype=np.bool_)
    for code in range(256):
        p = [code >> bit & 1 for bit in range(8)]  # from above, clockwise: p2 to p9 of the paper
        turns = sum(p[at] == 0 and p[(at + 1) % 8] == 1 for at in range(8))
        above, right, below, left = p[0], p[2], p[4], p[6]
        if first:
            open_side = above * right * below == 0 and right * below * left == 0
        else:
            open_side = above * right * left == 0 and above * below * left == 0
        gone[code] = 2 <= sum(p) <= 6 and turns == 1 and open_side
    return gone


_TABLES = (_table(True), _table(False))
