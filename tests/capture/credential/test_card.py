"""Drawn cards before real engines: each model, each in another light."""

from __future__ import annotations

import numpy as np
import pytest

from capture.credential.card import CardReader
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.credential.seeing import TURNED
from capture.packet.record import FIELDS
from capture.reading.results import SURE, CardReading, Defect, Missing, Side
from tests.capture.credential.reading import photographs
from tests.capture.specimens.making import specimen

PHOTOGRAPHED = (
    ("C", "mesa"),
    ("D", "perspectiva"),
    ("E", "giro-180"),
    ("F", "jpeg-30"),
    ("G", "giro-15"),
    ("H", "mano"),
    ("I", "desenfoque-leve"),
    ("J", "giro-90"),
)
NOTHING = np.full((1000, 1600, 3), 120, np.uint8)


@pytest.fixture(scope="module")
def cards(text_reader: RapidTextReader) -> CardReader:
    return CardReader(text_reader, judge)


@pytest.mark.slow
@pytest.mark.req("SEI-03")
@pytest.mark.req("APO-18")
@pytest.mark.parametrize(("model", "degradation"), PHOTOGRAPHED)
def test_each_model_is_read_exactly(cards: CardReader, model: str, degradation: str) -> None:
    reading = cards.read(*photographs(model, degradation))
    truth = specimen(model).values
    assert {side: quality.defects for side, quality in reading.sides.items()} == dict.fromkeys(Side, ())
    assert {name: found.value for name, found in reading.values.items() if found.value} == truth
    assert reading.model == model
    assert reading.shown == {side: side for side in Side}
    assert reading.same_card is True
    assert reading.contradictions == ()
    assert set(specimen(model).codes.values()) <= {code.text for code in reading.codes}
    assert _reasons(reading) <= {Missing.NOT_ON_MODEL}


def _reasons(reading: CardReading) -> set[Missing | None]:
    assert tuple(reading.values) == FIELDS
    return {found.missing for found in reading.values.values() if found.value is None}


@pytest.mark.slow
def test_the_address_in_its_parts(cards: CardReader) -> None:
    reading = cards.read(*photographs("G", "giro-15"))
    street, quarter, town = specimen("G").person.shown["domicilio"].split("\n")
    said = {name: found.value for name, found in reading.address.items()}
    assert f"{said['calle']} {said['numero_exterior']}" == street
    assert f"{said['colonia']} {said['codigo_postal']}" == quarter
    assert f"{said['demarcacion']}, {said['estado']}" == town.rstrip(".")


@pytest.mark.slow
def test_exchanged_photographs_are_read_all_the_same(cards: CardReader) -> None:
    front, back = photographs("E", "giro-180")
    reading = cards.read(back, front)
    assert reading.shown == {Side.ANVERSO: Side.REVERSO, Side.REVERSO: Side.ANVERSO}
    assert {name: found.value for name, found in reading.values.items() if found.value} == specimen(
        "E"
    ).values


@pytest.mark.slow
@pytest.mark.req("SEI-04")
def test_the_back_of_somebody_else_is_noticed(cards: CardReader) -> None:
    front, _ = photographs("G", "giro-15")
    _, back = photographs("G", "giro-15", "otra persona")
    reading = cards.read(front, back)
    assert reading.same_card is False
    assert {"cruce.nombre", "cruce.fecha", "cruce.seccion"} <= {one.rule for one in reading.contradictions}


@pytest.mark.slow
def test_what_cannot_be_read_is_empty_and_says_why(cards: CardReader) -> None:
    _, back = photographs("G", "giro-15")
    front, _ = photographs("G", "movida")
    reading = cards.read(front, back)
    assert Defect.BLURRED in reading.sides[Side.ANVERSO].defects
    truth = specimen("G").values
    for name, found in reading.values.items():
        assert found.value is not None or found.missing in (Missing.BAD_IMAGE, Missing.NOT_ON_MODEL)
        assert found.sure < SURE or found.value == truth.get(name)
    assert reading.values["cic"].value == truth["cic"]


def test_no_card_is_nothing_read(cards: CardReader) -> None:
    reading = cards.read(NOTHING, NOTHING)
    assert reading.model is None
    assert reading.same_card is None
    assert reading.shown == dict.fromkeys(Side)
    assert all(Defect.NO_CARD in quality.defects for quality in reading.sides.values())
    assert {found.value for found in reading.values.values()} == {None}
    assert _reasons(reading) == {Missing.BAD_IMAGE}
    assert reading.address == {}


@pytest.mark.slow
def test_a_card_on_its_head_says_so(text_reader: RapidTextReader) -> None:
    front, back = photographs("J", "giro-90")
    read_upright = CardReader(text_reader).read(front, back)
    again = CardReader(text_reader).read(front[::-1, ::-1].copy(), back[::-1, ::-1].copy())
    assert {n: f.value for n, f in again.values.items()} == {
        n: f.value for n, f in read_upright.values.items()
    }
    for quality in again.sides.values():
        assert set(quality.figures) <= {TURNED}
