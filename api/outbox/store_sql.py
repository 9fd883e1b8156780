"""Messages that wait: claimed for a while, then delivered, put back or put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, and_, case, exists, or_, select, update

from api.acts.tables import hojas
from api.outbox.message import CONFIDENTIAL, MAX_BODY_CHARS, Channel
from api.outbox.tables import mensajes
from ledger.database import Database

PENDING, DELIVERED, ASIDE, BOUNCED = "pendiente", "entregado", "detenido", "rebotado"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message as it waits."""

    row: int
    identifier: str
    channel: Channel
    to: str
    subject: str
    body: str
    group: str | None
    document: str | None
    attempts: int
    sent_as: str
    """Identifier of the mail that it goes in: that of the first message of those that go as one."""


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
        self, channel: Channel, now: datetime, lease: timedelta, group: timedelta, most: int
    ) -> list[Waiting]:
        """One message, with those of its group that wait too; empty when nothing is due.

        A message of a group is due when the group's oldest has waited for `group`. Messages that were claimed
        together once are claimed together again, without others: a repeat is the same mail.
        """
        with self._database.writing() as db:
            first = db.execute(
                select(*_COLUMNS)
                .where(mensajes.c.canal == channel.value, _free(now), _leaf_is_placed(), _settled(now, group))
                .order_by(mensajes.c.despues_de, mensajes.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if first is None:
                return []
            rows = [first] if first.grupo is None else _fitting(self._others(db, first, now, most))
            sent_as = first.enviado_como or rows[0].identificador
            self._lease(db, [row.id for row in rows], now + lease, sent_as)
        return [_waiting(row, sent_as) for row in rows]

    def _others(self, db: Connection, first: Any, now: datetime, most: int) -> Sequence[Any]:
        same = and_(
            mensajes.c.grupo == first.grupo,
            mensajes.c.destino == first.destino,
            mensajes.c.enviado_como.is_not_distinct_from(first.enviado_como),
        )
        return db.execute(
            select(*_COLUMNS)
            .where(mensajes.c.canal == first.canal, _free(now), _leaf_is_placed(), same)
            .order_by(mensajes.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()

    def _lease(self, db: Connection, rows: Sequence[int], until: datetime, sent_as: str) -> None:
        mine = update(mensajes).where(mensajes.c.id.in_(rows))
        db.execute(
            mine.values(
                apartado_hasta=until,
                apartado_por=self._name,
                intentos=mensajes.c.intentos + 1,
                enviado_como=sent_as,
            )
        )

    def delivered(self, messages: Sequence[Waiting], now: datetime) -> None:
        """Say so, once: a message that another deliverer took meanwhile keeps what that one says.

        Whoever delivered a secret text was the last one to need it.
        """
        kept = case((mensajes.c.tipo.startswith(CONFIDENTIAL), None), else_=mensajes.c.cuerpo)
        self._set(messages, estado=DELIVERED, entregado=now, falla=None, cuerpo=kept)

    def put_back(self, messages: Sequence[Waiting], code: str, not_before: datetime) -> None:
        """Try again later."""
        self._set(messages, despues_de=not_before, falla=code)

    def put_aside(self, messages: Sequence[Waiting], code: str) -> None:
        """Leave it to a person."""
        self._set(messages, estado=ASIDE, falla=code)

    def _set(self, messages: Sequence[Waiting], **values: Any) -> None:
        with self._database.writing() as db:
            db.execute(
                update(mensajes)
                .where(
                    mensajes.c.id.in_([message.row for message in messages]),
                    mensajes.c.estado == PENDING,
                    mensajes.c.apartado_por == self._name,
                )
                .values(apartado_hasta=None, apartado_por=None, **values)
            )

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


def _free(now: datetime) -> Any:
    leased = or_(mensajes.c.apartado_hasta.is_(None), mensajes.c.apartado_hasta <= now)
    return and_(mensajes.c.estado == PENDING, mensajes.c.despues_de <= now, leased)


def _leaf_is_placed() -> Any:
    placed = exists().where(hojas.c.llave == mensajes.c.hoja, hojas.c.indice.is_not(None))
    return or_(mensajes.c.hoja.is_(None), placed)


def _settled(now: datetime, group: timedelta) -> Any:
    return or_(mensajes.c.grupo.is_(None), mensajes.c.creado <= now - group)


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
