"""Other people's programs read what is drawn, and nothing lies where something is read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, DRAWN_MODELS, Kind, layout
from capture.reading.results import Side
from capture.specimens import draw as drawing
from capture.specimens.backgrounds import ground
from capture.specimens.draw import draw
from capture.specimens.people import invent_person
from keys.randomness import SeededRandomness
from tests.capture.specimens.making import specimen


@pytest.mark.req("APO-10")
@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_zxing_reads_every_code(model: str) -> None:
    made = specimen(model)
    read = {code.text for code in zxingcpp.read_barcodes(made.back)}
    assert set(made.codes.values()) <= read
    dense = [r for r in layout(model, Side.REVERSO).of_kind(Kind.CODE) if r.name.startswith("qr_denso")]
    assert len(read) == len(made.codes) + len(dense)


@pytest.mark.parametrize("model", "CEG")
def test_zbar_reads_the_codes_that_it_knows(model: str) -> None:
    loud = "AVISO: sin libzbar0 NO se comparó con pyzbar"
    pyzbar = pytest.importorskip("pyzbar.pyzbar", reason=loud, exc_type=ImportError)
    made = specimen(model)
    kinds = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128]
    read = {code.data.decode(errors="replace") for code in pyzbar.decode(made.back, symbols=kinds)}
    assert {text for name, text in made.codes.items() if name != "pdf417"} <= read


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    sides = []
    for seed in ("una", "una", "otra"):
        source = SeededRandomness(seed)
        made = draw(invent_person(source, "G"), source)
        sides.append((made.front.tobytes(), made.back.tobytes()))
    assert sides[0] == sides[1]
    assert sides[0] != sides[2]


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_the_mark_of_a_specimen_stays_in_its_place(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SeededRandomness("marca")
    person = invent_person(source, model)
    marked = draw(person, source.child("dibujo"))
    monkeypatch.setattr(drawing, "_WORDS", "")
    plain = draw(person, source.child("dibujo"))
    for side, one, other in (
        (Side.ANVERSO, marked.front, plain.front),
        (Side.REVERSO, marked.back, plain.back),
    ):
        mark = layout(model, side).find(Kind.MARK)
        assert mark is not None
        changed = np.argwhere((one != other).any(axis=2))
        assert len(changed) > 5_000
        (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
        assert left >= round(mark.box.left * CARD_WIDTH)
        assert top >= round(mark.box.top * CARD_HEIGHT)
        assert right < round((mark.box.left + mark.box.width) * CARD_WIDTH)
        assert bottom < round((mark.box.top + mark.box.height) * CARD_HEIGHT)


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_every_region_is_drawn(model: str) -> None:
    made = specimen(model)
    for side, pixels in ((Side.ANVERSO, made.front), (Side.REVERSO, made.back)):
        assert pixels.shape == (CARD_HEIGHT, CARD_WIDTH, 3)
        under = ground(model, side)
        for region in layout(model, side).regions:
            assert (region.box.of(pixels) != region.box.of(under)).mean() > 0.02, region.name


def test_long_values_stay_in_their_place() -> None:
    person = invent_person(SeededRandomness("largo"), "E")
    texts = dict(person.printed) | {"nombre": "FRANCISCO ALEJANDRO MAXIMILIANO " * 3}
    long = draw(type(person)(person.invented, texts, person.mrz, person.codes), SeededRandomness("d"))
    short = draw(person, SeededRandomness("d"))
    region = layout("E", Side.ANVERSO).find(Kind.TEXT, "nombre")
    assert region is not None
    changed = np.argwhere((long.front != short.front).any(axis=2))
    assert changed[:, 1].max() < round((region.box.left + region.box.width) * CARD_WIDTH)


def test_a_photograph_takes_the_place_of_the_drawn_face() -> None:
    person = invent_person(SeededRandomness("foto"), "E")
    photo = np.full((300, 200, 3), (10, 200, 30), dtype=np.uint8)
    cv2.circle(photo, (100, 150), 40, (200, 10, 10), -1)
    made = draw(person, SeededRandomness("d"), photo)
    region = layout("E", Side.ANVERSO).find(Kind.PHOTO)
    assert region is not None
    assert (region.box.of(made.front)[2, 2] == (10, 200, 30)).all()
