"""What accounts need from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from api.accounts.session import Grant


class Invitations(Protocol):
    """Who was registered by whom: the promoventes, auxiliares and citizens of the apoyo service."""

    def of(self, db: Connection, email: str) -> Sequence[Grant]:
        """What the person with this (normal) e-mail may act as now, in a stable order; perhaps nothing."""

    def has_opl(self, db: Connection, opl: str) -> bool:
        """Whether there is an institute with this id."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that goes to the log of acts: who did what to whom. Without personal data."""

    who: str
    role: str
    kind: str
    target: str
    when: datetime
    reason: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


class Witness(Protocol):
    """Where acts are told, in the transaction that does them."""

    def tell(self, db: Connection, told: Told) -> None:
        """Write an act down."""


class Post(Protocol):
    """How people are written to: a message leaves when the transaction holds."""

    def send(self, db: Connection, kind: str, to: str, subject: str, body: str, now: datetime) -> None:
        """Send an e-mail."""
