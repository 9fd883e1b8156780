"""The keys of the Mesas are fixed when the urns exist and none is missing, and told once to the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, select

from ledger.database import Database
from tally.consulta.cronograma import local
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import hojas_consulta, unidades
from tally.mesa import keys_sql
from tally.mesa.errors import MesaRefusal, MesaSettled
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa, Paso
from tally.mesa.store_sql import SqlMesas
from tests.tally.consulta.making import form

pytestmark = pytest.mark.req("SEI-25")
NOW = datetime(2027, 4, 20, 18, tzinfo=UTC)
ID = "presupuesto-2027"
KEY, OTHER = "0" * 64, "1" * 64


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as db:
        Consultas(db).add(form(), "nadie", NOW)
        row = {"nombre": "Otra", "demarcacion": "TLALPAN", "distrito": "9", "proyectos": '["Luz"]'}
        db.execute(insert(unidades).values(consulta=ID, clave="10-001", uuid="otra", **row))
        yield db


def _entries(db: Connection) -> list[bytes]:
    return list(db.execute(select(hojas_consulta.c.entrada)).scalars())


def test_they_are_fixed_by_the_setup_when_all_are_there(connection: Connection) -> None:
    store = SqlMesas(connection, ID)
    assert keys_sql.missing(connection, ID) == ["MILPA ALTA", "TLALPAN"]
    for name in ("MILPA ALTA", "TLALPAN"):
        store.register_key(name, KEY, "nadie", NOW)
        assert not keys_sql.fix(connection, ID, NOW)  # there are no urns yet
    Consultas(connection).announce(ID, b"{}", "acta")
    assert keys_sql.fix(connection, ID, NOW)
    assert keys_sql.fix(connection, ID, NOW)
    (entry,) = _entries(connection)
    lines = entry.decode().split("\n")
    digest = keys_sql.keys_of(connection, ID)
    assert lines[:3] == ["certeza/acto/v1", "mesas", local(NOW).isoformat(timespec="seconds")]
    assert len(digest.keys) == 2


def test_otherwise_by_the_last_one(connection: Connection) -> None:
    Consultas(connection).announce(ID, b"{}", "acta")
    store = SqlMesas(connection, ID)
    store.register_key("TLALPAN", KEY, "nadie", NOW)
    assert not keys_sql.fix(connection, ID, NOW)
    assert _entries(connection) == []
    store.register_key("MILPA ALTA", OTHER, "nadie", NOW)
    assert keys_sql.fix(connection, ID, NOW)
    assert keys_sql.keys_of(connection, ID).keys == (("MILPA ALTA", OTHER), ("TLALPAN", KEY))
    with pytest.raises(MesaRefusal, match="ya registrada"):
        store.register_key("TLALPAN", OTHER, "nadie", NOW)


def test_the_stages_of_the_mesas_follow_each_other(connection: Connection) -> None:
    stages = Stages(connection, ID)
    assert stages.now() is Etapa.CAPTURA
    with pytest.raises(MesaSettled, match=r"mesa\.etapa\.computo"):
        stages.move(Paso.COMPUTO, NOW)
    for paso, etapa in ((Paso.SUMAS, Etapa.SUMADA), (Paso.APERTURA, Etapa.ABIERTA)):
        assert stages.move(paso, NOW) is etapa
        assert stages.reached(etapa) == NOW
    with pytest.raises(MesaSettled):
        stages.move(Paso.SUMAS, NOW)
    assert stages.now() is Etapa.ABIERTA
    assert stages.reached(Etapa.COMPUTADA) is None
