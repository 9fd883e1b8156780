"""Whether the worker's loops look and succeed: told by the worker, shown with the figures of the server.

The server does not stop because of it: what is received waits in the database until a worker comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import insert, select, update

from api.worker.tables import tareas
from ledger.database import Database

EVERY = timedelta(seconds=30)
"""Looks that go well are told no more often."""


class Beats:
    """Tells the database how the looks of each loop end."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._told: dict[str, datetime] = {}
        self._lock = Lock()

    def good(self, name: str) -> None:
        """A look ended well."""
        now = self._clock()
        with self._lock:
            last = self._told.get(name)
            if last is not None and now - last < EVERY:
                return
            self._told[name] = now
        self._set(name, bien=now, fallas=0)

    def bad(self, name: str) -> None:
        """A look failed."""
        with self._lock:
            self._told.pop(name, None)
        self._set(name, mal=self._clock(), fallas=tareas.c.fallas + 1)

    def _set(self, name: str, **values: object) -> None:
        with self._database.writing() as db:
            done = db.execute(update(tareas).where(tareas.c.nombre == name).values(**values))
            if not done.rowcount:
                first = {**values, "fallas": int("mal" in values)}
                db.execute(insert(tareas).values(nombre=name, **first))


class TaskFigures(Collector):
    """`certeza_tareas_*`, read from the database when they are collected."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """None: they are not read before somebody asks."""
        return []

    def collect(self) -> Iterable[Metric]:
        """The figures of each loop. Nothing when the database does not answer: /listo says that."""
        good = GaugeMetricFamily(
            "certeza_tareas_ultima_buena_segundos",
            "Instante Unix en que la tarea terminó bien por última vez",
            labels=["tarea"],
        )
        failures = GaugeMetricFamily(
            "certeza_tareas_fallas", "Fallas de la tarea desde que terminó bien", labels=["tarea"]
        )
        try:
            with self._database.reading() as db:
                rows = db.execute(select(tareas)).all()
        except Exception:  # noqa: BLE001 - the other figures are given all the same
            return []
        for row in rows:
            good.add_metric([row.nombre], row.bien.timestamp() if row.bien else 0)
            failures.add_metric([row.nombre], row.fallas)
        return [good, failures]
