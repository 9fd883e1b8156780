"""Asking the padrón about the records that wait for it, in batches, and keeping what it says.

Data are opened and the padrón is asked outside the transaction that writes; a record that somebody moved
meanwhile is left as it is. Stopped at any point, it can run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from capture.compulsa.ports import Unsealer
from capture.compulsa.question import question
from capture.padron.ports import Padron, Pregunta
from capture.padron.situacion import Situacion
from capture.processes.tables import periodos, procesos
from capture.processing.datos import parse_datos
from capture.records.errors import StateChanged
from capture.records.moves import SISTEMA, Actor, Changes, Move
from capture.records.ports import Acts
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Cursor, Filter, Record
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from keys.errors import Refusal
from ledger.database import Database

BATCH = 200
"""Records of one transaction."""
_Asked = tuple[Record, Pregunta | None]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a compulsa works with. `clock` gives aware instants."""

    database: Database
    padron: Callable[[Connection], Padron]
    boveda: Unsealer
    acts: Acts
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did. `waiting`: folios whose data could not be opened, for the next run."""

    situaciones: Mapping[Situacion, int]
    waiting: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many records have an answer now."""
        return sum(self.situaciones.values())


class Compulsa:
    """Takes records from para-envio-a-compulsa to compulsado."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def run(self, chosen: tuple[str, ...] | None = None, actor: Actor = SISTEMA) -> Run:
        """All records that wait, of all processes or of the `chosen` ones.

        Raises PadronRefusal when no corte can answer, and then nothing changed since the last whole batch.
        """
        which = Filter(procesos=chosen, estados=(Estado.PARA_COMPULSA,))
        counts: dict[Situacion, int] = {}
        waiting: list[str] = []
        after: Cursor | None = None
        while page := self._page(which, after):
            asked = self._opened(page, waiting)
            for situacion in self._settle(asked, actor):
                counts[situacion] = counts.get(situacion, 0) + 1
            after = Cursor(page[-1].recibido, page[-1].folio)
        return Run(counts, tuple(waiting))

    def _page(self, which: Filter, after: Cursor | None) -> list[Record]:
        with self._tools.database.reading() as connection:
            return SqlRecordReading(connection).page(which, after, BATCH)

    def _opened(self, page: Sequence[Record], waiting: list[str]) -> list[_Asked]:
        with self._tools.database.reading() as connection:
            reading = SqlRecordReading(connection)
            sealed = {record.folio: reading.blob(record.folio, "datos") for record in page}
            places = entidades(connection, {record.proceso for record in page})
        asked: list[_Asked] = []
        for record in page:
            try:
                asked.append((record, self._question(record, sealed[record.folio], places)))
            except (OSError, Refusal):
                waiting.append(record.folio)
        return asked

    def _question(self, record: Record, sealed: bytes | None, places: Mapping[str, str]) -> Pregunta | None:
        datos = None
        if sealed is not None:
            clear = self._tools.boveda.unseal(record.proceso, sealed)
            datos = parse_datos(clear, f"registro {record.folio}")
        return question(record, datos, places[record.proceso])

    def _settle(self, asked: Sequence[_Asked], actor: Actor) -> list[Situacion]:
        questions = [one for _, one in asked if one is not None]
        with self._tools.database.reading() as connection:
            answers = self._tools.padron(connection).consultas(questions)
        given = iter(answers.situaciones)
        told = [
            (record, Situacion.DATOS_NO_ENCONTRADOS if one is None else next(given)) for record, one in asked
        ]
        with self._tools.database.writing() as connection:
            records = SqlRecords(connection, self._tools.acts)
            return [
                situacion
                for record, situacion in told
                if move(records, _answered(record, actor, self._tools.clock(), situacion, answers.corte))
            ]


def entidades(connection: Connection, folios: set[str]) -> dict[str, str]:
    """The entidad that each process asks for, two digits; NATIONAL for the whole country."""
    chosen = select(procesos.c.folio, periodos.c.entidad).join(periodos, periodos.c.id == procesos.c.periodo)
    found = connection.execute(chosen.where(procesos.c.folio.in_(folios)))
    return {row.folio: row.entidad for row in found}


def _answered(record: Record, actor: Actor, now: datetime, situacion: Situacion, corte: date) -> Move:
    return Move(
        record.folio,
        record.estado,
        Estado.COMPULSADO,
        actor,
        now,
        Causa.COMPULSA,
        f"corte {corte.isoformat()}",
        Changes(situacion=situacion.value),
    )


def move(records: SqlRecords, step: Move) -> bool:
    """Make a change. False when somebody else, another worker or an audiencia, was first."""
    try:
        records.transition(step)
    except StateChanged:
        return False
    return True
