"""The job after reception. Stopped at any point, it can run again: no record is lost, none is done twice.

 1. claim    recibido -> en-procesamiento, its own transaction.
 2. open     no transaction: fetch the body, hold it to the envelope, decrypt, read, compute the HMACs.
 3. settle   ONE transaction: who is first, the change to mesa de control or to duplicado, what was read of
             the images, and what irregular patterns are looked for with. Of two workers with the same record
             the later one finds the state changed and leaves it.

A body that cannot be used is no error of the job: its record goes to the mesa with the reason. Only when the
blob store or the bóveda cannot be reached (OSError) does the record stay where it is, for the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from capture.processing.courtesy import Courtesy
from capture.processing.duplicates import Firsts, duplicate
from capture.processing.opening import Outcome, Tools, find_out
from capture.records.errors import StateChanged
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Cursor, Filter, Record
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords

WAITING = (Estado.RECIBIDO, Estado.EN_PROCESAMIENTO)
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did: how many records went on, and the folios that have to wait for another one."""

    done: int
    waiting: tuple[str, ...]


class Processing:
    """Takes records from recibido to mesa de control or to duplicado, `threads` of them at the same time."""

    def __init__(
        self,
        tools: Tools,
        threads: int = 1,
        courtesy: Courtesy | None = None,
        sleep: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        self._tools = tools
        self._threads = threads
        self._courtesy = courtesy
        self._sleep = sleep

    def process_all(self) -> Run:
        """Every record that waits; one that cannot be done now stops no other. Raises what `process` does."""
        done, waiting = 0, list[str]()
        after: Cursor | None = None
        with ThreadPoolExecutor(self._threads, "registros") as pool:
            while page := self._page(after):
                begun = self._tools.clock()
                folios = [record.folio for record in page]
                ended = list(pool.map(self._is_done, folios))
                done += sum(ended)
                waiting += [folio for folio, one in zip(folios, ended, strict=True) if not one]
                after = Cursor(page[-1].recibido, page[-1].folio)
                self._give_way(begun)
        return Run(done, tuple(waiting))

    def _give_way(self, begun: datetime) -> None:
        """Rest in proportion to the work since `begun`, while reception has much to do."""
        if self._courtesy is None:
            return
        now = self._tools.clock()
        with self._tools.database.reading() as connection:
            arrived = SqlRecordReading(connection).received_since(now - self._courtesy.window)
        if rest := self._courtesy.rest(arrived, now - begun):
            self._sleep(rest.total_seconds())

    def _is_done(self, folio: str) -> bool:
        """False when the record has to wait for another run."""
        try:
            self.process(folio)
        except OSError:
            return False
        return True

    def process(self, folio: str) -> Estado:
        """One record, and the state it is in now. Raises UnknownRecord, OSError (try again)."""
        record = self._claim(folio)
        if record.estado is not Estado.EN_PROCESAMIENTO:
            return record.estado
        outcome = find_out(self._tools, record)
        try:
            return self._settle(record, outcome)
        except StateChanged:  # another worker settled it meanwhile
            with self._tools.database.reading() as connection:
                return SqlRecordReading(connection).get(folio).estado

    def _page(self, after: Cursor | None) -> list[Record]:
        with self._tools.database.reading() as connection:
            return SqlRecordReading(connection).page(Filter(estados=WAITING), after, _PAGE)

    def _claim(self, folio: str) -> Record:
        with self._tools.database.writing() as connection:
            records = SqlRecords(connection, self._tools.acts)
            record = records.lock(folio)
            if record.estado is Estado.RECIBIDO:
                now = self._tools.clock()
                records.transition(
                    Move(folio, record.estado, Estado.EN_PROCESAMIENTO, SISTEMA, now, Causa.PROCESAMIENTO)
                )
            return records.get(folio)

    def _settle(self, record: Record, outcome: Outcome) -> Estado:
        now = self._tools.clock()
        with self._tools.database.writing() as connection:
            records = SqlRecords(connection, self._tools.acts)
            present = records.lock(record.folio)
            if present.estado is not Estado.EN_PROCESAMIENTO:
                return present.estado
            first = Firsts(connection, records).settle(present, outcome.huellas, now)
            move = _move(present, outcome, first, now)
            records.transition(move)
            if self._tools.patterns is not None and outcome.visto is not None:
                self._tools.patterns.keep(connection, present, outcome.visto)
            if outcome.keep is not None and outcome.document is not None:
                outcome.keep(connection, present, outcome.document)
            return move.a


def _move(record: Record, outcome: Outcome, first: str | None, now: datetime) -> Move:
    changes = Changes()
    if outcome.datos is not None:
        changes["datos"] = outcome.datos
    if outcome.clave is not None:
        changes["huella_clave"] = outcome.clave
    if first is not None:
        return duplicate(record, first, now, changes)
    return Move(
        record.folio,
        record.estado,
        Estado.EN_MESA,
        SISTEMA,
        now,
        outcome.causa,
        outcome.detalle,
        changes,
    )
