"""Opening both logs with the adapters that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from api.acts.acts import LogName
from api.public_log import signing_key
from api.public_log.log import LogPlace, PublicLog
from api.public_log.pump import LeafPump
from api.settings import Settings
from ledger.database import Database
from ledger.limits import Pace
from ledger.lock_postgres import PostgresLock
from ledger.lock_sqlite import SqliteLock
from ledger.ports import CheckpointLock


@dataclass(frozen=True, slots=True)
class Logs:
    """The logs that this process owns."""

    apoyo: PublicLog
    actos: PublicLog
    pumps: tuple[LeafPump, ...] = ()

    def start(self) -> None:
        """Begin to take entries, those that wait in the database first."""
        for log in (self.apoyo, self.actos):
            log.start()
        for pump in self.pumps:
            pump.start()

    def require_open(self) -> None:
        """Raises LogStopped when one of them does not take entries."""
        for log in (self.apoyo, self.actos):
            log.require_open()

    def close(self) -> None:
        """Bring in what waits and let the logs go."""
        for pump in self.pumps:
            pump.close()
        for log in (self.apoyo, self.actos):
            log.close()


def open_logs(settings: Settings, database: Database, random: Callable[[int], bytes]) -> Logs:
    """Open both. Raises AnotherSequencer where another process owns them."""
    apoyo, actos = (PublicLog(_place(settings, name, random)) for name in (LogName.APOYO, LogName.ACTOS))
    seconds = settings.logs.pump_seconds
    pumps = (
        LeafPump(database, LogName.APOYO, apoyo, seconds),
        LeafPump(database, LogName.ACTOS, actos, seconds),
    )
    return Logs(apoyo, actos, pumps)


@contextmanager
def running_logs(logs: Logs) -> Iterator[Logs]:
    """The logs take entries while the block runs."""
    logs.start()
    try:
        yield logs
    finally:
        logs.close()


def log_folder(settings: Settings, name: LogName) -> Path:
    """What is published of a log."""
    return (settings.logs.public_folder or settings.data / "publico") / name.value / "log"


def _place(settings: Settings, name: LogName, random: Callable[[int], bytes]) -> LogPlace:
    given = settings.logs
    key = (given.keys_folder or settings.data / "secretos") / f"bitacora-{name.value}.llave"
    origin = f"{given.origin}/{name.value}"
    policy = given.policy_folder and given.policy_folder / f"{name.value}.politica"
    return LogPlace(
        folder=log_folder(settings, name),
        lock=_lock(settings, name, origin),
        signer=signing_key.load_or_create(key, origin, random),
        policy=policy if policy and policy.exists() else None,
        pace=Pace(interval=given.seal_seconds),
        wait_seconds=given.wait_seconds,
    )


def _lock(settings: Settings, name: LogName, origin: str) -> CheckpointLock:
    """PostgreSQL where the database is; SQLite in a file of its own otherwise."""
    address = make_url(settings.database_url)
    if address.get_backend_name() == "postgresql":
        conninfo = address.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresLock(conninfo, origin)
    folder = settings.data / "bitacoras"
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteLock(folder / f"{name.value}.sqlite")
