"""A signature beside the card's: likeness is advice, and what the card has counts."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from capture.imaging.decoding import decode
from capture.imaging.picture import Pixels
from capture.reading.results import SignatureDefect
from capture.reading.suggestions_person import DEFAULT
from capture.signature.reading import read_signature
from capture.signature.strokes import parse_strokes
from tests.capture.signature.drawing import BLANK, marked, signature

PEOPLE = range(24)
CARD = (360, 150)


def on_ground(drawn: Pixels) -> Pixels:
    """As a card has it: over a tinted ground with lines."""
    height, width = drawn.shape[:2]
    ground = np.full((height, width, 3), (215, 225, 205), np.uint8)
    for y in range(0, height, 9):
        cv2.line(ground, (0, y), (width, y + 5), (185, 200, 180), 1, cv2.LINE_AA)
    return np.asarray(cv2.multiply(ground, drawn, scale=1 / 255), dtype=np.uint8)


@pytest.mark.req("APO-18")
def test_the_same_hand_is_more_alike_than_others() -> None:
    cards = [on_ground(signature(seed, 1, CARD, 3)) for seed in PEOPLE]
    given = [signature(seed, 2) for seed in PEOPLE]
    same = [read_signature(one, card).similarity for one, card in zip(given, cards, strict=True)]
    other = [
        read_signature(one, card).similarity for one, card in zip(given, cards[1:] + cards[:1], strict=True)
    ]
    assert all(one is not None and one > DEFAULT.signature_alike for one in same)
    assert np.median([one or 0 for one in other]) < 0.5 * np.median([one or 0 for one in same])


def test_the_very_same_drawing_is_as_alike_as_can_be() -> None:
    drawn = signature(3)
    assert read_signature(drawn, drawn).similarity == 1
    assert read_signature(drawn, cv2.resize(drawn, None, fx=0.6, fy=0.6)).similarity == pytest.approx(
        1, abs=0.1
    )


def test_likeness_falls_as_the_hand_departs() -> None:
    drawn = signature(5)
    height, width = drawn.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    said = []
    for depart in (0, 8, 24, 60):
        bent = cv2.remap(
            drawn,
            x + depart * np.sin(y / 40).astype(np.float32),
            y + depart * np.sin(x / 60).astype(np.float32),
            cv2.INTER_LINEAR,
            borderValue=(255, 255, 255),
        )
        said.append(read_signature(bent, drawn).similarity or 0.0)
    assert said == sorted(said, reverse=True)
    assert said[0] > said[-1]


def test_without_a_signature_on_one_of_both_nothing_is_compared() -> None:
    drawn, ground = signature(1), on_ground(BLANK)
    assert read_signature(drawn, None).similarity is None
    assert read_signature(drawn, ground).similarity is None
    empty = read_signature(BLANK, drawn)
    assert (empty.defects, empty.similarity) == ((SignatureDefect.EMPTY,), None)


@pytest.mark.req("APO-18")
def test_a_mark_that_the_card_has_too_is_no_defect() -> None:
    cross, tick = marked("cruz", 4), marked("paloma", 4)
    assert read_signature(cross, None).defects == (SignatureDefect.CROSS,)
    assert read_signature(cross, on_ground(cross)).defects == ()
    assert read_signature(cross, on_ground(tick)).defects == (SignatureDefect.CROSS,)
    assert read_signature(BLANK, BLANK).defects == (SignatureDefect.EMPTY,)


def test_a_png_may_be_transparent_inverted_or_of_a_single_colour() -> None:
    drawn = signature(2)
    alpha = 255 - drawn[:, :, 0]
    layers = np.dstack([np.zeros_like(drawn), alpha])
    file = io.BytesIO()
    Image.fromarray(layers, "RGBA").save(file, "PNG")
    expected = read_signature(drawn, drawn)
    for picture in (decode(file.getvalue()), 255 - drawn, np.maximum(drawn, (200, 60, 0)).astype(np.uint8)):
        found = read_signature(picture, drawn)
        assert found.defects == expected.defects == ()
        assert found.similarity == pytest.approx(1, abs=0.1)


def test_strokes_are_judged_beside_the_picture() -> None:
    dot = parse_strokes([[[0.5, 0.3, 0.0, 0.5], [0.5, 0.3, 0.1, 0.5]]])
    assert read_signature(signature(1), None, dot).defects == (SignatureDefect.DOT,)
    assert read_signature(signature(1), None, ()).defects == (SignatureDefect.EMPTY,)
