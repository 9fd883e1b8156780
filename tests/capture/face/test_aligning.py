"""A face comes to the same place however it was turned, and at whatever size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.face import weights
from capture.face.aligning import SIDE, aligned
from capture.face.graph_inputs import only_input
from capture.face.ports import Face, Point
from capture.face.sface import yunet_row
from capture.face.weights import INPUT
from capture.face.yunet import YuNet
from tests.capture.face.scenes import photograph, turned_about

EYES, NOSE, MOUTH = ((38.2946, 51.6963), (73.5318, 51.5014)), (56.0252, 71.7366), ((41.5, 92.4), (70.7, 92.2))


def face_at(scale: float, degrees: float, aside: float) -> Face:
    """Marks that are exactly a turned, grown and moved square."""
    turn = scale * np.exp(1j * np.radians(degrees))
    placed = [complex(*p) * turn + complex(aside, aside) for p in (*EYES, NOSE, *MOUTH)]
    return Face(0, 0, 1, 1, 1, *(Point(p.real, p.imag) for p in placed))


@pytest.mark.parametrize(
    ("scale", "degrees", "aside"), [(1, 0, 0), (2, 0, 30), (1.5, 40, 200), (3, -20, 150)]
)
def test_marks_come_to_their_places(scale: float, degrees: float, aside: float) -> None:
    face = face_at(scale, degrees, aside)
    pixels = np.zeros((700, 700, 3), np.uint8)
    for mark in (face.left_eye, face.right_eye, face.nose):
        y, x = round(mark.y), round(mark.x)
        pixels[y - 2 : y + 3, x - 2 : x + 3] = 255
    square = aligned(pixels, face)
    assert square.shape == (SIDE, SIDE, 3)
    for x, y in (*EYES, NOSE):
        assert square[round(y), round(x)].max() > 100
    assert int((square.max(axis=2) > 100).sum()) < 150


@pytest.mark.parametrize("degrees", [-25, 0, 25])
def test_square_is_that_of_opencv(yunet: YuNet, degrees: float) -> None:
    pixels = turned_about(photograph(2), degrees)
    face = yunet.faces(pixels)[0]
    model = np.frombuffer(only_input(weights.load(weights.SFACE), INPUT), np.uint8)
    theirs = cv2.FaceRecognizerSF.create("onnx", model, np.empty(0, np.uint8))
    wanted = theirs.alignCrop(pixels, yunet_row(face))
    assert float(np.abs(aligned(pixels, face).astype(int) - wanted.astype(int)).mean()) < 2
