"""What is done for each consultation again and again, by the process that owns its log.

Of one whose urns exist: the folder and the log follow the rows; at the instant of the calendar its urns are
closed. Everything is safe to be done twice; a look that fails for one consultation goes on with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import RLock

from api.consultas.places import places_of
from api.consultas.publishing import Publisher
from api.http import logs as lines
from api.public_log.open_logs import Logs
from api.settings import Settings
from api.worker.loops import Loop
from capture.records.ports import Acts, Done
from ledger.database import Database
from tally.consulta.closing_sql import Closing
from tally.consulta.states import Estado, Paso
from tally.consulta.store_sql import Consulta, Consultas

SYSTEM = "sistema"
_FOLLOWED = frozenset({Estado.ABIERTA, Estado.CERRADA})
"""States in which the rows of the urns are ahead of their files."""


class Keeper:
    """Looks after consultations. Safe from any thread: looks take turns."""

    def __init__(
        self, database: Database, settings: Settings, logs: Logs, acts: Acts, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._settings = settings
        self._logs = logs
        self._acts = acts
        self._clock = clock
        self._publishers: dict[str, Publisher] = {}
        self._turn = RLock()

    def loop(self) -> Loop:
        """What looks for as long as the service runs."""
        return Loop("consultas", self.look, self._settings.logs.pump_seconds)

    def look(self) -> None:
        """Once over all consultations."""
        with self._database.reading() as db:
            found = Consultas(db).all()
        for one in found:
            try:
                self.keep(one)
            except Exception as error:  # noqa: BLE001 - whatever it was, the others are looked after
                kind, place = type(error).__name__, lines.place_of(error)
                lines.logger().error("consulta", consulta=one.id, error=kind, lugar=place)

    def keep(self, consulta: Consulta) -> None:
        """Do what is due for one consultation. Raises what it meets."""
        with self._turn:
            if consulta.estado in _FOLLOWED:
                self._publisher(consulta.id).publish()
            if consulta.estado is Estado.ABIERTA and self._clock() >= consulta.cronograma.calendar.voting_end:
                self._close(consulta)
            if consulta.estado is not Estado.PREPARACION:
                self._logs.consultas.pump(consulta.id)

    def publish(self, consulta: str) -> None:
        """Bring folder and log of one consultation up to its rows now."""
        with self._turn:
            self._publisher(consulta).publish()
            self._logs.consultas.pump(consulta)

    def publish_log(self, consulta: str) -> None:
        """Bring the log of one consultation up to its rows now."""
        self._logs.consultas.pump(consulta)

    def _publisher(self, consulta: str) -> Publisher:
        if consulta not in self._publishers:
            places = places_of(self._settings, consulta)
            self._publishers[consulta] = Publisher(self._database, consulta, places)
        return self._publishers[consulta]

    def _close(self, consulta: Consulta) -> None:
        """Nothing enters any more: each transaction that casts looks at the clock under its urn's lock."""
        url = self._database.engine.url.render_as_string(hide_password=False)
        count = Closing(url, consulta.id, consulta.grupo).close_all()
        self._publisher(consulta.id).publish()
        now = self._clock()
        with self._database.writing() as db:
            Consultas(db).move(consulta.id, Paso.CIERRE, now)
            told = {"urnas": str(count)}
            act = Done(SYSTEM, SYSTEM, "consulta.cierre", consulta.id, now, detail=told)
            self._acts.record(db, act)
