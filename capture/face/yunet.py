"""YuNet in OpenCV: the default detector of faces.

Wu, Peng, Yu: YuNet, a tiny millisecond-level face detector (2023). It was trained on faces of 10 to 300
pixels: larger images are shrunk for it, smaller ones enlarged. OpenCV runs it on the threads of
`cv2.setNumThreads`; a worker sets one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture.face import weights
from capture.face.ports import Face, Point
from capture.imaging.picture import Pixels


@dataclass(frozen=True, slots=True)
class YuNetSettings:
    """Of detection."""

    longer_side: int = 512
    """Pixels that an image is brought to."""
    smallest_side: int = 16
    """Pixels: an image with a shorter side has no face that could be used."""
    largest_growth: float = 3.0
    sure: float = 0.7
    """From which score on it is a face, 0 to 1."""
    overlap: float = 0.3
    """Share from which on two boxes are the same face."""
    most: int = 50
    """Candidates that are looked at."""


class YuNet:
    """The `Detector` by default. Not for several threads at once."""

    def __init__(self, settings: YuNetSettings | None = None, folder: Path | None = None) -> None:
        """Raises EngineRefusal when the weights are not there."""
        self._settings = settings or YuNetSettings()
        model = np.frombuffer(weights.load(weights.YUNET, folder), np.uint8)
        options = (self._settings.sure, self._settings.overlap, self._settings.most)
        size = (self._settings.longer_side, self._settings.longer_side)
        self._detector = cv2.FaceDetectorYN.create("onnx", model, np.empty(0, np.uint8), size, *options)

    @property
    def engine(self) -> str:
        """See `Detector`."""
        return f"YuNet 2023mar int8, OpenCV {cv2.__version__}"

    def faces(self, pixels: Pixels) -> tuple[Face, ...]:
        """See `Detector`."""
        height, width = pixels.shape[:2]
        if min(height, width) < self._settings.smallest_side:
            return ()
        scale = min(self._settings.longer_side / max(height, width), self._settings.largest_growth)
        shrunk = _resized(pixels, scale)
        if min(shrunk.shape[:2]) < self._settings.smallest_side:
            return ()
        self._detector.setInputSize((shrunk.shape[1], shrunk.shape[0]))
        rows = self._detector.detect(shrunk)[1]
        found = [] if rows is None else [_face(row / scale, float(row[14])) for row in rows]
        return tuple(
            sorted((f for f in found if _usable(f)), key=lambda f: (-f.width * f.height, f.left, f.top))
        )


def _resized(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _face(row: Any, sure: float) -> Face:
    """YuNet's order: box; right and left eye, nose, right and left corner of the mouth of the person."""
    left, top, width, height, *rest = (float(v) for v in row[:14])
    points = [Point(rest[i], rest[i + 1]) for i in range(0, 10, 2)]
    return Face(left, top, width, height, sure, *points)


def _usable(face: Face) -> bool:
    return face.width >= 1 and face.height >= 1 and math.isfinite(face.offset)
