"""A process whose records, auxiliares and reports are known, to make reports about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from capture.attention.report import Medio, NewReport
from capture.attention.store_sql import SqlReports
from capture.auxiliares.tables import dispositivos
from capture.processes.tables import procesos
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from tests.capture.processes_made import PROCESO, auxiliar_row, make_auxiliares, make_process, process_row
from tests.capture.records.making import OPERADOR, ListedActs, folio, new_record

DAY = timedelta(days=1)
START = datetime(2022, 12, 14, 18, 0, tzinfo=UTC)
CUT = datetime(2023, 1, 20, 18, 0, tzinfo=UTC)
OTHER = "F220617000000022"
WRONG = Changes(
    inciso="e", tipo_inconsistencia="Fotocopia de la credencial", detalle_inconsistencia="A color", catalogo=1
)


def fill(connection: Connection) -> None:
    """Two processes of a period, 6 auxiliares, 8 records and 4 reports."""
    make_process(connection)
    later = START + 20 * DAY
    connection.execute(insert(procesos).values(**process_row(OTHER, f"p-{PROCESO}", registrado=later)))
    _people(connection)
    _records(connection)
    _reports(connection)


def _people(connection: Connection) -> None:
    gone = {"baja": START + 3 * DAY, "baja_causa": "cambio-de-correo"}
    later = {"baja": CUT + DAY, "baja_causa": "otra"}
    rows = [auxiliar_row(number, START) for number in (1, 2, 3)]
    rows += [auxiliar_row(4, START + DAY, **gone), auxiliar_row(5, START + DAY, **later)]
    make_auxiliares(connection, [*rows, auxiliar_row(6, CUT + DAY)])
    for number, auxiliar in enumerate((1, 5)):
        device = {"id": f"d{number}", "auxiliar": f"A{auxiliar:09d}", "ranura": 1, "nombre": "Teléfono"}
        device |= {"algoritmo": "ES256", "llave": b"", "llave_sha256": bytes([number]) * 32}
        connection.execute(insert(dispositivos).values(**device, alta=START + 2 * DAY))


def _records(connection: Connection) -> None:
    records = SqlRecords(connection, ListedActs())
    for number in range(6):
        records.create(
            new_record(number, recibido=START + number % 3 * DAY, auxiliar=f"A{number % 2 + 1:09d}")
        )
    own = {"modalidad": "mi-apoyo", "auxiliar": None, "recibido": START + 5 * DAY}
    records.create(new_record(6, **own))
    records.create(new_record(7, proceso=OTHER, recibido=START + 30 * DAY))
    records.create(new_record(8, recibido=CUT + DAY))
    for number in range(4):
        step(records, number, Estado.RECIBIDO, Estado.EN_PROCESAMIENTO, Causa.PROCESAMIENTO)
        step(records, number, Estado.EN_PROCESAMIENTO, Estado.EN_MESA, Causa.PROCESADO)
    for number in (1, 2):
        step(records, number, Estado.EN_MESA, Estado.CON_INCONSISTENCIA, Causa.REVISION, WRONG)
    after = {"causa": Causa.SEGUNDA_REVISION, "when": CUT + DAY}
    step(records, 2, Estado.CON_INCONSISTENCIA, Estado.PARA_COMPULSA, **after)  # type: ignore[arg-type]
    step(records, 3, Estado.EN_MESA, Estado.PARA_COMPULSA, Causa.REVISION)


def step(
    records: SqlRecords,
    number: int,
    de: Estado,
    a: Estado,
    causa: Causa,
    changes: Changes | None = None,
    when: datetime = START + 10 * DAY,
) -> None:
    """One change of a record's state."""
    by = OPERADOR if causa in (Causa.REVISION, Causa.SEGUNDA_REVISION) else SISTEMA
    records.transition(Move(folio(number), de, a, by, when, causa, changes=changes or Changes()))


def _reports(connection: Connection) -> None:
    desk = SqlReports(connection)
    for number, medio in enumerate((Medio.CORREO, Medio.CORREO, Medio.LLAMADA)):
        desk.add(
            NewReport(
                medio,
                ("acceso-al-portal",),
                "Persona de Prueba",
                "=1+1",
                "No pude entrar.",
                START + number * DAY,
                proceso=PROCESO,
            ),
            "op-1",
        )
    desk.take(1, "op-1")
    desk.answer(1, "op-1", "Fue una intermitencia.", START + 2 * DAY)
