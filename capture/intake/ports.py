"""What receiving needs from outside, beside the blob store and the database."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Connection

from capture.intake.sender import Sender
from ledger.acuse import Acuse


class Notices(Protocol):
    """Tells the person that the record was received, in the transaction that keeps it (APO-12)."""

    def received(self, connection: Connection, acuse: Acuse, sender: Sender) -> None:
        """Leave the message."""


class PendingLeaves(Protocol):
    """Leaves an entry for the log, in the transaction that keeps what it commits to."""

    def put(self, connection: Connection, key: bytes, entry: bytes) -> None:
        """It is appended afterwards, once, however often that is tried."""


class Journal(Protocol):
    """The log of acuses."""

    def place(self, key: bytes, entry: bytes) -> None:
        """Return once the entry is in the log and published. Raises NotPublished (try again) and its kin."""
