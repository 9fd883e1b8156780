"""Counters against a full count, whatever happens to the records, and figures that add up."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, text, update

from capture.padron.situacion import Situacion
from capture.records.states import Columna, Estado
from capture.records.tables import registros
from capture.reports import counters
from capture.reports.days import ZONE, day_of_hour
from capture.reports.errors import FiguresDisagree
from capture.reports.figures import Cell, figures, require_consistent
from capture.reports.tables import cifras_dia, movimientos
from capture.reports.triggers import install
from ledger.database import Database, open_engine

PROCESO = "F220617000000021"
START = datetime(2022, 10, 20, 5, 30, tzinfo=UTC)
KINDS = {"c": "Credencial no válida", "e": "Fotocopia de la credencial"}


def record(number: int, **changes: Any) -> dict[str, Any]:
    """A row of `registros`."""
    received = START + timedelta(hours=7 * number)
    folio = str(UUID(int=number))
    row: dict[str, Any] = {"folio": folio, "proceso": PROCESO, "modalidad": "auxiliar", "credencial": "cic"}
    row |= {"auxiliar": f"A{number % 3:09d}", "numero": f"{number:09d}", "capturado": received}
    row |= {"recibido": received, "tamano": 1, "sha256": bytes(32), "sobre": b"", "acuse": b""}
    return row | {"cuerpo": folio, "codigo": f"{number:064x}", "estado": "recibido", **changes}


def move(connection: Connection, number: int, **changes: Any) -> None:
    connection.execute(update(registros).where(registros.c.folio == str(UUID(int=number))).values(**changes))


def fill(connection: Connection, amount: int) -> None:
    connection.execute(insert(registros), [record(number) for number in range(amount)])


@pytest.mark.req("APO-21")
def test_every_change_of_a_record_changes_the_figures(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 10)
        move(connection, 1, estado="en-mesa-de-control")
        move(connection, 2, estado="con-inconsistencia", inciso="e", tipo_inconsistencia=KINDS["e"])
        move(connection, 3, estado="final", inciso="c", tipo_inconsistencia=KINDS["c"])
        move(connection, 4, estado="compulsado", situacion="defuncion")
        move(connection, 5, estado="duplicado")
        made = counters.require_counted(connection, PROCESO)
    assert made.enviados == 10
    assert made.columnas[Columna.EN_PROCESAMIENTO] == 5
    assert made.columnas[Columna.CON_INCONSISTENCIA] == 2
    assert made.inconsistencias == {KINDS["c"]: 1, KINDS["e"]: 1}
    assert made.situaciones == {Situacion.DEFUNCION: 1}
    assert list(made.meses) == [date(2022, 10, 1)]


@pytest.mark.req("APO-21")
def test_figures_by_auxiliar_add_up_before_and_after_folding(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 10)
        connection.execute(insert(registros).values(record(10, auxiliar=None, modalidad="mi-apoyo")))
        before = counters.by_auxiliar(connection, PROCESO)
        counters.compact(connection)
        assert counters.by_auxiliar(connection, PROCESO) == before
    assert {who: sum(counts.values()) for who, counts in before.items()} == {
        "A000000000": 4,
        "A000000001": 3,
        "A000000002": 3,
    }


@pytest.mark.req("APO-21")
def test_anything_that_happens_keeps_counters_and_records_together(database: Database) -> None:
    draw = random.Random(7)
    states = [state.value for state in Estado]
    with database.writing() as connection:
        fill(connection, 40)
    for _ in range(60):
        with database.writing() as connection:
            number = draw.randrange(40)
            inciso = draw.choice([None, *KINDS])
            state = draw.choice(states)
            move(connection, number, estado=state, inciso=inciso, tipo_inconsistencia=KINDS.get(inciso or ""))
            if draw.random() < 0.2:
                counters.compact(connection, draw.randrange(1, 30))
            counters.require_counted(connection, PROCESO)


def test_a_mass_update_and_a_deletion_are_counted_too(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 9)
        chosen = registros.c.auxiliar == "A000000001"
        connection.execute(update(registros).where(chosen).values(estado="baja-de-auxiliar"))
        connection.execute(delete(registros).where(registros.c.folio == str(UUID(int=0))))
        made = counters.require_counted(connection, PROCESO)
    assert made.enviados == 8
    assert made.columnas[Columna.BAJA_DE_AUXILIAR] == 3


def test_what_is_undone_is_not_counted(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        fill(connection, 3)
        raise ZeroDivisionError
    with database.reading() as connection:
        assert counters.read(connection, PROCESO).enviados == 0


def test_a_change_of_what_no_figure_shows_writes_nothing(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 1)
        move(connection, 0, datos=b"x")
        assert len(connection.execute(select(movimientos.c.id)).all()) == 1


@pytest.mark.req("APO-21")
def test_a_counter_that_was_touched_is_found(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 3)
        counters.compact(connection)
        connection.execute(update(cifras_dia).values(cantidad=cifras_dia.c.cantidad + 1))
        with pytest.raises(FiguresDisagree, match=r"cifras\.contadores"):
            counters.require_counted(connection, PROCESO)
        assert counters.rebuild(connection) == 3
        assert counters.require_counted(connection, PROCESO).enviados == 3


def test_folding_twice_at_once_counts_once(database: Database) -> None:
    with database.writing() as connection:
        fill(connection, 6)
    if database.engine.dialect.name == "sqlite":
        with database.writing() as connection:
            assert counters.compact(connection) == 6
    else:
        with database.writing() as one, database.writing() as other:
            assert counters.compact(one, 4) == 4
            other.execute(text("SET lock_timeout = '2s'"))
            taken = select(movimientos.c.id).with_for_update(skip_locked=True)
            assert len(other.execute(taken).all()) == 2
    with database.reading() as connection:
        assert counters.require_counted(connection, PROCESO).enviados == 6


@given(st.integers(0, 600_000))
def test_every_hour_begins_in_the_day_that_mexico_says(hour: int) -> None:
    instant = datetime.fromtimestamp(hour * 3600, UTC)
    assert day_of_hour(hour) == instant.astimezone(ZONE).date()
    assert day_of_hour(hour) == (instant + timedelta(minutes=59)).astimezone(ZONE).date()


@given(st.lists(st.tuples(st.sampled_from(list(Estado)), st.sampled_from(["", "a"]), st.integers(1, 9))))
def test_figures_always_add_up(drawn: list[tuple[Estado, str, int]]) -> None:
    day = date(2022, 1, 1)
    cells = [Cell(day, "auxiliar", state, inciso, "Otra", "", amount) for state, inciso, amount in drawn]
    require_consistent(figures(cells), sum(amount for *_, amount in drawn))


def test_figures_of_fewer_records_than_were_received_are_refused() -> None:
    with pytest.raises(FiguresDisagree, match=r"cifras\.suma"):
        require_consistent(figures([]), 1)
    with pytest.raises(FiguresDisagree, match=r"cifras\.negativa"):
        figures([Cell(date(2022, 1, 1), "auxiliar", Estado.FINAL, "", "", "", -1)])


def test_triggers_wait_for_their_tables_and_are_made_once(database: Database, tmp_path: Path) -> None:
    with database.writing() as connection:
        install(connection)
        install(connection)
        fill(connection, 2)
        assert counters.require_counted(connection, PROCESO).enviados == 2
    empty = Database(open_engine(f"sqlite:///{tmp_path / 'vacia.db'}"))
    with empty.writing() as connection:
        install(connection)
    empty.engine.dispose()
