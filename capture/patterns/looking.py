"""Looking for the patterns of what was processed. Stopped at any point, it goes on: no record is forgotten.

 1. keep    in the transaction that settles a record: its row, sealed, without a place.
 2. look    ONE transaction for a few records, which holds the process: place, patterns. In memory, the index.
 3. seal    full stretches of rows in one piece, so that 1.4 million need some hundred decryptions.

Several workers may look: each has its own index, and reads what others placed before it looks. When a
transaction fails, the index in memory is thrown away and loaded again: it never has what the database lacks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection

from capture.patterns.arrivals import Arrivals
from capture.patterns.findings_sql import SqlFindings
from capture.patterns.index import ProcessIndex
from capture.patterns.ports import Progress, Sealer
from capture.patterns.rules import Regla, is_night
from capture.patterns.seen import Rows, Seen, decode, encode, row_of
from capture.patterns.settings import PatternLimits
from capture.patterns.store_sql import SqlSeen
from capture.records.record import Record
from keys.errors import Refusal
from ledger.database import Database

BATCH = 8
"""Records that are looked for in one transaction."""
SEGMENT = 4_096
"""Records of a sealed segment: 1.6 MB."""
MOST_IN_MEMORY = 3_000_000
"""Records of all processes together; beyond that the process not asked for the longest is let go."""
_READ = 500
_UNREADABLE = frozenset({"boveda.sobre", "patrones.formato"})
"""A row that is damaged, unlike a key that is not there: without that nobody looks."""


class SqlPatterns:
    """See `capture.patterns.ports.Patterns`. Safe from any thread; one looks at a time."""

    def __init__(
        self,
        database: Database,
        boveda: Sealer,
        clock: Callable[[], datetime],
        limits: PatternLimits | None = None,
        progress: Progress = lambda _proceso, _done, _all: None,
    ) -> None:
        self._database, self._boveda, self._clock = database, boveda, clock
        self._limits, self._progress = limits or PatternLimits(), progress
        self._open: OrderedDict[str, ProcessIndex] = OrderedDict()
        self._lock = Lock()

    def seal(self, proceso: str, seen: Seen) -> bytes:
        """See Patterns."""
        return self._boveda.seal(proceso, encode(row_of(seen)))

    def keep(self, connection: Connection, record: Record, sealed: bytes) -> None:
        """See Patterns."""
        SqlSeen(connection).keep(record, sealed, is_night(record.capturado, self._limits))

    def look(self) -> int:
        """Look for everything that waits; how many records. Raises what the last process that failed did."""
        with self._lock:
            with self._database.reading() as connection:
                waiting, known = SqlSeen(connection).waiting_processes(), SqlSeen(connection).processes()
            for gone in set(self._open) - known:
                del self._open[gone]  # what was destroyed must not stay in memory either
            done, failed = 0, None
            for proceso in waiting:
                try:
                    done += self._process(proceso)
                except (Refusal, OSError) as error:
                    failed = error
            if failed is not None:
                raise failed
            return done

    def _process(self, proceso: str) -> int:
        index, done = self._opened(proceso), 0
        try:
            while looked := self._batch(proceso, index):
                done += looked
        except BaseException:
            self._open.pop(proceso, None)
            raise
        self._seal_segments(proceso)
        return done

    def _opened(self, proceso: str) -> ProcessIndex:
        index = self._open.pop(proceso, None) or ProcessIndex()
        with self._database.reading() as connection:
            self._catch_up(connection, proceso, index)
        self._open[proceso] = index
        while len(self._open) > 1 and sum(map(len, self._open.values())) > MOST_IN_MEMORY:
            self._open.popitem(last=False)
        return index

    def _batch(self, proceso: str, index: ProcessIndex) -> int:
        with self._database.reading() as connection:
            found = SqlSeen(connection).waiting(proceso, BATCH)
        if not found:
            return 0
        rows = {one.folio: self._row(proceso, one.folio, one.sellado) for one in found}
        with self._database.writing() as connection:
            seen = SqlSeen(connection)
            siguiente = seen.lock(proceso)
            self._catch_up(connection, proceso, index)
            if len(index) != siguiente:
                raise Refusal("patrones.indice", f"proceso {proceso}", siguiente, len(index))
            self._homes(connection, proceso, index)
            arrivals, now = Arrivals(connection, index, self._limits), self._clock()
            # Another worker may have looked for some of them since.
            left = [one for one in seen.waiting(proceso, BATCH) if one.folio in rows]
            for one in left:
                arrivals.look(one, rows[one.folio], now)
            seen.advance(proceso, len(index))
            index.homes_known = len(index)
        return len(left)

    def _row(self, proceso: str, folio: str, sealed: bytes) -> Rows:
        try:
            return decode(self._boveda.unseal(proceso, sealed), f"registro {folio}")
        except Refusal as refusal:
            if refusal.rule not in _UNREADABLE:
                raise
            # Nothing can be seen of it, and it stops no other.
            return row_of(Seen(folio))

    def _catch_up(self, connection: Connection, proceso: str, index: ProcessIndex) -> None:
        """Add what has a place in the database and none in the index yet."""
        seen = SqlSeen(connection)
        total, place = seen.count(proceso), f"proceso {proceso}"
        if total == len(index):
            return
        for segment in seen.segments(proceso, len(index)):
            rows = decode(self._boveda.unseal(proceso, segment.sellado), place)
            index.extend(rows[len(index) - segment.desde :])
            self._progress(proceso, len(index), total)
        while loose := seen.loose(proceso, len(index), _READ):
            if loose[0].orden != len(index):
                return  # sealed into a segment by another worker just now: read when the process is held
            index.extend(self._together(proceso, loose))
            self._progress(proceso, len(index), total)

    def _together(self, proceso: str, loose: Sequence[Any]) -> Rows:
        return np.concatenate([self._row(proceso, row.folio, row.sellado) for row in loose])

    def _homes(self, connection: Connection, proceso: str, index: ProcessIndex) -> None:
        if index.homes_known == len(index):
            return
        for regla, objeto, orden, pattern in SqlFindings(connection).homes(proceso, index.homes_known):
            index.settle(Regla(regla), objeto, orden, pattern)
        index.homes_known = len(index)

    def _seal_segments(self, proceso: str) -> None:
        """Put full stretches of loose rows into segments."""
        while True:
            with self._database.reading() as connection:
                start = SqlSeen(connection).sealed_until(proceso)
                loose = SqlSeen(connection).loose(proceso, start, SEGMENT)
            if len(loose) < SEGMENT:
                return
            sealed = self._boveda.seal(proceso, encode(self._together(proceso, loose)))
            with self._database.writing() as connection:
                SqlSeen(connection).lock(proceso)
                SqlSeen(connection).put_segment(proceso, start, start + SEGMENT, sealed)
