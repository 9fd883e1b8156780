"""The log of acuses, as reception and captura manual use it."""

from __future__ import annotations

from sqlalchemy import Connection

from api.acts.acts import LogName, put_leaf
from api.public_log.log import PublicLog


class ApoyoLeaves:
    """Leaves of acuses. See `capture.intake.ports.PendingLeaves`."""

    def put(self, connection: Connection, key: bytes, entry: bytes) -> None:
        """See `PendingLeaves`."""
        put_leaf(connection, LogName.APOYO, key, entry)


class ApoyoJournal:
    """The log of acuses. See `capture.intake.ports.Journal`."""

    def __init__(self, log: PublicLog) -> None:
        self._log = log

    def place(self, key: bytes, entry: bytes) -> None:
        """See `Journal`."""
        self._log.add_and_wait(key, entry)
