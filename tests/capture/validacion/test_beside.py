"""Typed beside read: nothing is completed, nothing is corrected, and what was not read says why (SEI-06)."""

from __future__ import annotations

from typing import Any

import pytest

from capture.imaging.picture import Box
from capture.packet.record import FIELDS
from capture.preregistro.form import RequestData, read_data
from capture.reading.results import (
    CardReading,
    FaceReading,
    Found,
    Missing,
    RecordReading,
    Side,
    SignatureReading,
)
from capture.validacion.beside import Beside, beside
from tests.capture.preregistro.asking import fields_of

PLACE = Box(0.1, 0.2, 0.3, 0.1)


def typed(**changes: Any) -> RequestData:
    """What person 7 typed."""
    return read_data(fields_of(7, **changes))


def reading(values: dict[str, str], address: dict[str, str] | None = None) -> RecordReading:
    """Of a credential that shows these, each at one place."""
    found = {name: Found(None, missing=Missing.UNCLEAR, side=Side.ANVERSO) for name in FIELDS}
    found |= {n: Found(text, sure=0.9, side=Side.ANVERSO, where=PLACE) for n, text in values.items()}
    parts = {n: Found(text, sure=0.8, side=Side.ANVERSO) for n, text in (address or {}).items()}
    card = CardReading("E", {}, {}, found, address=parts)
    return RecordReading(card, FaceReading(()), SignatureReading(()))


def rows(data: RequestData, read: RecordReading | None) -> dict[str, Beside]:
    """By name."""
    return {row.name: row for row in beside(data, read)}


@pytest.mark.req("SEI-06")
def test_each_field_stands_beside_what_the_credential_says() -> None:
    read = reading(
        {"nombre": "ANA", "apellido_paterno": "GOMEZ", "ocr": "9999999999999", "clave_elector": "X"},
        {"demarcacion": "MILPA ALTA", "codigo_postal": "12000", "calle": "AV HIDALGO"},
    )
    found = rows(typed(), read)
    agrees = {name: row.agrees for name, row in found.items()}
    assert {name for name, said in agrees.items() if said} == {
        "nombre",
        "apellido_paterno",
        "demarcacion",
        "cp",
    }
    assert {name for name, said in agrees.items() if said is False} == {"ocr", "clave_elector", "calle"}
    assert found["ocr"].read == Found("9999999999999", sure=0.9, side=Side.ANVERSO, where=PLACE)
    assert (found["ocr"].file, found["ocr"].where) == ("anverso.jpg", PLACE)
    assert found["calle"].file is None, "no place is known: nothing to cut out"


@pytest.mark.req("SEI-06")
def test_what_was_not_read_is_empty_and_says_why() -> None:
    found = rows(typed(), reading({}))
    told = {name: row.read for name, row in found.items()}
    assert all(one is not None and one.value is None and one.missing for one in told.values())
    assert all(row.agrees is None for row in found.values())
    seccion, street, unit = told["seccion"], told["calle"], told["unidad"]
    assert seccion is not None
    assert seccion.missing is Missing.UNCLEAR
    assert street == Found(None, missing=Missing.NOT_FOUND)
    assert unit == Found(None, missing=Missing.NOT_ON_MODEL), "no credential has the Unidad Territorial"


def test_without_a_reading_nothing_is_said_of_any_field() -> None:
    found = rows(typed(), None)
    told = {(row.read, row.agrees, row.file, row.where) for row in found.values()}
    assert told == {(None, None, None, None)}
    assert found["nombre"].typed == "Ana"


def test_the_channels_of_clave_and_token_are_not_among_the_fields() -> None:
    assert not {"correo", "telefono"} & set(rows(typed(), None))


@pytest.mark.parametrize(("read", "agrees"), [("2031", True), ("2021-2031", True), ("2031-2041", False)])
def test_of_a_validity_the_year_in_which_it_ends_counts(read: str, agrees: bool) -> None:
    assert rows(typed(vigencia="2031"), reading({"vigencia": read}))["vigencia"].agrees is agrees


def test_an_optional_field_that_was_left_empty_contradicts_nothing() -> None:
    row = rows(typed(numero_interior=""), reading({}, {"numero_interior": "4"}))["numero_interior"]
    assert (row.agrees, row.read and row.read.value) == (None, "4")
