"""Accounts tell their acts to the bitácora, and write to people through the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from api.accounts.ports import Told
from api.acts.acts import SqlActs
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from capture.records.ports import Done


class ActsWitness:
    """See `api.accounts.ports.Witness`."""

    def __init__(self, acts: SqlActs) -> None:
        self._acts = acts

    def tell(self, db: Connection, told: Told) -> None:
        """Write the act and its leaf."""
        act = Done(
            told.who, told.role, told.kind, told.target, told.when, told.reason, detail=dict(told.detail)
        )
        self._acts.record(db, act)


class OutboxPost:
    """See `api.accounts.ports.Post`."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def send(self, db: Connection, kind: str, to: str, subject: str, body: str, now: datetime) -> None:
        """Put an e-mail."""
        self._outbox.put(db, Message(kind, Channel.CORREO, to, subject, body))
