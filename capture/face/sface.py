"""SFace in OpenCV: the default embedder.

Zhong et al.: SFace, sigmoid-constrained hypersphere loss (2021). On one thread OpenCV takes a third less time
than onnxruntime for the same vectors (docs/benchmarks.md), so OpenCV runs it.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from capture.face import weights
from capture.face.graph_inputs import only_input
from capture.face.ports import Embedding, Face
from capture.imaging.picture import Pixels


class SFace:
    """The `Embedder` by default. Not for several threads at once."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises EngineRefusal when the weights are not there."""
        model = np.frombuffer(only_input(weights.load(weights.SFACE, folder), weights.INPUT), np.uint8)
        self._recogniser = cv2.FaceRecognizerSF.create("onnx", model, np.empty(0, np.uint8))

    @property
    def engine(self) -> str:
        """See `Embedder`."""
        return f"SFace 2021dec int8, OpenCV {cv2.__version__}"

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """See `Embedder`."""
        aligned = self._recogniser.alignCrop(pixels, yunet_row(face))
        return unit(np.asarray(self._recogniser.feature(aligned), np.float32).ravel())


def yunet_row(face: Face) -> Embedding:
    """A face as YuNet writes it."""
    points = (face.left_eye, face.right_eye, face.nose, face.mouth_left, face.mouth_right)
    flat = [coordinate for point in points for coordinate in (point.x, point.y)]
    row = [face.left, face.top, face.width, face.height, *flat, face.sure]
    return np.array([row], np.float32)


def unit(vector: Embedding) -> Embedding:
    """The vector of length 1 in that direction."""
    length = float(np.linalg.norm(vector.astype(np.float64)))
    return np.asarray(vector / max(length, 1e-12), np.float32)
