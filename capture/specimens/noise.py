"""Numbers for drawing, and smooth noise: the same for the same source."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from keys.randomness import Randomness

Plane = NDArray[np.float32]


def generator(randomness: Randomness) -> np.random.Generator:
    """NumPy's PCG64, whose streams do not change between versions, seeded with 64 bits."""
    return np.random.Generator(np.random.PCG64(randomness.below(2**64)))


def clouds(numbers: np.random.Generator, width: int, height: int, cells: int) -> Plane:
    """Smooth noise of about -1 to 1 with `cells` hills across."""
    down = max(2, round(cells * height / width)) + 1
    coarse = numbers.uniform(-1, 1, (down, cells + 1)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)
