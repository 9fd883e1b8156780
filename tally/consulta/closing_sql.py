"""Closing urns in the database: EndBallots and the encrypted tally of each (SEI-20, SEI-22).

Each urn is closed in a transaction of its own, with its leaves; an urn that is closed already stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keys.group import group_named
from ledger.database import Database, open_engine
from tally.closing import close
from tally.consulta.leaves_sql import put_leaves
from tally.journal import events_of, urn_entry
from tally.parallel import over_urns
from tally.store_sql import SqlArchive, urns_of


@dataclass(frozen=True)
class Closing:
    """Picklable. `url`: of the database; `group`: its name."""

    url: str
    consulta: str
    group: str

    def close_all(
        self, processes: int | None = None, progress: Callable[[int, int], None] = lambda done, total: None
    ) -> int:
        """Close all urns, and say how many there are. Raises Refusal or StoreError."""
        database = Database(open_engine(self.url))
        try:
            with database.reading() as db:
                urns = urns_of(db, self.consulta)
        finally:
            database.engine.dispose()
        for done, _ in enumerate(over_urns(_Closer.close, urns, _Closer, (self,), processes), start=1):
            progress(done, len(urns))
        return len(urns)


class _Closer:
    """What a process needs to close urns."""

    def __init__(self, work: Closing) -> None:
        self._consulta = work.consulta
        self._group = group_named(work.group)
        self._database = Database(open_engine(work.url))

    def close(self, urn: tuple[str, str]) -> None:
        """One urn: (clave, uuid)."""
        clave, uuid = urn
        with self._database.writing() as db:
            archive = SqlArchive(db, uuid)
            before = archive.lock()
            if before.event.type not in ("Setup", "Ballot"):
                return
            close(self._group, archive, f"urna/{clave}.bel")
            with archive.read() as stream:
                added = events_of(stream, f"urna/{clave}.bel", before.event.height + 1)
                put_leaves(db, self._consulta, [urn_entry(uuid, event) for event in added])
