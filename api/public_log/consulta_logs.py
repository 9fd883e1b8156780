"""The public log of each consultation: opened when it is first needed, written by this process alone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from api.public_log.log import PublicLog
from ledger.checkpoint import Checkpoint
from ledger.database import Database
from tally.consulta.leaves_sql import mark_leaves, waiting_leaves

BATCH = 2048


class ConsultaLogs:
    """Logs by consultation, from any thread. `open_log` raises AnotherSequencer where another owns it."""

    def __init__(self, database: Database, open_log: Callable[[str], PublicLog]) -> None:
        self._database = database
        self._open = open_log
        self._logs: dict[str, PublicLog] = {}
        self._pumping: dict[str, Lock] = {}
        self._turn = Lock()

    def of(self, consulta: str) -> PublicLog:
        """The log, which takes entries."""
        with self._turn:
            if consulta not in self._logs:
                log = self._open(consulta)
                log.start()
                self._logs[consulta] = log
                self._pumping[consulta] = Lock()
            return self._logs[consulta]

    def head(self, consulta: str) -> Checkpoint:
        """What it last published."""
        return self.of(consulta).head

    def pump(self, consulta: str) -> int:
        """Bring all that waits into the log, and say how many there were.

        Stopped anywhere, the next call goes on: entries are appended under their idempotency keys.
        """
        log, total = self.of(consulta), 0
        with self._pumping[consulta]:
            while waiting := self._waiting(consulta):
                indices = log.append([(key, entry) for _, key, entry in waiting])
                placed = [(row, index) for (row, _, _), index in zip(waiting, indices, strict=True)]
                with self._database.writing() as db:
                    mark_leaves(db, placed)
                total += len(waiting)
        return total

    def close(self) -> None:
        """Seal what waits and let the logs go."""
        with self._turn:
            for log in self._logs.values():
                log.close()
            self._logs.clear()

    def _waiting(self, consulta: str) -> list[tuple[int, bytes, bytes]]:
        with self._database.reading() as db:
            return waiting_leaves(db, consulta, BATCH)
