"""What entry needs from outside."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection


class Bounds(Protocol):
    """How often entry may be tried: counted before it is looked at, for persons that exist or not."""

    def admit(self, who: bytes, address: str, now: datetime) -> None:
        """Count one attempt, durably. Raises Refusal when it comes before its time."""

    def succeeded(self, connection: Connection, who: bytes, address: str) -> None:
        """Begin the count anew."""


class TokenPost(Protocol):
    """Sends a token to the registered telephone, by the channel that the Clave did not take."""

    def send(self, connection: Connection, telefono: str, code: str, until: datetime) -> None:
        """Leave the message in the transaction that makes the token."""
