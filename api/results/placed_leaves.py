"""Which acuses have their leaf, out of the table from which the log is fed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from api.acts.acts import LogName
from api.acts.tables import hojas
from ledger.database import Database
from ledger.ports import Keyed
from ledger.tree import leaf_hash

_CHUNK = 500
"""Keys in one statement."""
WAIT_SECONDS = 20.0
_POLL_SECONDS = 0.2


class LeavesBehindError(OSError):
    """The log has not taken what waits for it; later it will have."""


def wait_until_placed(
    database: Database, seconds: float = WAIT_SECONDS, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Return when every leaf that waits now is in the log. Raises LeavesBehindError after `seconds`.

    Who counted before would miss acuses that were handed out a moment ago.
    """
    c = hojas.c
    waiting = (c.bitacora == LogName.APOYO.value, c.indice.is_(None))
    with database.reading() as db:
        last = db.execute(select(func.max(c.id)).where(*waiting)).scalar()
    deadline = time.monotonic() + seconds
    while last is not None:
        with database.reading() as db:
            if db.execute(select(c.id).where(*waiting, c.id <= last).limit(1)).scalar() is None:
                return
        if time.monotonic() >= deadline:
            raise LeavesBehindError("hojas")
        sleep(_POLL_SECONDS)


class PlacedLeaves:
    """See `capture.results.leaves.Known`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        """Index and leaf hash of those that were placed."""
        found: dict[bytes, Keyed] = {}
        for at in range(0, len(keys), _CHUNK):
            found |= self._chunk(keys[at : at + _CHUNK])
        return found

    def _chunk(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        c = hojas.c
        wanted = select(c.llave, c.entrada, c.indice).where(
            c.bitacora == LogName.APOYO.value, c.llave.in_(keys), c.indice.is_not(None)
        )
        with self._database.reading() as db:
            return {
                bytes(row.llave): Keyed(row.indice, leaf_hash(bytes(row.entrada)))
                for row in db.execute(wanted)
            }
