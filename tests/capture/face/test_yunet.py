"""Where faces are found, and how they are turned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.face.ports import Face
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from tests.capture.face.head_features import HeadLook
from tests.capture.face.scenes import PEOPLE, photograph, turned_about


@pytest.mark.parametrize("person", range(PEOPLE))
def test_one_face_is_found_where_it_was_drawn(yunet: YuNet, person: int) -> None:
    pixels = photograph(person)
    (face,) = yunet.faces(pixels)
    box = face.box(pixels)
    assert box.left < 0.5 < box.left + box.width
    assert box.top < 0.5 < box.top + box.height
    assert face.left_eye.x < face.nose.x < face.right_eye.x
    assert face.left_eye.y < face.nose.y < face.mouth_left.y


def test_same_image_same_faces(yunet: YuNet) -> None:
    pixels = photograph(0)
    assert yunet.faces(pixels) == yunet.faces(pixels.copy()) == YuNet().faces(pixels)


def test_two_side_by_side_the_larger_first(yunet: YuNet) -> None:
    small = cv2.copyMakeBorder(photograph(1, HeadLook(side=240)), 60, 60, 0, 0, cv2.BORDER_REPLICATE)
    found = yunet.faces(np.hstack([small, photograph(0)]))
    assert len(found) == 2
    assert found[0].width > found[1].width
    assert found[0].left > found[1].left


def test_nothing_in_a_wall_nor_in_noise(yunet: YuNet) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    assert yunet.faces(np.full((300, 400, 3), 180, np.uint8)) == ()
    assert yunet.faces(noise) == ()


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_tilt_is_measured(yunet: YuNet, degrees: float) -> None:
    (face,) = yunet.faces(turned_about(photograph(0), degrees))
    assert face.roll == pytest.approx(-degrees, abs=6)
    assert abs(face.offset) <= 0.07


@pytest.mark.parametrize("person", range(PEOPLE))
def test_offset_follows_the_turn_of_a_head(yunet: YuNet, person: int) -> None:
    offsets = [
        yunet.faces(photograph(person, HeadLook(yaw=yaw, side=240)))[0].offset
        for yaw in (-28, -10, 0, 10, 28)
    ]
    assert offsets == sorted(offsets)
    assert abs(offsets[2]) <= 0.05
    assert offsets[0] <= -0.09
    assert offsets[4] >= 0.09


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_cut_face_stays_within_the_image(yunet: YuNet, share: float) -> None:
    whole = photograph(2)
    cut = np.ascontiguousarray(whole[:, : int(whole.shape[1] * share)])
    for face in yunet.faces(cut):
        box = face.box(cut)
        assert 0 <= box.left <= box.left + box.width <= 1
        assert box.of(cut).size > 0


@pytest.mark.parametrize("size", [(1, 1), (15, 4000), (16, 16), (4000, 17), (3, 8000), (2400, 3200)])
def test_hostile_sizes_are_read_safely(yunet: YuNet, size: tuple[int, int]) -> None:
    assert yunet.faces(np.zeros((*size, 3), np.uint8)) == ()


def test_large_photograph_gives_the_same_place(yunet: YuNet) -> None:
    pixels = photograph(3)
    large: Pixels = np.asarray(cv2.resize(pixels, None, fx=5, fy=5), np.uint8)
    (near,), (far,) = yunet.faces(pixels), yunet.faces(large)
    assert _centre(far) == pytest.approx([5 * v for v in _centre(near)], rel=0.05)


def _centre(face: Face) -> list[float]:
    return [face.left + face.width / 2, face.top + face.height / 2]
