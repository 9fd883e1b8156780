"""Opening both logs with the adapters that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from api.acts.acts import LogName
from api.public_log import signing_key
from api.public_log.consulta_logs import ConsultaLogs
from api.public_log.log import POLICY, LogPlace, PublicLog
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
    pumps: tuple[LeafPump, ...]
    consultas: ConsultaLogs

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
        self.consultas.close()
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
    return Logs(apoyo, actos, pumps, _consulta_logs(settings, database, random))


def _consulta_logs(settings: Settings, database: Database, random: Callable[[int], bytes]) -> ConsultaLogs:
    return ConsultaLogs(database, lambda name: PublicLog(_place(settings, name, random, "consultas")))


@contextmanager
def running_logs(logs: Logs) -> Iterator[Logs]:
    """The logs take entries while the block runs."""
    logs.start()
    try:
        yield logs
    finally:
        logs.close()


def log_folder(settings: Settings, name: str) -> Path:
    """What is published of a log."""
    return (settings.logs.public_folder or settings.data / "publico") / name / "log"


def _place(
    settings: Settings, name: str, random: Callable[[int], bytes], shared: str | None = None
) -> LogPlace:
    """`shared`: the name of the policy of logs that have none of their own."""
    given = settings.logs
    key = (given.keys_folder or settings.data / "secretos") / f"bitacora-{name}.llave"
    origin = f"{given.origin}/{name}"
    policy = _policy_file(settings, name, shared)
    return LogPlace(
        folder=log_folder(settings, name),
        lock=_lock(settings, name, origin),
        signer=signing_key.load_or_create(key, origin, random),
        policy=policy,
        pace=Pace(interval=given.seal_seconds),
        wait_seconds=given.wait_seconds,
    )


def _policy_file(settings: Settings, name: str, shared: str | None) -> Path | None:
    """The policy of a log. Once a consultation is announced it keeps the one whose hash it announced."""
    folder = log_folder(settings, name)
    if shared is not None and (folder.parent / "consulta.json").exists():
        return folder / POLICY
    own = settings.logs.policy_folder
    if own is None:
        return None
    return next((f for f in (own / f"{n}.politica" for n in (name, shared) if n) if f.exists()), None)


def _lock(settings: Settings, name: str, origin: str) -> CheckpointLock:
    """PostgreSQL where the database is; SQLite in a file of its own otherwise."""
    address = make_url(settings.database_url)
    if address.get_backend_name() == "postgresql":
        conninfo = address.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresLock(conninfo, origin)
    folder = settings.data / "bitacoras"
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteLock(folder / f"{name}.sqlite")
