"""The worker asks the padrón by itself once there is a key and a corte, and keeps the figures folded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.cli import screen
from api.cli.main import certeza
from api.compulsa.looking import look, padron_loops
from api.padron.settings import make_key, read_key
from api.reports.looking import report_loops
from api.settings import Settings
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker, loops_of
from capture.padron.loading import Loading, Source
from capture.processing.datos import Datos, Fuente, Valor
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.reading_sql import SqlRecordReading
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from capture.reports.tables import movimientos
from ledger.database import Database
from tests.capture.processes_made import PROCESO, make_process
from tests.capture.records.making import OPERADOR, ListedActs, folio, new_record

NOW = datetime(2022, 12, 20, 12, tzinfo=UTC)
CLAVE = "PRPRLZ80010132M001"
TEXT = f"clave_elector,cic,ocr,situacion,entidad\n{CLAVE},000000001,,lista-nominal,32\n"


@pytest.fixture
def services(database: Database, tmp_path: Path) -> Iterator[WorkerServices]:
    make_key(tmp_path / "llave")
    url = database.engine.url.render_as_string(hide_password=False)
    padron = {"key_file": tmp_path / "llave"}
    settings = Settings(data=tmp_path / "datos", database=url, padron=padron)  # type: ignore[arg-type]
    made = build_worker(settings, clock=lambda: NOW)
    with database.writing() as connection:
        make_process(connection, recipiente=made.chamber.new_process_key(PROCESO))
        _record(SqlRecords(connection, ListedActs()), made)
    yield made
    made.database.engine.dispose()


def _record(records: SqlRecords, services: WorkerServices) -> None:
    place = {"latitud": 22.77, "longitud": -102.58, "exactitud": 9}
    data = Datos({"clave_elector": Valor(CLAVE, Fuente.QR, 1.0)}, place).encode()
    sealed = Changes(datos=services.boveda.seal(PROCESO, data))
    records.create(new_record(1))
    for de, a, actor, causa, changes in (
        (Estado.RECIBIDO, Estado.EN_PROCESAMIENTO, SISTEMA, Causa.PROCESAMIENTO, Changes()),
        (Estado.EN_PROCESAMIENTO, Estado.EN_MESA, SISTEMA, Causa.PROCESADO, sealed),
        (Estado.EN_MESA, Estado.PARA_COMPULSA, OPERADOR, Causa.REVISION, Changes()),
    ):
        records.transition(Move(folio(1), de, a, actor, NOW, causa, changes=changes))


@pytest.mark.req("APO-19")
def test_what_waits_is_asked_about_with_the_keys_of_the_worker(services: WorkerServices) -> None:
    assert look(services) == 0
    key = read_key(services.settings.padron.key_file)
    load = Loading(services.database, key, lambda _: None, lambda _: None, lambda: NOW)
    load.run(Source(io.BytesIO(TEXT.encode()), "padron.csv", date(2022, 12, 1)))
    assert look(services) == 1
    with services.database.reading() as connection:
        record = SqlRecordReading(connection).get(folio(1))
    assert (record.estado, record.situacion) == (Estado.COMPULSADO, "lista-nominal")


def test_the_worker_looks_for_both(services: WorkerServices) -> None:
    assert len(padron_loops(services)) == 1
    assert len(loops_of(services)) >= 3 + len(report_loops(services))
    for loop in report_loops(services):
        loop.start()
        loop.stop()
    with services.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(movimientos)).scalar_one() == 0


@pytest.mark.req("APO-25")
def test_captures_are_written_where_the_keys_are(
    services: WorkerServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = services.settings
    text = f'data = "{given.data}"\ndatabase = "{given.database_url}"\n'
    (tmp_path / "ajustes.toml").write_text(text)
    monkeypatch.setenv("CERTEZA_SETTINGS", str(tmp_path / "ajustes.toml"))
    target = tmp_path / "capturas.csv"
    assert screen.run(certeza, ["capturas", PROCESO, "--salida", str(target)]) == 0
    line = target.read_text().splitlines()[1]
    assert line.endswith(",22.770000,-102.580000,9,registrada")
    assert CLAVE not in line
    assert target.stat().st_mode & 0o077 == 0
