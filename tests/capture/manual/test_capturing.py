"""Paper cédulas with the real bóveda: typed, sealed, processed and reviewed with their criteria."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import Connection, select

from api.acts.acts import LogName, put_leaf
from api.acts.tables import hojas
from capture.blobs import FolderBlobs
from capture.manual.capturing import ManualCapture
from capture.manual.errors import ManualRefusal
from capture.manual.form import Cedula, require_cedula, require_regimen
from capture.manual.tables import capturas_manuales
from capture.mesa.assignment import Workday
from capture.mesa.assignments_sql import SqlAssignments
from capture.mesa.catalogue import Outcome
from capture.mesa.errors import MesaRefusal
from capture.mesa.review import Reviewing
from capture.processing.bodies import BlobBodies
from capture.processing.datos import Fuente, parse_datos
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.periods_sql import SqlPeriods
from capture.processing.ports import DeviceReading
from capture.records.reading_sql import SqlRecordReading
from capture.records.states import Estado
from capture.records.store_sql import SqlRecords
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber
from keys.errors import Refusal
from ledger.database import Database
from tests.capture.records.making import OPERADOR, PROCESO, START, ListedActs, folio
from tests.capture.records.processes import OPL, add_process

NOW = START + timedelta(days=3, minutes=1, microseconds=123456)
CEDULA = Cedula(
    folio(1),
    PROCESO,
    {
        "nombre": "Ana",
        "apellido_paterno": "López",
        "clave_elector": "LPZXAN80010132M100",
        "ocr": "0123456789012",
        "entidad": "32",
        "municipio": "010",
        "seccion": "0123",
    },
    NOW,
    criterio="1",
)


class SqlLeaves:
    """The leaves of the service."""

    def put(self, connection: Connection, key: bytes, entry: bytes) -> None:
        """Into the log of acuses."""
        put_leaf(connection, LogName.APOYO, key, entry)


class Placed(dict[bytes, bytes]):
    """A log in memory: the entry of each key."""

    def place(self, key: bytes, entry: bytes) -> None:
        """Once for each key."""
        assert self.setdefault(key, entry) == entry


class Desk:
    """An institute's desk with everything real."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.chamber = FolderChamber(folder / "boveda", x25519.Identity.generate())
        self.blobs = FolderBlobs(folder / "cuerpos")
        self.boveda = LocalBoveda(self.chamber)
        self.acts = ListedActs()
        with database.writing() as connection:
            add_process(connection, self.chamber.new_process_key(PROCESO), municipios=["32-010"])
        self.log = Placed()
        self.manual = ManualCapture(
            database, self.blobs, self.boveda, self.acts, SqlLeaves(), self.log, os.urandom
        )

    def process(self) -> None:
        """The job after reception."""

        def clock() -> datetime:
            return NOW

        bodies = BlobBodies(self.blobs)
        tools = Tools(self.database, bodies, self.boveda, DeviceReading(), SqlPeriods(), self.acts, clock)
        assert Processing(tools).process_all().waiting == ()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """One desk."""
    return Desk(database, tmp_path)


@pytest.mark.req("APO-17")
def test_a_cedula_becomes_a_record_with_an_acuse_in_the_log(desk: Desk) -> None:
    acuse = desk.manual.capture(CEDULA, OPERADOR, NOW)
    with desk.database.reading() as connection:
        record = SqlRecordReading(connection).get(folio(1))
        leaf = connection.execute(select(hojas.c.llave, hojas.c.entrada)).one()
        row = connection.execute(select(capturas_manuales)).one()
        history = SqlRecordReading(connection).history(folio(1))
    assert (record.modalidad, record.estado, record.codigo) == ("manual", Estado.RECIBIDO, acuse.code)
    assert (bytes(leaf.llave), bytes(leaf.entrada)) == (folio(1).encode(), acuse.entry)
    assert desk.log == {folio(1).encode(): acuse.entry}
    assert (row.municipio, row.criterio) == ("32-010", "1")
    assert (history[0].como, history[0].causa) == ("operador", "captura-manual")
    assert "LPZXAN" not in desk.blobs.get(record.cuerpo).decode("latin-1")


@pytest.mark.req("APO-17")
def test_sent_again_it_is_one_record_with_the_same_acuse(desk: Desk) -> None:
    first = desk.manual.capture(CEDULA, OPERADOR, NOW)
    assert desk.manual.capture(CEDULA, OPERADOR, NOW + timedelta(hours=1)) == first
    with pytest.raises(ManualRefusal, match=r"manual\.folio"):
        other = {**CEDULA.campos, "ocr": "9999999999999"}
        desk.manual.capture(replace(CEDULA, campos=other), OPERADOR, NOW)
    with desk.database.reading() as connection:
        assert len(connection.execute(select(hojas)).all()) == 1


@pytest.mark.req("APO-17", "APO-14")
def test_it_is_processed_and_reviewed_with_the_four_criteria(desk: Desk) -> None:
    desk.manual.capture(CEDULA, OPERADOR, NOW)
    desk.process()
    with desk.database.writing() as connection:
        records = SqlRecords(connection, desk.acts)
        datos = records.blob(folio(1), "datos")
        assert datos is not None
        read = parse_datos(desk.boveda.unseal(PROCESO, datos))
        assert read.text("clave_elector") == "LPZXAN80010132M100"
        assert read.campos["nombre"].fuente is Fuente.MANUAL
        assignments = SqlAssignments(connection, desk.acts)
        assignments.assign([PROCESO], [OPERADOR.id], OPERADOR, NOW, Workday())
        reviewing = Reviewing(connection, records, assignments, SqlPeriods().periodo_of)
        with pytest.raises(MesaRefusal, match=r"mesa\.inciso"):
            reviewing.review(folio(1), Outcome("e"), OPERADOR, NOW)
        assert reviewing.review(folio(1), Outcome("1"), OPERADOR, NOW) is Estado.CON_INCONSISTENCIA
        assert records.get(folio(1)).detalle_inconsistencia == "Cédula en copia"


@pytest.mark.req("APO-17")
def test_only_the_municipios_of_the_regimen_are_captured() -> None:
    require_regimen(CEDULA, '["32-010", "32-011"]', START)
    for municipios, rule in (("[]", "manual.regimen"), ('["32-011"]', "manual.municipio")):
        with pytest.raises(ManualRefusal) as refused:
            require_regimen(CEDULA, municipios, START)
        assert refused.value.rule == rule
    with pytest.raises(ManualRefusal, match=r"manual\.periodo"):
        require_regimen(CEDULA, '["32-010"]', NOW + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("campo", "value"),
    [
        ("clave_elector", "corta"),
        ("clave_elector", None),
        ("ocr", None),
        ("ocr", "12"),
        ("entidad", "3"),
        ("municipio", "10"),
        ("seccion", "x"),
        ("religion", "ninguna"),
        ("nombre", " "),
    ],
)
def test_an_incomplete_form_is_refused_without_repeating_it(campo: str, value: str | None) -> None:
    campos = {name: text for name, text in {**CEDULA.campos, campo: value}.items() if text is not None}
    with pytest.raises(Refusal) as refused:
        require_cedula(replace(CEDULA, campos=campos))
    assert refused.value.rule
    assert "LPZXAN" not in str(refused.value)


def test_a_criterion_that_is_none_of_the_four_is_refused() -> None:
    with pytest.raises(MesaRefusal, match=r"mesa\.inciso"):
        require_cedula(replace(CEDULA, criterio="5"))


def test_processes_of_an_institute(desk: Desk) -> None:
    with desk.database.reading() as connection:
        assert SqlPeriods().processes_of(connection, OPL) == (PROCESO,)
        assert SqlPeriods().processes_of(connection, "otro") == ()
        assert SqlPeriods().processes_of(connection, None) == (PROCESO,)
