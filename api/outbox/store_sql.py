"""Messages that wait: claimed for a while, then delivered, put back or put aside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update

from api.outbox.due_sql import due, free, leaf_is_placed
from api.outbox.fate import Aside, Delivered, Fate, Later, Untried
from api.outbox.message import CONFIDENTIAL, MAX_BODY_CHARS, Channel
from api.outbox.tables import ASIDE, BOUNCED, DELIVERED, PENDING, mensajes
from api.outbox.waiting import Joint, Terms, Waiting
from ledger.database import Database

_COLUMNS = (
    mensajes.c.id,
    mensajes.c.identificador,
    mensajes.c.canal,
    mensajes.c.destino,
    mensajes.c.asunto,
    mensajes.c.cuerpo,
    mensajes.c.grupo,
    mensajes.c.documento,
    mensajes.c.intentos,
    mensajes.c.enviado_como,
)


class SqlMessages:
    """For any number of deliverers in any number of processes; each claims under its own name."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    def claim(
        self, channel: Channel, now: datetime, terms: Terms, most: int, busy: Collection[str] = ()
    ) -> list[Joint]:
        """At most `most` letters that are due, none to the recipients in `busy`; the oldest first.

        A message of a group is due when the group's oldest has waited for `terms.group`. Messages that were
        claimed together once are claimed together again, without others: a repeat is the same mail. Whoever
        looks at the same time as another one finds what that one left.
        """
        wanted = (
            select(*_COLUMNS)
            .where(*due(channel, now, terms.group), mensajes.c.destino.not_in(busy))
            .order_by(mensajes.c.despues_de, mensajes.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        if not self._anything(channel, now, terms.group):
            return []
        with self._database.writing() as db:
            claimed = [
                self._joint(db, first, now, terms.group_messages) for first in db.execute(wanted).all()
            ]
            self._lease(db, claimed, now + terms.lease)
        return claimed

    def _anything(self, channel: Channel, now: datetime, group: timedelta) -> bool:
        """Whether it is worth a transaction that writes, for which SQLite makes all others wait."""
        with self._database.reading() as db:
            one = select(mensajes.c.id).where(*due(channel, now, group)).limit(1)
            return db.execute(one).first() is not None

    def _joint(self, db: Connection, first: Any, now: datetime, most: int) -> Joint:
        """What goes as one mail with the oldest of its group."""
        if first.grupo is None:
            return (_waiting(first, first.enviado_como or first.identificador),)
        same = and_(
            mensajes.c.grupo == first.grupo,
            mensajes.c.destino == first.destino,
            mensajes.c.enviado_como.is_not_distinct_from(first.enviado_como),
        )
        rows = db.execute(
            select(*_COLUMNS)
            .where(mensajes.c.canal == first.canal, free(mensajes, now), leaf_is_placed(mensajes), same)
            .order_by(mensajes.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        return tuple(_waiting(row, first.enviado_como or first.identificador) for row in _fitting(rows))

    def _lease(self, db: Connection, claimed: Sequence[Joint], until: datetime) -> None:
        """One statement for all that goes under its own identifier, one for each joint mail."""
        alone = [joint[0].row for joint in claimed if len(joint) == 1]
        self._leased(db, alone, until, func.coalesce(mensajes.c.enviado_como, mensajes.c.identificador))
        for joint in claimed:
            if len(joint) > 1:
                self._leased(db, [message.row for message in joint], until, joint[0].sent_as)

    def _leased(self, db: Connection, rows: Sequence[int], until: datetime, sent_as: Any) -> None:
        if rows:
            mine = {"apartado_hasta": until, "apartado_por": self._name, "intentos": mensajes.c.intentos + 1}
            db.execute(update(mensajes).where(mensajes.c.id.in_(rows)).values(**mine, enviado_como=sent_as))

    def settle(self, became: Sequence[tuple[Joint, Fate]], now: datetime) -> None:
        """Say what became of letters, once: a message that another deliverer took meanwhile keeps what that
        one says. All of it in one transaction."""
        alike: dict[Fate, list[int]] = {}
        for joint, fate in became:
            alike.setdefault(fate, []).extend(message.row for message in joint)
        with self._database.writing() as db:
            for fate, rows in alike.items():
                mine = (mensajes.c.estado == PENDING, mensajes.c.apartado_por == self._name)
                said = update(mensajes).where(mensajes.c.id.in_(rows), *mine)
                db.execute(said.values(apartado_hasta=None, apartado_por=None, **_said(fate, now)))

    def empty(self, before: datetime) -> int:
        """Take address and text out of what was delivered before an instant; how many they were.

        What was put aside or bounced keeps them as long, from when it was put.
        """
        delivered = and_(mensajes.c.estado == DELIVERED, mensajes.c.entregado < before)
        given_up = and_(mensajes.c.estado.in_((ASIDE, BOUNCED)), mensajes.c.creado < before)
        with self._database.writing() as db:
            return db.execute(
                update(mensajes)
                .where(mensajes.c.destino.is_not(None), or_(delivered, given_up))
                .values(destino=None, asunto=None, cuerpo=None)
            ).rowcount


def _fitting(rows: Sequence[Any]) -> list[Any]:
    """As many as fit in one mail, at least one."""
    sizes = accumulate(len(row.cuerpo) for row in rows)
    return [
        row
        for at, (row, size) in enumerate(zip(rows, sizes, strict=True))
        if not at or size <= MAX_BODY_CHARS
    ]


def _said(fate: Fate, now: datetime) -> dict[str, Any]:
    """What a message says of what became of it. Whoever delivered a secret text was the last to need it."""
    match fate:
        case Delivered():
            kept = case((mensajes.c.tipo.startswith(CONFIDENTIAL), None), else_=mensajes.c.cuerpo)
            return {"estado": DELIVERED, "entregado": now, "falla": None, "cuerpo": kept}
        case Later(code, not_before):
            return {"despues_de": not_before, "falla": code}
        case Aside(code):
            return {"estado": ASIDE, "falla": code}
        case Untried():
            return {"intentos": mensajes.c.intentos - 1}


def _waiting(row: Any, sent_as: str) -> Waiting:
    return Waiting(
        row.id,
        row.identificador,
        Channel(row.canal),
        row.destino,
        row.asunto,
        row.cuerpo,
        row.grupo,
        row.documento,
        row.intentos,
        sent_as,
    )
