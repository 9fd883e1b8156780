"""Prints of a photograph before the camera: turned or rolled, they do not follow to both sides.

Measured besides on twenty-eight photographs, half of them of real people from packages' samples, which are
not kept here: flat prints of those that were not quite frontal reached the offset of a turn to one side, none
to both; a print rolled over two radians reached both in three. So each order has both sides, and a person
reviews.
"""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np
import pytest

from capture.face.challenge import ChallengeSettings, Observation, draw_turns, judge_frames, observed
from capture.face.yunet import YuNet
from capture.imaging.picture import Pixels
from capture.specimens.face import invent_face
from capture.specimens.live import live_photo
from tests.capture.face.scenes import PEOPLE, bent_print, flat_print, photograph

pytestmark = pytest.mark.req("SEI-04")
SETTINGS = ChallengeSettings()
ANGLES = (0, 0, 0, 25, 25, 40, 40, 55, 55, 25, 0, 0, 0, -25, -25, -40, -40, -55, -55, -25, 0, 0, 0)
"""Degrees, frame by frame: to one side, back, and to the other."""


def portrait(person: int) -> Pixels:
    """Heads of both kinds that are drawn here, 360 pixels a side."""
    if person < PEOPLE:
        return photograph(person)
    numbers = np.random.default_rng(person)
    whole = live_photo(invent_face(numbers, woman=bool(person % 2)), numbers)
    return np.asarray(cv2.resize(whole[120:840], (360, 360), interpolation=cv2.INTER_AREA), np.uint8)


def shown(yunet: YuNet, pictures: list[Pixels]) -> list[Observation]:
    return [observed(i / 8, yunet.faces(picture), SETTINGS) for i, picture in enumerate(pictures)]


@pytest.mark.parametrize("arc", [0.0, 1.0])
@pytest.mark.parametrize("person", [0, 2, 3, 5, PEOPLE, PEOPLE + 1])
def test_turned_print_passes_no_order(yunet: YuNet, person: int, arc: float) -> None:
    pixels = portrait(person)
    made = {a: bent_print(pixels, a, arc) if arc else flat_print(pixels, a) for a in set(ANGLES)}
    for way in (1, -1):
        frames = shown(yunet, [made[way * angle] for angle in ANGLES])
        assert not (max(o.offset for o in frames) >= 0.11 and min(o.offset for o in frames) <= -0.11)
        for bits in product((0, 1), repeat=3):
            asked = draw_turns(bytes(bits), 3)
            assert not judge_frames(frames, asked).passed
            assert not judge_frames(frames, asked[:2] if len(set(asked[:2])) == 2 else asked).passed
