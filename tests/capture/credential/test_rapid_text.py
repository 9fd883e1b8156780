"""rapidocr on words that we write: characters, places, what stands on its head or upright."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from PIL import Image

from capture.credential import rapid_text
from capture.credential.rapid_text import RapidTextReader, _Decoder
from capture.imaging.picture import Box, Pixels
from capture.specimens import lettering
from keys.errors import FormatRefusal

WORDS = ("MADROÑO AGÜERO", "MARÍA DE LOS ÁNGELES", "CEPA490102MQTBXB09", "IDMEX123456789<<0123456789012")


def sheet(words: Sequence[str] = WORDS, ink: int = 20) -> Pixels:
    """Lines of words on white paper of 1200 × 600."""
    page = Image.new("RGB", (1200, 600), (235, 235, 235))
    for at, text in enumerate(words):
        font = lettering.MACHINE if "<" in text else lettering.REGULAR
        lettering.write(page, text, (60, 60 + 120 * at, 1080, 50), font, (ink, ink, ink))
    return np.ascontiguousarray(np.asarray(page)[..., ::-1])


def test_words_and_where_they_are(text_reader: RapidTextReader) -> None:
    page = text_reader.read(sheet())
    assert tuple(line.text for line in page.lines) == WORDS
    assert not page.turned
    for at, line in enumerate(page.lines):
        assert line.sure > 0.8
        assert not line.vertical
        assert line.where.top <= (85 + 120 * at) / 600 <= line.where.top + line.where.height
        assert abs(line.where.left - 60 / 1200) < 0.02


def test_a_page_on_its_head_is_turned_and_so_are_its_places(text_reader: RapidTextReader) -> None:
    plain = text_reader.read(sheet())
    turned = text_reader.read(np.ascontiguousarray(sheet()[::-1, ::-1]))
    assert turned.turned
    assert [line.text for line in turned.lines] == [line.text for line in plain.lines]
    for one, other in zip(turned.lines, plain.lines, strict=True):
        assert abs(one.where.top - other.where.top) < 0.03


@pytest.mark.parametrize("quarters", [1, 3])
def test_an_upright_number_is_read_both_ways(text_reader: RapidTextReader, quarters: int) -> None:
    page = Image.new("RGB", (900, 90), (235, 235, 235))
    lettering.write(page, "0123456789012", (50, 20, 800, 50), lettering.REGULAR, (20, 20, 20))
    upright = np.full((1000, 1586, 3), 235, np.uint8)
    upright[50:950, 1400:1490] = np.rot90(np.asarray(page), quarters)
    (line,) = text_reader.read(upright).lines
    assert (line.text, line.vertical) == ("0123456789012", True)


def test_only_the_chosen_lines_are_read(text_reader: RapidTextReader) -> None:
    offered: list[int] = []

    def lowest(boxes: Sequence[Box]) -> list[int]:
        offered.append(len(boxes))
        return [max(range(len(boxes)), key=lambda at: boxes[at].top)]

    page = text_reader.read(sheet(), lowest)
    assert offered == [len(WORDS)]
    assert [line.text for line in page.lines] == [WORDS[-1]]


@pytest.mark.parametrize("shape", [(600, 900), (40, 2000), (2000, 40), (1, 1)])
def test_nothing_is_read_where_nothing_is(text_reader: RapidTextReader, shape: tuple[int, int]) -> None:
    assert text_reader.read(np.full((*shape, 3), 200, np.uint8)).lines == ()
    noise = np.random.default_rng(3).integers(0, 255, (*shape, 3)).astype(np.uint8)
    for line in text_reader.read(noise).lines:
        assert 0 <= line.sure <= 1


def test_the_same_picture_gives_the_same_page_and_is_not_written_on(text_reader: RapidTextReader) -> None:
    picture = sheet()
    before = picture.copy()
    assert text_reader.read(picture) == text_reader.read(picture)
    assert np.array_equal(before, picture)


def test_blurred_words_are_less_sure(text_reader: RapidTextReader) -> None:
    clear = min(line.sure for line in text_reader.read(sheet()).lines)
    blurred = np.asarray(cv2.GaussianBlur(sheet(), (0, 0), 9), np.uint8)
    assert min((line.sure for line in text_reader.read(blurred).lines), default=0.0) < clear


def test_the_engine_has_a_version(text_reader: RapidTextReader) -> None:
    name, version = text_reader.engine.split()
    assert name == "rapidocr"
    assert version[0].isdigit()


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody wants the network")

    monkeypatch.setattr(socket, "socket", refuse)
    assert [line.text for line in RapidTextReader().read(sheet()).lines] == list(WORDS)


def test_a_model_that_is_not_in_the_wheel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rapid_text._MODELS, "Rec", "otro.onnx")
    with pytest.raises(FormatRefusal) as refused:
        RapidTextReader()
    assert refused.value.rule == "lectura.modelo"


@pytest.mark.parametrize(("likely", "text"), [(0.05, "ELMEZ"), (0.42, "EL MEZ"), (0.9, "EL MEZ")])
def test_a_narrow_space_is_one_where_it_is_likely(likely: float, text: str) -> None:
    characters = ["", *"ELMZ "]
    steps = np.zeros((1, 6, len(characters)), np.float32)
    for at, letter in enumerate("EL?MEZ"):
        if letter == "?":
            steps[0, at, [0, characters.index(" ")]] = 1 - likely, likely
        else:
            steps[0, at, characters.index(letter)] = 1.0
    assert _Decoder(characters)(steps)[0] == [(text, 1.0)]
