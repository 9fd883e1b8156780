"""A finger's print that is nobody's: ridges around a core, bent by smooth noise."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Grey
from capture.specimens.noise import clouds

_PITCH = 9.5
"""Pixels from ridge to ridge."""


def fingerprint(numbers: np.random.Generator, width: int, height: int) -> Grey:
    """Dark ridges on white."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    core_x = width * numbers.uniform(0.42, 0.58)
    core_y = height * numbers.uniform(0.4, 0.55)
    x, y = columns - core_x, (rows - core_y) * np.float32(0.8)
    loop = np.hypot(x, np.where(y > 0, y * np.float32(numbers.uniform(0.35, 0.9)), y))
    swirl = np.arctan2(y, x) * np.float32(numbers.choice([-1.0, 0.0, 1.0]) * _PITCH / (2 * np.pi))
    bent = loop + swirl + 16 * clouds(numbers, width, height, 4) + 4 * clouds(numbers, width, height, 10)
    ridges = np.cos(bent * np.float32(2 * np.pi / _PITCH))
    pressure = clouds(numbers, width, height, 6) * 0.5 + clouds(numbers, width, height, 60) * 0.45
    edge = ((columns - width / 2) / (width * 0.46)) ** 2 + ((rows - height / 2) / (height * 0.47)) ** 2
    ink = (ridges + pressure > 0.15) & (edge + 0.12 * pressure < 1)
    made = np.where(ink, 60, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(made, (3, 3), 0), dtype=np.uint8)
