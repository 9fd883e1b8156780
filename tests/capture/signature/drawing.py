"""Drawn signatures and marks as a reader gets them."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Pixels
from capture.specimens.marks import Sheet, mark
from capture.specimens.signatures import ink, sign, sign_again

SHEETS = (Sheet(), Sheet(400, 400, 4), Sheet(1200, 600, 14), Sheet(320, 120, 3))
BLANK: Pixels = np.full((320, 640, 3), 255, np.uint8)


def numbers(*seed: int) -> np.random.Generator:
    """The same for the same seed."""
    return np.random.default_rng(seed)


def signature(seed: int, time: int = 0, size: tuple[int, int] = (640, 320), pen: int = 6) -> Pixels:
    """Of one person, signed for the `time`th time."""
    return coloured(ink(sign_again(sign(numbers(seed)), numbers(seed, time)), *size, thickness=pen))


def marked(kind: str, seed: int) -> Pixels:
    """A mark on one of the sheets."""
    return coloured(mark(kind, numbers(seed), SHEETS[seed % len(SHEETS)]))


def coloured(grey: Pixels) -> Pixels:
    """In three channels."""
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
