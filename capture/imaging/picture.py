"""An image in memory. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height × width × 3; blue, green and red as OpenCV has them, 0 to 255; upright."""
Grey = NDArray[np.uint8]
"""Height × width."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in shares of the whole width and height (0 to 1), origin at the upper left."""

    left: float
    top: float
    width: float
    height: float

    def of(self, pixels: Pixels) -> Pixels:
        """What lies in it; at least one pixel."""
        height, width = pixels.shape[:2]
        left, top = int(self.left * width), int(self.top * height)
        right = max(left + 1, round((self.left + self.width) * width))
        bottom = max(top + 1, round((self.top + self.height) * height))
        return pixels[max(0, top) : bottom, max(0, left) : right]
