"""Vectors of faces. Drawn heads resemble each other, so only order is claimed, never a rate."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.face.comparing import similarity
from capture.face.ports import EMBEDDING_SIZE, Embedding
from capture.face.sface import SFace
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from tests.capture.face.head_features import HeadLook
from tests.capture.face.scenes import PEOPLE, photograph


def vector(yunet: YuNet, sface: SFace, pixels: Pixels) -> Embedding:
    return sface.embed(pixels, yunet.faces(pixels)[0])


@pytest.mark.parametrize("person", range(PEOPLE))
def test_vectors_have_length_one(yunet: YuNet, sface: SFace, person: int) -> None:
    found = vector(yunet, sface, photograph(person))
    assert found.shape == (EMBEDDING_SIZE,)
    assert found.dtype == np.float32
    assert float(np.linalg.norm(found.astype(np.float64))) == pytest.approx(1, abs=1e-5)


def test_same_image_same_vector(yunet: YuNet, sface: SFace) -> None:
    once, again = (vector(yunet, sface, photograph(0)) for _ in range(2))
    assert once.tobytes() == again.tobytes()
    assert SFace().embed(photograph(0), yunet.faces(photograph(0))[0]).tobytes() == once.tobytes()


@pytest.mark.parametrize("person", range(PEOPLE))
def test_another_picture_of_a_head_is_nearer_than_any_other_head(
    yunet: YuNet, sface: SFace, person: int
) -> None:
    other_light = HeadLook(yaw=6, roll=5, scale=0.26, light=(0.5, -0.2, 1.0), background=(120, 130, 110))
    mine = vector(yunet, sface, photograph(person, other_light))
    likeness = [similarity(mine, vector(yunet, sface, photograph(p))) for p in range(PEOPLE)]
    assert int(np.argmax(likeness)) == person


def test_compressed_and_shrunk_stay_alike(yunet: YuNet, sface: SFace) -> None:
    pixels = photograph(1)
    mine = vector(yunet, sface, pixels)
    small = np.asarray(cv2.resize(pixels, (270, 270), interpolation=cv2.INTER_AREA), np.uint8)
    done, written = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 40])
    assert done
    again = np.asarray(cv2.imdecode(written, cv2.IMREAD_COLOR), np.uint8)
    assert similarity(mine, vector(yunet, sface, again)) > 0.8
