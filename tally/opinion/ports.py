"""What casting needs from outside, beside the database."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Tells people that their opinion was received, and nothing else (SEI-19)."""

    def received(self, connection: Connection, voters: Sequence[Voter]) -> None:
        """Leave the message of each in the transaction that takes the ballots."""
