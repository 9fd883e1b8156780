"""Auxiliares are asked about once for each corte, and only while they are active."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, select

from capture.auxiliares.tables import auxiliares
from capture.compulsa.auxiliares import ask_about_auxiliares
from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.loading import Loading, Source
from capture.padron.store_sql import SqlPadron
from ledger.database import Database
from tests.capture.processes_made import REGISTERED, auxiliar_row, make_auxiliares, make_process

KEY = PadronKey(bytes(32))
NOW = datetime(2022, 12, 20, 12, tzinfo=UTC)
ROWS = [auxiliar_row(number, REGISTERED) for number in (1, 2)] + [auxiliar_row(3, REGISTERED, baja=NOW)]


def padron(connection: Connection) -> SqlPadron:
    return SqlPadron(connection, KEY)


def load(database: Database, fecha: date, situacion: str) -> None:
    line = f"{ROWS[0]['clave_elector']},123456789,,{situacion},32\n"
    text = f"clave_elector,cic,ocr,situacion,entidad\n{line}"
    work = Loading(database, KEY, lambda _: None, lambda _: None, lambda: NOW)
    work.run(Source(io.BytesIO(text.encode()), "padron.csv", fecha))


@pytest.mark.req("APO-05")
def test_they_are_asked_about_once_for_each_corte(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.compulsa.auxiliares.BATCH", 1)
    with database.writing() as connection:
        make_process(connection)
        make_auxiliares(connection, ROWS)
    with pytest.raises(PadronRefusal):
        ask_about_auxiliares(database, padron)
    load(database, date(2022, 12, 1), "lista-nominal")
    assert ask_about_auxiliares(database, padron) == 2
    assert ask_about_auxiliares(database, padron) == 0
    assert kept(database) == ["lista-nominal", "registro-no-encontrado", None]
    load(database, date(2022, 12, 15), "defuncion")
    assert ask_about_auxiliares(database, padron) == 2
    assert kept(database) == ["defuncion", "registro-no-encontrado", None]


def kept(database: Database) -> list[str | None]:
    with database.reading() as connection:
        chosen = select(auxiliares.c.situacion).order_by(auxiliares.c.id)
        return list(connection.execute(chosen).scalars())
