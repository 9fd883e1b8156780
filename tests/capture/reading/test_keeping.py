"""A reading rests sealed beside its record, and how far the mesa agrees with its suggestions is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from capture.mesa.catalogue import DERFE, Catalogue, comparable
from capture.processing.datos import Datos, Fuente, Valor, parse_datos
from capture.processing.job import Processing
from capture.processing.ports import Opened
from capture.reading.agreement_sql import Agreement, SqlAgreement
from capture.reading.document import Document, parse_document
from capture.reading.errors import Unread
from capture.reading.reading import EnginesReading
from capture.reading.results import Band, FaceReading, RecordReading
from capture.reading.store_sql import SqlReadings
from capture.reading.tables import lecturas, sugerencias
from capture.records.reading_sql import SqlRecordReading
from capture.records.states import Estado
from capture.retention.store_sql import Retention
from ledger.database import Database
from tests.capture.processing.vault import Bodies, ClearBoveda, receive, tools
from tests.capture.reading.answering import Made
from tests.capture.reading.making import CLAVE, VALUES, reading
from tests.capture.records.making import PROCESO, START, folio

STRANGER = reading(face=FaceReading((), band=Band.DIFFERENT))
DERFE_INCISOS = comparable(DERFE)


class WithImages(ClearBoveda):
    """Its bodies have two images."""

    def open(self, proceso: str, data: bytes) -> Opened:
        """See ClearBoveda."""
        opened = super().open(proceso, data)
        read = replace(opened.read, contexto={"modelo": "G"})
        return replace(opened, read=read, files={"anverso.jpg": b"a", "foto.jpg": b"f", "video.webm": b"v"})


def _process(database: Database, pool: Made, clave: str | None = CLAVE) -> tuple[str, ...]:
    """Record 1 through the job; who has to wait."""
    bodies = Bodies()
    receive(database, bodies, 1, clave)
    made = tools(database, bodies)
    boveda = WithImages()
    return (
        Processing(replace(made, boveda=boveda, reading=EnginesReading(pool, made.clock)))
        .process_all()
        .waiting
    )


def _document(connection: Connection) -> Document:
    sealed = SqlReadings(connection).sealed(folio(1))
    assert sealed is not None and sealed.startswith(b"sellado:")
    return parse_document(sealed.removeprefix(b"sellado:"))


@pytest.mark.req("APO-14", "APO-18")
def test_what_was_read_rests_sealed_and_its_incisos_beside(database: Database) -> None:
    pool = Made(STRANGER)
    assert _process(database, pool) == ()
    assert pool.asked == [({"anverso.jpg", "foto.jpg"}, "G")]
    with database.reading() as connection:
        assert _document(connection).reading == STRANGER
        assert SqlReadings(connection).suggested(folio(1)) == {"g"}
        datos = SqlRecordReading(connection).blob(folio(1), "datos")
        assert SqlRecordReading(connection).get(folio(1)).estado is Estado.EN_MESA
    assert datos is not None
    campos = parse_datos(datos.removeprefix(b"sellado:")).campos
    assert campos["clave_elector"] == Valor(CLAVE, Fuente.QR, 1.0)
    assert campos["nombre"] == Valor(VALUES["nombre"], Fuente.OCR, 0.99)


@pytest.mark.parametrize("why", list(Unread))
def test_a_record_that_nobody_could_read_goes_to_the_mesa_with_the_reason(
    database: Database, why: Unread
) -> None:
    assert _process(database, Made(why)) == ()
    with database.reading() as connection:
        assert _document(connection).unread is why
        assert SqlReadings(connection).suggested(folio(1)) is None
        assert SqlReadings(connection).unread() == {why.value: 1}
        last = SqlRecordReading(connection).history(folio(1))[-1]
        assert (last.a, last.detalle) == (Estado.EN_MESA.value, f"lectura.{why.value}")
        datos = SqlRecordReading(connection).blob(folio(1), "datos")
    assert datos is not None
    assert set(parse_datos(datos.removeprefix(b"sellado:")).campos) == {"clave_elector"}


def test_without_any_reader_records_wait_for_another_run(database: Database) -> None:
    assert _process(database, Made(None)) == (folio(1),)


def test_a_cedula_on_paper_has_nothing_to_read(database: Database) -> None:
    opened = Opened("f", "p", "manual", "cic", "123456789", Datos({}))
    pool = Made(STRANGER)
    read = EnginesReading(pool, lambda: START).read(opened)
    assert (read.datos, read.document, read.keep, pool.asked) == (Datos({}), None, None, [])


def test_what_is_read_again_takes_the_place_of_what_was_read_before(database: Database) -> None:
    assert _process(database, Made(STRANGER)) == ()
    with database.writing() as connection:
        SqlReadings(connection).keep(folio(1), b"otra", None, ["m", "j", "m"], START)
        assert SqlReadings(connection).suggested(folio(1)) == {"j", "m"}
        assert SqlReadings(connection).sealed(folio(1)) == b"otra"
        assert SqlReadings(connection).sealed(folio(2)) is None


@pytest.mark.req("APO-14")
def test_what_was_read_is_forgotten_with_its_process(database: Database) -> None:
    assert _process(database, Made(STRANGER)) == ()
    with database.writing() as connection:
        Retention(connection).forget("otro")
        assert SqlReadings(connection).sealed(folio(1)) is not None
        Retention(connection).forget(PROCESO)
        for table in (lecturas, sugerencias):
            assert connection.execute(select(table)).all() == []


def _counted(database: Database, read: RecordReading | Unread, applied: str | None) -> list[Agreement]:
    assert _process(database, Made(read)) == ()
    with database.writing() as connection:
        SqlAgreement(connection).count(PROCESO, folio(1), applied, DERFE_INCISOS)
        return SqlAgreement(connection).of([PROCESO])


@pytest.mark.parametrize(
    ("read", "applied", "expected"),
    [
        (reading(), None, [Agreement("-", 1, 0, 0)]),
        (reading(), "e", [Agreement("-", 0, 0, 1), Agreement("e", 0, 0, 1)]),
        (STRANGER, None, [Agreement("-", 0, 1, 0), Agreement("g", 0, 1, 0)]),
        (STRANGER, "g", [Agreement("g", 1, 0, 0)]),
        (STRANGER, "e", [Agreement("e", 0, 0, 1), Agreement("g", 0, 1, 0)]),
        (Unread.TIME, "e", []),
        (reading(), "z", []),
    ],
)
def test_agreement_is_counted_by_inciso(
    database: Database, read: RecordReading | Unread, applied: str | None, expected: list[Agreement]
) -> None:
    assert _counted(database, read, applied) == expected


def test_agreement_of_several_reviews_adds_up_within_its_process(database: Database) -> None:
    assert _process(database, Made(STRANGER)) == ()
    with database.writing() as connection:
        counting = SqlAgreement(connection)
        for proceso, applied in ((PROCESO, "g"), (PROCESO, "g"), (PROCESO, None), ("otro", "g")):
            counting.count(proceso, folio(1), applied, DERFE_INCISOS)
        assert counting.of([PROCESO]) == [Agreement("-", 0, 1, 0), Agreement("g", 2, 1, 0)]
        assert counting.of() == [Agreement("-", 0, 1, 0), Agreement("g", 3, 1, 0)]
        assert counting.of(["nadie"]) == []


def test_what_an_institute_means_otherwise_is_not_compared(database: Database) -> None:
    own = Catalogue(
        1, tuple(replace(row, detalle="Otra cosa") if row.inciso == "g" else row for row in DERFE.rows)
    )
    assert comparable(own) == DERFE_INCISOS - {"g"}
    assert _process(database, Made(STRANGER)) == ()
    with database.writing() as connection:
        SqlAgreement(connection).count(PROCESO, folio(1), None, comparable(own))
        assert SqlAgreement(connection).of() == [Agreement("-", 1, 0, 0)]
