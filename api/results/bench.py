"""Jobs that take longer than a request: asked for by the web server, done by the processing service.

A job is a row, written in the transaction that asks for it. Whoever does it holds it for a while and renews
that; a job whose worker died becomes due again by itself, and each kind bears being done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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

HELD = timedelta(minutes=5)
"""For how long a worker holds a job; it renews that long before."""
RENEW_SECONDS = 60.0
RETRY = timedelta(seconds=30)
MAX_REASON_CHARS = 600
PENDING, DONE, REFUSED = "pendiente", "hecho", "rechazado"
Job = Callable[[str, Doer], str]
"""Does a job on its object for somebody; the id of what was made."""


def ask(connection: Connection, kind: str, target: str, who: Doer, now: datetime, random: bytes) -> str:
    """Ask for a job; its id. The same job that waits already is not asked for twice. `random`: 16 bytes."""
    c = trabajos.c
    same = (c.tipo == kind, c.objeto == target, c.estado == PENDING)
    if (waiting := connection.execute(select(c.id).where(*same)).scalar()) is not None:
        return str(waiting)
    id_ = str(UUID(bytes=random, version=4))
    row = {"id": id_, "tipo": kind, "objeto": target, "quien": who.account, "rol": who.role}
    times = {"creado": now, "despues_de": now, "intentos": 0}
    connection.execute(insert(trabajos).values(**row, **times, estado=PENDING))
    return id_


class Bench:
    """Does jobs. `kinds`: what each kind does."""

    def __init__(self, database: Database, kinds: Mapping[str, Job], clock: Callable[[], datetime]) -> None:
        self._database, self._kinds, self._clock = database, kinds, clock

    def run_pending(self) -> int:
        """Do what is due, and say how many jobs ended. Several may run at once, also on other machines."""
        ended = 0
        while (row := self._claim()) is not None:
            with self._held(row):
                ended += self._do(row)
        return ended

    def _claim(self) -> Any:
        c, now = trabajos.c, self._clock()
        due = (c.estado == PENDING, c.despues_de <= now)
        with self._database.writing() as db:
            first = select(trabajos).where(*due).order_by(c.creado, c.id).limit(1)
            row = db.execute(first.with_for_update(skip_locked=True)).first()
            if row is not None:
                db.execute(update(trabajos).where(c.id == row.id).values(despues_de=now + HELD))
        return row

    @contextmanager
    def _held(self, row: Any) -> Iterator[None]:
        """Nobody else does it while the block runs."""
        ended = Event()

        def renew() -> None:
            while not ended.wait(RENEW_SECONDS):
                self._set(row, despues_de=self._clock() + HELD)

        thread = Thread(target=renew, name="trabajo-en-curso", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _do(self, row: Any) -> bool:
        try:
            made = self._kinds[row.tipo](row.objeto, Doer(row.quien, row.rol))
        except Refusal as refusal:
            self._end(row, estado=REFUSED, codigo=refusal.rule, motivo=str(refusal)[:MAX_REASON_CHARS])
        except Exception as error:  # noqa: BLE001 - whatever it was, it is tried again, and the others go on
            place = logs.place_of(error)
            logs.logger().error("trabajo", tipo=row.tipo, error=type(error).__name__, lugar=place)
            later = self._clock() + RETRY * (row.intentos + 1)
            self._set(row, despues_de=later, intentos=row.intentos + 1)
            return False
        else:
            self._end(row, estado=DONE, resultado=made)
        return True

    def _end(self, row: Any, **values: object) -> None:
        self._set(row, terminado=self._clock(), intentos=row.intentos + 1, **values)

    def _set(self, row: Any, **values: object) -> None:
        with self._database.writing() as db:
            db.execute(update(trabajos).where(trabajos.c.id == row.id).values(**values))
