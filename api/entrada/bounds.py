"""How often entry may be tried. See `tally.entrada.ports.Bounds`.

Counted for the person that is named, whether there is one or not: five tries from one address, then longer
waits; and fifty from all addresses together, with waits so short that whoever tries in somebody's name keeps
that person waiting for half a minute at most. A Clave has 48 bits: neither bound lets anybody guess it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from api.accounts.attempts import Patience
from api.accounts.service_key import ServiceKey
from api.accounts.store_sessions import Attempts
from ledger.database import Database

FROM_AN_ADDRESS = Patience(free=5, first=timedelta(seconds=15), longest=timedelta(minutes=15))
FROM_ALL = Patience(free=50, first=timedelta(seconds=1), longest=timedelta(seconds=30))


class EntryBounds:
    """Counts in the service's table of attempts."""

    def __init__(self, database: Database, key: ServiceKey) -> None:
        self._database = database
        self._key = key

    def admit(self, who: bytes, address: str, now: datetime) -> None:
        """See `Bounds`. Raises TooSoon."""
        everywhere, here = self._names(who, address)
        with self._database.writing() as db:
            Attempts(db).admit_all({everywhere: FROM_ALL, here: FROM_AN_ADDRESS}, now)

    def succeeded(self, connection: Connection, who: bytes, address: str) -> None:
        """See `Bounds`."""
        Attempts(connection).succeeded(*self._names(who, address))

    def _names(self, who: bytes, address: str) -> tuple[bytes, bytes]:
        blind = self._key.blind
        return blind("entrada/persona", who.hex()), blind("entrada/direccion", f"{who.hex()}\0{address}")
