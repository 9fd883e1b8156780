"""The backup of bodies after three months (001 §14.1), and reading out of it. Bodies stay sealed throughout.

A body is copied, read back and only then deleted from the system: stopped anywhere, the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from capture.blobs import BlobRefusal, Blobs
from capture.records.ports import Acts, Done
from capture.results.deadlines import TERMS, Terms
from capture.results.keys_sql import Doer
from capture.retention.errors import RetentionRefusal
from capture.retention.plan import require_backup
from capture.retention.store_sql import Retention
from ledger.database import Database


class BodiesWithBackup:
    """Bodies in the system, and those that are in the backup by now."""

    def __init__(self, bodies: Blobs, backup: Blobs) -> None:
        self._bodies = bodies
        self._backup = backup

    def get(self, path: str) -> bytes:
        """The sealed bytes, from wherever they are. Raises BlobRefusal."""
        try:
            return self._bodies.get(path)
        except BlobRefusal:
            return self._backup.get(path)


class Backup:
    """Moves the bodies of a process."""

    def __init__(
        self,
        database: Database,
        bodies: Blobs,
        backup: Blobs,
        acts: Acts,
        clock: Callable[[], datetime],
        terms: Terms = TERMS,
    ) -> None:
        self._database, self._bodies, self._backup = database, bodies, backup
        self._acts, self._clock, self._terms = acts, clock, terms

    def run(self, proceso: str, who: Doer) -> int:
        """Move all, and say how many bodies the backup holds. Raises RetentionRefusal before its time."""
        now = self._clock()
        with self._database.writing() as connection:
            retention = Retention(connection)
            require_backup(retention.dates(proceso), now, proceso, self._terms)
            retention.backup_started(proceso, now)
        total, after = 0, ""
        while page := self._page(proceso, after):
            total += sum(self._move(path) for _, path in page)
            after = page[-1][0]
        with self._database.writing() as connection:
            Retention(connection).backup_done(proceso, total, self._clock())
            detail = {"cuerpos": str(total)}
            done = Done(who.account, who.role, "retencion.respaldo", proceso, self._clock(), detail=detail)
            self._acts.record(connection, done)
        return total

    def _page(self, proceso: str, after: str) -> list[tuple[str, str]]:
        with self._database.reading() as connection:
            return Retention(connection).bodies(proceso, after)

    def _move(self, path: str) -> bool:
        if not self._bodies.exists(path):
            return self._backup.exists(path)
        data = self._bodies.get(path)
        self._backup.put(path, data)
        if sha256(self._backup.get(path)).digest() != sha256(data).digest():
            raise RetentionRefusal("retencion.copia", path, "la misma copia", "otra")
        self._bodies.delete(path)
        return True
