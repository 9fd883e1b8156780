"""Consultations in both databases, and the table of their states."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.database import Database
from tally.consulta.cronograma import Fase
from tally.consulta.cronograma_2022 import default_of
from tally.consulta.errors import ConsultaRefusal, NoConsulta
from tally.consulta.leaves_sql import entry_of, mark_leaves, put_leaves, waiting_leaves
from tally.consulta.states import ORDER, TABLE, Estado, Paso, after, reached
from tally.consulta.store_sql import Consultas
from tally.setup import uuid_of
from tests.tally.consulta.making import OFFICES, form

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
ID = "presupuesto-2027"


def put(database: Database) -> None:
    with database.writing() as db:
        Consultas(db).add(form(), "cuenta", NOW)


@pytest.mark.req("SEI-01")
def test_a_consultation_is_read_as_it_was_written(database: Database) -> None:
    put(database)
    with database.reading() as db:
        store = Consultas(db)
        made = store.get(ID)
        assert (made.estado, made.umbral, made.cronograma) == (Estado.PREPARACION, 2, default_of(2027))
        assert [one.unidad for one in store.unidades(ID)] == [one.unidad for one in form().unidades]
        assert store.unidad(ID, "09-001").uuid == uuid_of(ID, "09-001")
        assert [one.nombre for one in store.custodios(ID)] == OFFICES
        assert [one.id for one in store.all()] == [ID]


@pytest.mark.req("SEI-16")
def test_a_section_gives_each_ut_that_it_touches(database: Database) -> None:
    put(database)
    with database.reading() as db:
        found = {
            s: [u.unidad.clave for u in Consultas(db).of_seccion(ID, s)]
            for s in ("0101", "0102", "0103", "0999")
        }
    assert found == {"0101": ["09-001"], "0102": ["09-001", "09-002"], "0103": ["09-003"], "0999": []}


def test_an_id_is_given_once(database: Database) -> None:
    put(database)
    with database.writing() as db, pytest.raises(ConsultaRefusal, match=r"consulta\.repetida"):
        Consultas(db).add(form(), "cuenta", NOW)


def test_what_does_not_exist_is_not_found(database: Database) -> None:
    put(database)
    with database.writing() as db:
        store = Consultas(db)
        for ask in (
            lambda: store.get("otra"),
            lambda: store.unidad(ID, "x"),
            lambda: store.custodio_of(ID, "nadie"),
            lambda: store.appoint(ID, 9, "cuenta"),
            lambda: store.move("otra", Paso.ENSAYO, NOW),
        ):
            with pytest.raises(NoConsulta):
                ask()


def test_an_account_is_of_one_custodio(database: Database) -> None:
    put(database)
    with database.writing() as db:
        store = Consultas(db)
        store.appoint(ID, 1, "ana")
        assert store.custodio_of(ID, "ana").indice == 1
        with pytest.raises(ConsultaRefusal, match=r"custodio\.cuenta"):
            store.appoint(ID, 2, "ana")
        store.set_fingerprints(ID, {1: "0" * 64})
        assert store.custodios(ID)[0].huella == "0" * 64


def test_in_preparation_everything_may_change_and_who_keeps_an_office_keeps_the_account(
    database: Database,
) -> None:
    put(database)
    with database.writing() as db:
        store = Consultas(db)
        store.appoint(ID, 1, "ana")
        store.appoint(ID, 2, "eva")
        store.replace(form(custodios=[OFFICES[0], "Otra consejería", OFFICES[2]], k=9))
        assert [one.cuenta for one in store.custodios(ID)] == ["ana", None, None]
        assert store.get(ID).k == 9


@pytest.mark.req("SEI-01")
def test_dates_change_until_the_urns_exist(database: Database) -> None:
    put(database)
    with database.writing() as db:
        store = Consultas(db)
        later = default_of(2028)
        store.reschedule(ID, later)
        assert store.get(ID).cronograma[Fase.OPINION] == later[Fase.OPINION]
        store.move(ID, Paso.ENSAYO, NOW)
        store.move(ID, Paso.APERTURA, NOW)
        assert store.get(ID).abierta == NOW
        with pytest.raises(ConsultaRefusal, match="urnas"):
            store.reschedule(ID, default_of(2027))
        with pytest.raises(ConsultaRefusal):
            store.replace(form())


def test_states_follow_one_another_and_nothing_else() -> None:
    for estado in Estado:
        for paso, (before, then) in TABLE.items():
            if estado is before:
                assert after(estado, paso, "aquí") is then
                assert ORDER.index(then) == ORDER.index(before) + 1
                assert reached(then, before)
            else:
                with pytest.raises(ConsultaRefusal):
                    after(estado, paso, "aquí")


def test_leaves_wait_in_order_until_they_are_marked(database: Database) -> None:
    with database.writing() as db:
        put_leaves(db, ID, [(b"a", b"uno"), (b"b", b"dos")])
        put_leaves(db, "otra", [(b"a", b"tres")])
        rows = waiting_leaves(db, ID, 10)
        assert [(key, entry) for _, key, entry in rows] == [(b"a", b"uno"), (b"b", b"dos")]
        mark_leaves(db, [(rows[0][0], 7)])
        assert [key for _, key, _ in waiting_leaves(db, ID, 10)] == [b"b"]
        assert (entry_of(db, ID, b"a"), entry_of(db, ID, b"z")) == (b"uno", None)
