"""The rules of 002 §4.6 on drawn people: what is right passes, and each fault is named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from capture.face.live import LiveSettings, judge
from capture.face.ports import Face
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from capture.reading.results import FaceDefect
from tests.capture.face.head_features import Colour, HeadLook
from tests.capture.face.scenes import PEOPLE, photograph, turned_about

pytestmark = pytest.mark.req("APO-10")
MASKS = {
    "azul": (200.0, 170.0, 110.0),
    "blanco": (238.0, 238.0, 238.0),
    "negro": (22.0, 22.0, 24.0),
    "rojo": (40.0, 40.0, 170.0),
    "verde": (90.0, 150.0, 60.0),
}


def defects(yunet: YuNet, pixels: Pixels) -> tuple[FaceDefect, ...]:
    return judge(pixels, yunet.faces(pixels), LiveSettings())[0]


@pytest.mark.parametrize("person", range(PEOPLE))
def test_good_photograph_passes(yunet: YuNet, person: int) -> None:
    assert defects(yunet, photograph(person)) == ()


@pytest.mark.parametrize("person", [0, 3])
@pytest.mark.parametrize("gains", [(0.6, 0.85, 1.1), (1.2, 0.95, 0.75), (0.75, 0.75, 0.75)])
def test_warm_cool_and_dim_light_pass(yunet: YuNet, person: int, gains: Colour) -> None:
    tinted = np.clip(photograph(person) * np.array(gains), 0, 255).astype(np.uint8)
    assert defects(yunet, tinted) == ()


def test_photograph_without_colour_passes(yunet: YuNet) -> None:
    grey = cv2.cvtColor(photograph(1), cv2.COLOR_BGR2GRAY)
    assert defects(yunet, np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)) == ()


def test_slight_tilt_passes_and_a_lying_head_does_not(yunet: YuNet) -> None:
    assert defects(yunet, turned_about(photograph(0), 10)) == ()
    assert FaceDefect.NOT_FRONTAL in defects(yunet, turned_about(photograph(0), -45))


def test_no_face(yunet: YuNet) -> None:
    assert defects(yunet, np.full((300, 300, 3), 128, np.uint8)) == (FaceDefect.NONE,)


def test_two_persons(yunet: YuNet) -> None:
    assert defects(yunet, np.hstack([photograph(0), photograph(1)])) == (FaceDefect.SEVERAL,)


def test_somebody_far_behind_does_not_count(yunet: YuNet) -> None:
    scene = photograph(0).copy()
    scene[5:65, 290:350] = cv2.resize(photograph(1), (60, 60), interpolation=cv2.INTER_AREA)
    assert FaceDefect.SEVERAL not in defects(yunet, scene)


@pytest.mark.parametrize("person", [0, 2, 5])
@pytest.mark.parametrize("yaw", [-32, 32])
def test_turned_away(yunet: YuNet, person: int, yaw: float) -> None:
    assert FaceDefect.NOT_FRONTAL in defects(yunet, photograph(person, HeadLook(yaw=yaw, side=240)))


@pytest.mark.parametrize("colour", MASKS)
@pytest.mark.parametrize("person", range(PEOPLE))
def test_mask_is_a_cover(yunet: YuNet, person: int, colour: str) -> None:
    found = defects(yunet, photograph(person, HeadLook(mask=MASKS[colour])))
    assert FaceDefect.COVERED in found or FaceDefect.NONE in found


@pytest.mark.parametrize("person", range(PEOPLE))
@pytest.mark.parametrize("tint", [(16.0, 18.0, 20.0), (28.0, 40.0, 58.0)])
def test_dark_glasses_are_a_cover(yunet: YuNet, person: int, tint: Colour) -> None:
    found = defects(yunet, photograph(person, HeadLook(glasses=tint)))
    assert FaceDefect.COVERED in found or FaceDefect.NONE in found


@pytest.mark.parametrize("person", [0, 1, 2])
def test_anything_smooth_over_the_mouth_is_a_cover(yunet: YuNet, person: int) -> None:
    pixels = photograph(person).copy()
    face = yunet.faces(pixels)[0]
    skin = pixels[int(face.nose.y) - 12, int(face.nose.x)].tolist()
    cv2.rectangle(pixels, *_over_mouth(face), skin, -1)
    assert FaceDefect.COVERED in defects(yunet, pixels)


def _over_mouth(face: Face) -> tuple[tuple[int, int], tuple[int, int]]:
    aside = 0.14 * face.width
    first = (int(face.mouth_left.x - aside), int(face.nose.y + 0.08 * face.width))
    return first, (int(face.mouth_right.x + aside), int(face.mouth_left.y + 0.2 * face.width))


def test_coloured_cap_is_a_cover_and_a_black_one_looks_like_hair(yunet: YuNet) -> None:
    assert FaceDefect.COVERED in defects(yunet, photograph(0, HeadLook(cap=(120.0, 40.0, 30.0))))
    assert FaceDefect.COVERED not in defects(yunet, photograph(0, HeadLook(cap=(24.0, 22.0, 22.0))))


@pytest.mark.parametrize("person", [0, 1])
def test_out_of_focus_and_moved(yunet: YuNet, person: int) -> None:
    pixels = photograph(person)
    width = yunet.faces(pixels)[0].width
    soft = np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.035 * width), np.uint8)
    moved = np.asarray(cv2.blur(pixels, (round(0.16 * width), 1)), np.uint8)
    assert FaceDefect.BLURRED in defects(yunet, soft)
    assert FaceDefect.BLURRED in defects(yunet, moved)


def test_noise_does_not_hide_a_blur(yunet: YuNet) -> None:
    soft = cv2.GaussianBlur(photograph(0), (0, 0), 0.04 * yunet.faces(photograph(0))[0].width)
    noise = np.random.default_rng(1).normal(0, 6, soft.shape)
    assert FaceDefect.BLURRED in defects(yunet, np.clip(soft + noise, 0, 255).astype(np.uint8))


def test_dark_glaring_and_lit_from_one_side(yunet: YuNet) -> None:
    pixels = photograph(0)
    shade = np.where(np.arange(pixels.shape[1]) < pixels.shape[1] // 2, 0.12, 1.0)[None, :, None]
    spoiled = {
        "dark": pixels * 0.15,
        "glaring": np.clip(pixels * 4.0, 0, 255),
        "one side": pixels * shade,
    }
    for name, changed in spoiled.items():
        found = defects(yunet, changed.astype(np.uint8))
        assert FaceDefect.DARK in found or FaceDefect.NONE in found, name


def test_small_face(yunet: YuNet) -> None:
    small = np.asarray(cv2.resize(photograph(0), (180, 180), interpolation=cv2.INTER_AREA), np.uint8)
    assert defects(yunet, small) == (FaceDefect.SMALL,)


def test_reasons_come_in_their_order(yunet: YuNet) -> None:
    scene = np.hstack([photograph(0, HeadLook(mask=MASKS["azul"])), photograph(1)])
    found = defects(yunet, np.asarray(cv2.resize(scene, (360, 180), interpolation=cv2.INTER_AREA), np.uint8))
    assert list(found) == sorted(found, key=list(FaceDefect).index)
    assert len(found) > 1


def test_thresholds_are_settings(yunet: YuNet) -> None:
    pixels = photograph(0)
    assert judge(pixels, yunet.faces(pixels), LiveSettings(width=1000))[0] == (FaceDefect.SMALL,)


def test_figures_say_why(yunet: YuNet) -> None:
    pixels = photograph(0)
    figures = judge(pixels, yunet.faces(pixels), LiveSettings())[1]
    assert figures["faces"] == 1
    assert 0.055 < figures["sharpness"] < 0.5
    assert figures["width"] > 100
