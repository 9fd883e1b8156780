"""The attention desk: who has a report, what it takes to answer it, and what is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.attention.errors import AttentionRefusal, ReportFormRefusal, UnknownReport
from capture.attention.report import CAUSES, EstadoDeReporte, Medio, NewReport
from capture.attention.store_sql import SqlReports, Tally, tallies
from ledger.database import Database

NOW = datetime(2022, 12, 19, 18, tzinfo=UTC)
PROCESO = "F220617000000021"


def report(**other: Any) -> NewReport:
    values: dict[str, Any] = {"medio": Medio.CORREO, "causas": ("acceso-al-portal",), "persona": "Ana Prueba"}
    values |= {"titulo": "No se puede entrar", "descripcion": "El portal no abre.\n¿Qué hago?"}
    return NewReport(**{**values, "recibido": NOW, "proceso": PROCESO, **other})


@pytest.mark.req("APO-27")
def test_a_report_is_taken_and_answered_by_one_operator(database: Database) -> None:
    with database.writing() as connection:
        desk = SqlReports(connection)
        number = desk.add(report(), None)
        with pytest.raises(AttentionRefusal, match=r"atencion\.estado"):
            desk.answer(number, "op-1", "Ya funciona.", NOW)
        desk.take(number, "op-1")
        desk.take(number, "op-1")
        for act in (lambda: desk.take(number, "op-2"), lambda: desk.answer(number, "op-2", "No.", NOW)):
            with pytest.raises(AttentionRefusal, match="otra cuenta"):
                act()
        desk.answer(number, "op-1", "Fue una intermitencia.", NOW + timedelta(hours=2))
        found = desk.get(number)
        with pytest.raises(AttentionRefusal, match="atendido"):
            desk.take(number, "op-1")
    assert (found.estado, found.atiende, found.respuesta) == (
        EstadoDeReporte.ATENDIDO,
        "op-1",
        "Fue una intermitencia.",
    )
    assert (found.recibido, found.atendido) == (NOW, NOW + timedelta(hours=2))


def test_an_unknown_report_is_said_so(database: Database) -> None:
    with database.writing() as connection, pytest.raises(UnknownReport):
        SqlReports(connection).take(7, "op-1")


@pytest.mark.req("APO-27")
def test_reports_are_listed_and_counted_by_cause_and_medium(database: Database) -> None:
    two = ("alta-de-auxiliares", "envio-de-apoyo")
    with database.writing() as connection:
        desk = SqlReports(connection)
        for one in (
            report(),
            report(),
            report(medio=Medio.LLAMADA),
            report(causas=two),
            report(causas=("otra",), titulo="Significado de las leyendas"),
            report(proceso=None),
        ):
            desk.add(one, "op-1")
        assert [one.id for one in desk.page(after=2, size=2)] == [3, 4]
        assert len(desk.page(estado=EstadoDeReporte.RECIBIDO)) == 6
        found = tallies(desk.of_process(PROCESO, NOW + timedelta(days=1)))
    assert found == [
        Tally("Acceso al portal web", Medio.CORREO, 2),
        Tally("Acceso al portal web", Medio.LLAMADA, 1),
        Tally("Alta de auxiliares en portal; Envío de apoyo desde la aplicación móvil", Medio.CORREO, 1),
        Tally("Otra (Significado de las leyendas)", Medio.CORREO, 1),
    ]


def test_at_a_cut_off_an_answer_that_came_later_is_not_told(database: Database) -> None:
    with database.writing() as connection:
        desk = SqlReports(connection)
        number = desk.add(report(), None)
        desk.take(number, "op-1")
        desk.answer(number, "op-1", "Ya funciona.", NOW + timedelta(hours=2))
        (before,) = desk.of_process(PROCESO, NOW + timedelta(hours=1))
        (after,) = desk.of_process(PROCESO, NOW + timedelta(hours=3))
        assert desk.of_process(PROCESO, NOW) == []
    assert (before.respuesta, before.atendido) == (None, None)
    assert after.respuesta == "Ya funciona."


@pytest.mark.parametrize(
    ("fault", "place"),
    [
        ({"causas": ()}, "causas"),
        ({"causas": ("acceso-al-portal", "acceso-al-portal")}, "causas"),
        ({"causas": ("desconocida",)}, "causas"),
        ({"persona": " "}, "persona"),
        ({"titulo": "a\nb"}, "titulo"),
        ({"descripcion": "x" * 4_001}, "descripcion"),
        ({"contacto": "a\x00"}, "contacto"),
        ({"proceso": "../x"}, "proceso"),
    ],
)
def test_a_report_with_a_fault_names_the_field_and_not_what_was_written(
    fault: dict[str, Any], place: str
) -> None:
    with pytest.raises(ReportFormRefusal) as told:
        report(**fault)
    assert told.value.place == place
    assert "Ana" not in repr(report())


@given(st.lists(st.sampled_from(list(CAUSES)), min_size=1, max_size=4, unique=True))
def test_every_cause_has_words(causas: list[str]) -> None:
    assert len(set(CAUSES.values())) == len(CAUSES)
    assert report(causas=tuple(causas)).causas == tuple(causas)


def test_inetel_is_the_first_level() -> None:
    assert {medio.nivel for medio in Medio if medio is not Medio.INETEL} == {2}
    assert Medio.INETEL.nivel == 1
