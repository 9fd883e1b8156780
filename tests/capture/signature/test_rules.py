"""What is a mark and what is a signature, whatever the pen, the place and the size."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.imaging.picture import Pixels
from capture.reading.results import SignatureDefect
from capture.signature.ink import ink_of
from capture.signature.rules import defects_of
from capture.specimens.marks import KINDS
from tests.capture.signature.drawing import BLANK, marked, signature

PEOPLE, MARKS = 120, 60
SIZES = ((640, 320), (330, 200), (760, 260), (360, 150))


def found(picture: Pixels) -> tuple[SignatureDefect, ...]:
    return defects_of(ink_of(picture))


@pytest.mark.req("APO-18")
def test_a_signature_is_no_mark() -> None:
    wrong = [seed for seed in range(PEOPLE) if found(signature(seed, 1, SIZES[seed % 4], 3 + seed % 4))]
    assert len(wrong) <= PEOPLE // 100


@pytest.mark.req("APO-18")
@pytest.mark.parametrize("kind", KINDS)
def test_a_mark_is_found_and_named(kind: str) -> None:
    told = [found(marked(kind, seed)) for seed in range(MARKS)]
    assert told.count((SignatureDefect(kind),)) >= 0.95 * MARKS
    assert sum(not one for one in told) <= 0.02 * MARKS


def test_a_letter_that_is_written_is_an_initial_and_a_name_is_none() -> None:
    def written(text: str) -> Pixels:
        picture = np.full((320, 1280, 3), 255, np.uint8)
        return cv2.putText(picture, text, (20, 200), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 4, (0, 0, 0), 6)

    assert found(written("J R")) == (SignatureDefect.INITIALS,)
    for name in ("Guadalupe", "Maria Perez", "Rodolfo", "Ana", "Juan", "Noe"):
        assert found(written(name)) == ()


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_even_sheet_is_empty(level: int) -> None:
    assert found(np.full((320, 640, 3), level, np.uint8)) == (SignatureDefect.EMPTY,)
    noise = np.random.default_rng(1).normal(0, 4, BLANK.shape)
    assert found(np.clip(200 + noise, 0, 255).astype(np.uint8)) == (SignatureDefect.EMPTY,)


def test_an_empty_box_with_its_frame_is_empty() -> None:
    assert found(cv2.rectangle(BLANK.copy(), (2, 2), (637, 317), (0, 0, 0), 3)) == (SignatureDefect.EMPTY,)


EXAMPLES = [
    *((kind, seed) for kind in ("punto", "cruz", "paloma") for seed in (0, 4, 8)),
    *(
        ("linea", seed) for seed in (8, 20)
    ),  # two lines that nearly touch are one thing in one size, another in another
]


@given(
    example=st.sampled_from(EXAMPLES),
    factor=st.floats(0.5, 3),
    left=st.integers(0, 300),
    top=st.integers(0, 300),
    ground=st.integers(170, 255),
)
@settings(max_examples=40, deadline=None)
def test_size_place_and_paper_change_nothing_of_a_mark(
    example: tuple[str, int], factor: float, left: int, top: int, ground: int
) -> None:
    drawn = marked(*example)
    height, width = (max(1, round(side * factor)) for side in drawn.shape[:2])
    sized = cv2.resize(
        drawn, (width, height), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    )
    sheet = np.full((height + top, width + left, 3), 255, np.uint8)
    sheet[top:, left:] = sized
    assert found((sheet * (ground / 255)).astype(np.uint8)) == found(drawn)


@given(seed=st.integers(0, 40), pen=st.integers(3, 9), factor=st.floats(0.6, 2.5))
@settings(max_examples=40, deadline=None)
def test_size_and_pen_change_nothing_of_a_signature(seed: int, pen: int, factor: float) -> None:
    size = round(640 * factor), round(320 * factor)
    assert found(signature(seed, 1, size, max(2, round(pen * factor)))) == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (2, 2), (0, 0)])
def test_pictures_of_odd_shapes_are_read(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 255, np.uint8)
    assert found(picture) == (SignatureDefect.EMPTY,)
    if picture.size:
        picture[0, 0] = 0
        assert len(found(picture)) <= 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_noise_is_read_without_a_fault(seed: int) -> None:
    draw = np.random.default_rng(seed)
    shape = (*draw.integers(1, 90, 2), 3)
    assert len(found(draw.integers(0, 256, shape, np.uint8))) <= 1
