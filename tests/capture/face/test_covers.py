"""The rules of 002 §4.6 on drawn people in their live photographs, covered and not."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from capture.face.live import LiveSettings, judge
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from capture.reading.results import FaceDefect
from capture.specimens.face import invent_face
from capture.specimens.live import live_photo
from tests.capture.face.covers import ALLOWED, DARK_GLASSES, MASKS, worn

pytestmark = pytest.mark.req("APO-10")
PEOPLE = (41, 44, 47)
SEEN = (
    *MASKS,
    *DARK_GLASSES,
    "paliacate rojo",
    "bufanda gris",
    "teléfono",
    "gorra azul",
    "gorra rojo",
    "gorra verde",
)
NOT_SEEN = ("gorra negro", "gorra blanco", "mano")


@cache
def live(seed: int, yaw: float | None = None) -> Pixels:
    """A live photograph of somebody who does not exist."""
    numbers = np.random.default_rng(seed)
    face = invent_face(numbers, woman=bool(seed % 2), age=18 + seed % 60)
    return live_photo(face, numbers, yaw)


def defects(yunet: YuNet, pixels: Pixels) -> tuple[FaceDefect, ...]:
    return judge(pixels, yunet.faces(pixels), LiveSettings())[0]


def dressed(yunet: YuNet, seed: int, cover: str) -> tuple[FaceDefect, ...]:
    return defects(yunet, worn(live(seed), yunet.faces(live(seed))[0], cover, seed))


@pytest.mark.parametrize("seed", range(40, 52))
def test_good_photograph_of_a_drawn_person_passes(yunet: YuNet, seed: int) -> None:
    assert defects(yunet, live(seed)) == ()


@pytest.mark.parametrize("seed", PEOPLE)
@pytest.mark.parametrize("cover", SEEN)
def test_cover_is_named(yunet: YuNet, cover: str, seed: int) -> None:
    found = dressed(yunet, seed, cover)
    assert FaceDefect.COVERED in found or FaceDefect.NONE in found


@pytest.mark.parametrize("seed", PEOPLE)
@pytest.mark.parametrize("cover", [*ALLOWED, *NOT_SEEN])
def test_needed_glasses_pass_and_what_looks_like_hair_or_skin_is_not_claimed(
    yunet: YuNet, cover: str, seed: int
) -> None:
    assert dressed(yunet, seed, cover) == ()


@pytest.mark.parametrize("seed", PEOPLE)
def test_nothing_is_covered_out_of_focus_or_in_other_light(yunet: YuNet, seed: int) -> None:
    soft = np.asarray(cv2.GaussianBlur(live(seed), (0, 0), 3), np.uint8)
    warm = np.clip(live(seed) * np.array([0.6, 0.85, 1.1]), 0, 255).astype(np.uint8)
    lit = np.clip(live(seed).astype(float) * 1.3, 0, 255).astype(np.uint8)
    for pixels in (soft, warm, lit):
        assert FaceDefect.COVERED not in defects(yunet, pixels)


@pytest.mark.parametrize("seed", PEOPLE)
def test_picture_on_the_wall_is_nobody(yunet: YuNet, seed: int) -> None:
    scene = live(seed).copy()
    small = np.asarray(cv2.resize(live(seed + 1), (108, 144), interpolation=cv2.INTER_AREA), np.uint8)
    scene[20:164, 10:118] = small
    assert FaceDefect.SEVERAL not in defects(yunet, scene)
