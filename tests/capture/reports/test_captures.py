"""Days, hours, devices and coordinates of capture, for the authority."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from capture.packet.record import Location
from capture.processing.datos import Datos, Fuente, Valor
from capture.records.store_sql import SqlRecords
from capture.records.tables import registros
from capture.reports.captures import HEADERS, Captures, Place, _degrees, _place, write_csv
from capture.vault.boveda import read_of
from keys.errors import Refusal
from ledger.database import Database
from tests.capture.packet.making import body, new_folio
from tests.capture.records.making import PROCESO, START, ListedActs, folio, new_record

PLACE = {"latitud": 22.771234, "longitud": -102.573, "exactitud": 12}


class Boveda:
    """Seals by writing what it is."""

    def unseal(self, proceso: str, data: bytes) -> bytes:
        if data == b"ajeno":
            raise Refusal("boveda.sobre", "sobre", "de este proceso", "otro")
        return data


def fill(database: Database, *sealed: bytes | None) -> None:
    with database.writing() as connection:
        records = SqlRecords(connection, ListedActs())
        for number, data in enumerate(sealed):
            records.create(new_record(number, dispositivo=f"d-{number}"))
            row = update(registros).where(registros.c.folio == folio(number))
            connection.execute(row.values(datos=data))


def datos(**context: float) -> bytes:
    return Datos({"clave_elector": Valor("PRPRLZ80010132M100", Fuente.QR, 1.0)}, context).encode()


@pytest.mark.req("APO-25")
def test_each_capture_has_its_day_hour_device_and_coordinates(database: Database) -> None:
    fill(database, datos(**PLACE), datos(), None, b"ajeno")
    file = io.StringIO(newline="")
    amount = write_csv(Captures(database, Boveda()).of_process(PROCESO, START + timedelta(days=1)), file)
    lines = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert amount == len(lines) == 4
    assert tuple(lines[0]) == HEADERS
    first = lines[0]
    assert (first["dia"], first["hora"], first["dispositivo"]) == ("2022-12-14", "11:00:00", "d-0")
    assert (first["latitud"], first["longitud"], first["exactitud_metros"]) == (
        "22.771234",
        "-102.573000",
        "12",
    )
    assert [line["ubicacion"] for line in lines] == ["registrada", "no-registrada", "sin-procesar", "no-abre"]
    assert "PRPR" not in file.getvalue()


def test_what_came_after_the_instant_is_not_there(database: Database) -> None:
    fill(database, datos(), datos())
    found = list(Captures(database, Boveda()).of_process(PROCESO, START + timedelta(minutes=1)))
    assert [one.record.folio for one in found] == [folio(0)]


@given(st.integers(-180_000_000, 180_000_000))
def test_degrees_are_written_exactly(millionths: int) -> None:
    assert round(float(_degrees(millionths)) * 1_000_000) == millionths


@given(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
def test_the_place_that_the_device_sent_is_the_one_that_is_told(latitude: int, longitude: int) -> None:
    captured = replace(body(new_folio()).record, location=Location(latitude, longitude, 7))
    assert _place(read_of(captured).contexto) == Place(latitude, longitude, 7)
