"""Jobs, kept in the transaction that asks for them and run by one thread, one after another.

A job that was running when the process died is pending still and runs again: each kind bears that. One that
is refused ends, with the rule; one that met an error of the medium is tried again later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from api.http import logs
from api.results.tables import trabajos
from capture.results.keys_sql import Doer
from keys.errors import Refusal
from ledger.database import Database

RETRY = timedelta(seconds=30)
MAX_REASON_CHARS = 600
Job = Callable[[str, Doer], str]
"""Does a job on its object for somebody; the id of what was made."""


class Bench:
    """`kinds`: what each kind of job does."""

    def __init__(
        self,
        database: Database,
        kinds: Mapping[str, Job],
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        seconds: float,
    ) -> None:
        self._database, self._kinds = database, kinds
        self._clock, self._random, self._seconds = clock, random, seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name="trabajos", daemon=True)

    def put(self, connection: Connection, kind: str, target: str, who: Doer) -> str:
        """Ask for a job; its id. The same job that waits already is not asked for twice."""
        c = trabajos.c
        same = (c.tipo == kind, c.objeto == target, c.estado == "pendiente")
        if (waiting := connection.execute(select(c.id).where(*same)).scalar()) is not None:
            return str(waiting)
        id_, now = str(UUID(bytes=self._random(16), version=4)), self._clock()
        row = {"id": id_, "tipo": kind, "objeto": target, "quien": who.account, "rol": who.role}
        times = {"creado": now, "despues_de": now, "intentos": 0}
        connection.execute(insert(trabajos).values(**row, **times, estado="pendiente"))
        return id_

    def run_pending(self) -> int:
        """Do what is due, and say how many jobs ended."""
        ended = 0
        while (row := self._due()) is not None:
            ended += self._do(row)
        return ended

    def _due(self) -> Any:
        c = trabajos.c
        wanted = select(trabajos).where(c.estado == "pendiente", c.despues_de <= self._clock())
        with self._database.reading() as db:
            return db.execute(wanted.order_by(c.creado, c.id).limit(1)).first()

    def _do(self, row: Any) -> bool:
        try:
            made = self._kinds[row.tipo](row.objeto, Doer(row.quien, row.rol))
        except Refusal as refusal:
            self._mark(row, estado="rechazado", codigo=refusal.rule, motivo=str(refusal)[:MAX_REASON_CHARS])
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again, and the others go on
            logs.logger().error("trabajo", tipo=row.tipo, id=row.id, error=type(error).__name__)
            later = self._clock() + RETRY * (row.intentos + 1)
            self._set(row, despues_de=later, intentos=row.intentos + 1)
            return False
        else:
            self._mark(row, estado="hecho", resultado=made)
        return True

    def _mark(self, row: Any, **values: object) -> None:
        self._set(row, terminado=self._clock(), intentos=row.intentos + 1, **values)

    def _set(self, row: Any, **values: object) -> None:
        with self._database.writing() as db:
            db.execute(update(trabajos).where(trabajos.c.id == row.id).values(**values))

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Finish the job at hand, then stop."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.run_pending()
            except Exception as error:  # noqa: BLE001 - the next look tries again
                logs.logger().error("trabajos", error=type(error).__name__)
