"""Which acuses have their leaf, out of the table from which the log is fed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from api.acts.acts import LogName
from api.acts.tables import hojas
from ledger.database import Database
from ledger.ports import Keyed
from ledger.tree import leaf_hash

_CHUNK = 500
"""Keys in one statement."""


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
