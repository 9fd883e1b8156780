"""What casting needs from outside, beside the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Voter:
    """Who has an open session. `ends`: the last instant of the session."""

    persona: str
    consulta: str
    session: str
    ends: datetime


class Notices(Protocol):
    """Tells the person that the opinion was received, and nothing else (SEI-19)."""

    def received(self, connection: Connection, voter: Voter) -> None:
        """Leave the message in the transaction that takes the ballot."""
