"""Bringing changes of state into the log: what is committed in SQL first, then its leaf, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select, update

from capture.records.commitment import Committed
from capture.records.tables import transiciones
from ledger.database import Database

BATCH = 2048
"""Changes at once; the sequencer seals 8192 entries."""


class Log(Protocol):
    """Appends entries; the same key and entry again give the same index."""

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> list[int]:
        """Key and entry of each, and the index of each leaf once all are published."""


class Leaves:
    """Gives every change of state its leaf. Stopped anywhere, the next run goes on; no change has two."""

    def __init__(self, database: Database, log: Log) -> None:
        self._database = database
        self._log = log

    def append_all(self) -> int:
        """Bring all that wait into the log, and say how many there were."""
        total = 0
        while waiting := self._waiting():
            entries = [(f"transicion/{id_}".encode(), committed.entry) for id_, committed in waiting]
            indices = self._log.append(entries)
            self._mark([(id_, index) for (id_, _), index in zip(waiting, indices, strict=True)])
            total += len(waiting)
        return total

    def _waiting(self) -> list[tuple[int, Committed]]:
        c = transiciones.c
        wanted = (
            select(c.id, c.folio, c.de, c.a, c.quien, c.cuando, c.causa, c.sal)
            .where(c.hoja.is_(None))
            .order_by(c.id)
            .limit(BATCH)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [(row.id, Committed(*row[1:-1], salt=bytes(row.sal))) for row in rows]

    def _mark(self, placed: list[tuple[int, int]]) -> None:
        with self._database.writing() as connection:
            for id_, index in placed:
                mine = update(transiciones).where(transiciones.c.id == id_)
                connection.execute(mine.values(hoja=index))
