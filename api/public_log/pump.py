"""Leaves that wait in the database, into their log. Stopped anywhere, the next run goes on where it was.

1. read    a batch of rows without index, in the order in which they were written.
2. append  under their idempotency keys: an entry that an earlier, interrupted run appended keeps its index.
3. mark    the indices, one transaction. A crash before it only means that 2 is done again, to the same
effect.
"""

from __future__ import annotations

from threading import Event, Thread

from sqlalchemy import select, update

from api.acts.acts import LogName
from api.acts.tables import hojas
from api.http import logs
from api.public_log.log import PublicLog
from capture.records.leaves import Leaves
from ledger.database import Database

BATCH = 2048


class LeafPump:
    """Of one log; its own thread while it is started."""

    def __init__(self, database: Database, name: LogName, log: PublicLog, seconds: float) -> None:
        self._database = database
        self._name = name
        self._log = log
        self._seconds = seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"hojas-{name.value}", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look once more, then stop."""
        self._stop.set()
        self._thread.join()

    def pump(self) -> int:
        """Bring all that wait into the log, and say how many there were."""
        total = 0
        while waiting := self._waiting():
            indices = self._log.append([(key, entry) for _, key, entry in waiting])
            self._mark([(row, index) for (row, _, _), index in zip(waiting, indices, strict=True)])
            total += len(waiting)
        if self._name is LogName.APOYO:
            total += Leaves(self._database, self._log).append_all()
        return total

    def _waiting(self) -> list[tuple[int, bytes, bytes]]:
        wanted = (
            select(hojas.c.id, hojas.c.llave, hojas.c.entrada)
            .where(hojas.c.bitacora == self._name.value, hojas.c.indice.is_(None))
            .order_by(hojas.c.id)
            .limit(BATCH)
        )
        with self._database.reading() as db:
            return [(row.id, bytes(row.llave), bytes(row.entrada)) for row in db.execute(wanted)]

    def _mark(self, placed: list[tuple[int, int]]) -> None:
        with self._database.writing() as db:
            for row, index in placed:
                db.execute(update(hojas).where(hojas.c.id == row).values(indice=index))

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._try()
        self._try()

    def _try(self) -> None:
        try:
            self.pump()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look tries again
            place = logs.place_of(error)
            logs.logger().error("hojas", bitacora=self._name.value, error=type(error).__name__, lugar=place)
