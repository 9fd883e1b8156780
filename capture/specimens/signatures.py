"""Signatures that are nobody's: strokes of a pen, on a card or on a screen, each time a little different."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey

Stroke = NDArray[np.float32]
"""Points × (x, y) in shares of the signature's width and height."""
_POINTS = 160


def sign(numbers: np.random.Generator) -> tuple[Stroke, ...]:
    """A new signature: letters that run from left to right, a flourish, perhaps a dot's worth of accent."""
    strokes = [_letters(numbers)]
    if numbers.random() < 0.8:
        strokes.append(_flourish(numbers))
    if numbers.random() < 0.5:
        strokes.append(_loop(numbers))
    return tuple(strokes)


def sign_again(strokes: Sequence[Stroke], numbers: np.random.Generator) -> tuple[Stroke, ...]:
    """The same hand another time: stretched, slanted and trembling a little."""
    slant, stretch = numbers.normal(0, 0.05), numbers.normal(1, 0.05, 2)
    made = []
    for stroke in strokes:
        bend = _smooth(numbers, len(stroke), 5) * 0.03
        x = 0.5 + (stroke[:, 0] - 0.5) * stretch[0] + slant * (0.5 - stroke[:, 1])
        y = 0.5 + (stroke[:, 1] - 0.5) * stretch[1]
        made.append(np.clip(np.stack((x, y), axis=1) + bend, 0.02, 0.98).astype(np.float32))
    return tuple(made)


def ink(strokes: Sequence[Stroke], width: int, height: int, thickness: int = 4) -> Grey:
    """Black strokes on white; faster strokes are thinner."""
    sheet = np.full((height, width), 255, dtype=np.uint8)
    margin = 2 * thickness
    scale = np.array([width - 2 * margin, height - 2 * margin], dtype=np.float32)
    for stroke in strokes:
        points = np.round((stroke * scale + margin) * 8).astype(np.int32)
        speed = np.hypot(*np.diff(stroke, axis=0).T)
        middle = float(np.median(speed)) or 1.0
        for at, pace in enumerate(speed):
            wide = max(2, round(thickness * min(1.3, 1.5 - 0.5 * pace / middle)))
            ends = (tuple(map(int, points[at])), tuple(map(int, points[at + 1])))
            cv2.line(sheet, *ends, color=20, thickness=wide, lineType=cv2.LINE_AA, shift=3)
    return sheet


def _smooth(numbers: np.random.Generator, count: int, knots: int) -> NDArray[np.float32]:
    """`count` × 2 numbers of about -1 to 1 that change slowly."""
    coarse = numbers.uniform(-1, 1, (knots, 2)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (2, count), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _stroke(x: NDArray[np.floating], y: NDArray[np.floating]) -> Stroke:
    return np.asarray(np.clip(np.stack((x, y), axis=1), 0.02, 0.98), dtype=np.float32)


def _letters(numbers: np.random.Generator) -> Stroke:
    """Waves of changing height, the first much higher: an initial and what follows it."""
    t = np.linspace(0, 1, _POINTS, dtype=np.float32)
    humps = int(numbers.integers(5, 10))
    height = (
        0.12 + 0.3 * np.exp(-((t * humps) ** 2) / 2) + 0.1 * np.abs(_smooth(numbers, _POINTS, humps)[:, 0])
    )
    angle = 2 * np.pi * humps * t + numbers.uniform(0, 6)
    x = 0.06 + 0.86 * t + 0.05 * np.sin(angle + numbers.uniform(0.6, 1.6))
    y = 0.5 + height * np.cos(angle) + 0.06 * _smooth(numbers, _POINTS, 4)[:, 1]
    return _stroke(x, y)


def _flourish(numbers: np.random.Generator) -> Stroke:
    """A line back under the name, with a bow."""
    t = np.linspace(0, 1, _POINTS // 2, dtype=np.float32)
    x = numbers.uniform(0.8, 0.95) - numbers.uniform(0.5, 0.8) * t
    y = numbers.uniform(0.7, 0.85) + 0.1 * np.sin(np.pi * t * numbers.uniform(1, 3)) * numbers.uniform(-1, 1)
    return _stroke(x, y)


def _loop(numbers: np.random.Generator) -> Stroke:
    """A large loop through the name."""
    angle = np.linspace(0, 2 * np.pi * numbers.uniform(0.9, 1.4), _POINTS // 2, dtype=np.float32)
    x = numbers.uniform(0.3, 0.7) + numbers.uniform(0.12, 0.28) * np.cos(angle)
    y = 0.48 + numbers.uniform(0.2, 0.42) * np.sin(angle + numbers.uniform(0, 1))
    return _stroke(x, y)
