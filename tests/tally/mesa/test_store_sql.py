"""What is captured of the Mesas in both databases: the last version counts, until the acta is issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from keys.group import Group
from keys.randomness import SeededRandomness
from ledger.database import Database
from tally.consulta.tables import consultas, unidades
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaRefusal
from tally.mesa.escrutinio import separate
from tally.mesa.store_sql import SqlMesas
from tally.small_urns_mesa import MesaTotals
from tally.small_urns_totals import TotalsMaker, context
from tests.tally.acta_making import INSTANT, OPENING, UNIDAD, make_acta

pytestmark = pytest.mark.req("SEI-25")
NOW = datetime(2022, 5, 1, 18, tzinfo=UTC)
LATER = INSTANT + timedelta(days=2)
COUNT = MesaCount(UNIDAD.clave, 100, 70, (10, 5, 12), 3, 30)
ID = OPENING.consultation


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.writing() as opened:
        opened.execute(
            insert(consultas).values(
                id=ID,
                nombre="Consulta",
                anio=2022,
                estado="cerrada",
                grupo="Ed25519",
                cronograma="{}",
                umbral=3,
                k=5,
                intentos=3,
                creada=NOW,
                creada_por="c",
            )
        )
        opened.execute(
            insert(unidades).values(
                consulta=ID,
                clave=UNIDAD.clave,
                nombre=UNIDAD.nombre,
                demarcacion=UNIDAD.demarcacion,
                distrito="3",
                proyectos="[]",
                uuid="uuid",
            )
        )
        yield opened


@pytest.fixture
def mesas(connection: Connection) -> SqlMesas:
    return SqlMesas(connection, ID)


def test_the_last_capture_counts(mesas: SqlMesas) -> None:
    assert mesas.last(UNIDAD.clave) is None and mesas.captured() == []
    assert mesas.capture(UNIDAD, COUNT, "ana", NOW) == 1
    corrected = replace(COUNT, nulas=2, total=29, notes="Una boleta no se depositó.")
    assert mesas.capture(UNIDAD, corrected, "ana", NOW) == 2
    found = mesas.last(UNIDAD.clave)
    assert found is not None and (found.version, found.mode, found.total) == (2, "clara", 29)
    assert MesaCount.from_bytes(found.data, UNIDAD.clave) == corrected
    assert mesas.captured() == [UNIDAD.clave]


def test_nothing_is_captured_once_the_acta_is_issued(mesas: SqlMesas) -> None:
    mesas.capture(UNIDAD, COUNT, "ana", NOW)
    acta = separate(make_acta([1, 20, 0, 7]), COUNT, LATER)
    mesas.issue(acta, "ana", NOW)
    mesas.issue(acta, "ana", NOW)
    assert mesas.escrutinio(UNIDAD.clave) == acta.data
    with pytest.raises(MesaRefusal, match=r"mesa\.cerrada"):
        mesas.capture(UNIDAD, COUNT, "ana", NOW)
    with pytest.raises(MesaRefusal, match=r"escrutinio\.emitido"):
        mesas.issue(replace(acta, spare=71), "ana", NOW)


@pytest.mark.req("SEI-28")
def test_of_encrypted_totals_the_database_holds_no_number_of_an_option(mesas: SqlMesas, fast: Group) -> None:
    (key,) = fast.encoded_powers(fast.tables([fast.generator]), [[7]])
    totals = TotalsMaker(fast, key, SeededRandomness("m")).make(context("h", "0" * 64, 30), COUNT.numbers)
    papers = (COUNT.received, COUNT.spare, COUNT.total)
    mesa = MesaTotals(ID, UNIDAD.clave, "uuid", NOW, *papers, totals, "0" * 64, "0" * 128)
    assert mesas.capture_sealed(mesa, "ana", NOW) == 1
    found = mesas.last(UNIDAD.clave)
    assert found is not None and found.data == mesa.data and b'"opiniones":[' not in found.data
    with pytest.raises(MesaRefusal, match=r"mesa\.modo"):
        mesas.capture(UNIDAD, COUNT, "ana", NOW)


def test_a_demarcation_has_one_key(mesas: SqlMesas) -> None:
    mesas.register_key("Azcapotzalco", "1" * 64, "ana", NOW)
    mesas.register_key("Azcapotzalco", "1" * 64, "ana", NOW)
    mesas.register_key("Benito Juárez", "2" * 64, "ana", NOW)
    with pytest.raises(MesaRefusal, match=r"mesa\.llave"):
        mesas.register_key("Azcapotzalco", "3" * 64, "ana", NOW)
    assert mesas.keys().keys == (("Azcapotzalco", "1" * 64), ("Benito Juárez", "2" * 64))
