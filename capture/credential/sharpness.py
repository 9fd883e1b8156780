"""How wide the edges of print are: the blur of a camera out of focus or in motion. Pure.

An edge of full contrast that takes `w` pixels from dark to light is `w` wide. Print has sharp edges in all
directions; out of focus all of them widen, in motion those across it. Noise does not narrow what is wide.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey

_WAYS = ((1, 0, 11), (0, 1, 11), (1, 1, 8), (1, -1, 8))
"""Steps along x and y, and how many of them to both sides the contrast of an edge is looked for."""
_STRONG = 0.45  # of the contrast of the whole: the ground's fine lines do not count
_SHARPEST = 20  # per cent of the edges


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`width`: pixels that a sharp edge takes in the direction where edges are widest; 0 without edges.

    `ratio`: how much wider than across that direction; about 1 out of focus, 2 in motion.
    """

    width: float
    ratio: float


def sharpness(grey: Grey) -> Sharpness:
    """Of a card of CARD_HEIGHT × CARD_WIDTH, over four directions."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    contrast = contrast_of(grey)
    found = [_width(smooth, contrast, *way) for way in _WAYS]
    pairs = [sorted(found[:2]), sorted(found[2:])]
    return Sharpness(max(found), max(wide / max(narrow, 1.0) for narrow, wide in pairs))


def contrast_of(grey: Grey) -> float:
    """Levels between paper and ink."""
    dark, light = np.percentile(grey[::2, ::2], (2, 90))
    return float(light - dark)


def _width(smooth: NDArray[np.float32], contrast: float, dx: int, dy: int, reach: int) -> float:
    line = np.zeros((2 * reach + 1, 2 * reach + 1), np.uint8)
    for step in range(-reach, reach + 1):
        line[reach + step * dy, reach + step * dx] = 1
    span = cv2.dilate(smooth, line) - cv2.erode(smooth, line)
    change = np.abs(np.roll(smooth, (-dy, -dx), (0, 1)) - np.roll(smooth, (dy, dx), (0, 1)))
    slope = change / (2 * float(np.hypot(dx, dy)))
    steepest = cv2.dilate(slope, line[reach - 3 : reach + 4, reach - 3 : reach + 4])
    edges = (slope >= steepest) & (slope > 0) & (span > max(_STRONG * contrast, 4))
    widths = span[edges] / slope[edges]
    return float(np.percentile(widths, _SHARPEST)) if len(widths) > 50 else 0.0
