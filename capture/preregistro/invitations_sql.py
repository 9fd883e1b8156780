"""Invitations to people who had a Clave in an earlier consultation (SEI-02), in SQL.

A row for each person first; then, a few at a time, the e-mail that holds its secret and the row that keeps
its hash, in one transaction: somebody who was invited once is not invited again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from capture.preregistro.errors import PreregistroRefusal, UnknownRequest
from capture.preregistro.folio import secret_hash
from capture.preregistro.tables import invitaciones

_V = invitaciones.c


class Invited(StrEnum):
    """The values are stored."""

    WAITING = "por-enviar"
    SENT = "enviada"
    CONFIRMED = "confirmada"
    CHANGED = "con-cambios"
    """The person says that something changed, and must ask by pre-registro."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """`titular`: the person of the earlier consultation."""

    id: str
    consulta: str
    anterior: str
    titular: str
    estado: Invited
    folio: str | None


class Invitations:
    """Within one transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db = connection
        self._consulta = consulta

    def add(self, anterior: str, titulares: Iterable[str], new_id: Callable[[], str]) -> int:
        """Invite these people of an earlier consultation; how many were not invited before."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        own = {"consulta": self._consulta, "anterior": anterior, "estado": Invited.WAITING.value}
        added = 0
        for titular in titulares:
            statement = dialect.insert(invitaciones).values(id=new_id(), titular=titular, **own)
            kept = self._db.execute(statement.on_conflict_do_nothing().returning(_V.id))
            added += kept.first() is not None
        return added

    def to_send(self, most: int) -> list[Invitation]:
        """Whose e-mail is not put yet, held until the transaction ends."""
        wanted = select(invitaciones).where(_V.consulta == self._consulta, _V.estado == Invited.WAITING.value)
        rows = self._db.execute(wanted.order_by(_V.id).limit(most).with_for_update(skip_locked=True))
        return [_invitation(row) for row in rows]

    def sent(self, identifier: str, secret: str, now: datetime) -> bool:
        """Its e-mail was put in this transaction; False when it had been put."""
        mine = update(invitaciones).where(_V.id == identifier, _V.estado == Invited.WAITING.value)
        values = {"estado": Invited.SENT.value, "secreto": secret_hash(secret), "enviada": now}
        return self._db.execute(mine.values(**values)).rowcount == 1

    def of_secret(self, identifier: str, secret: str) -> Invitation:
        """The invitation, for whoever got its e-mail. Raises UnknownRequest."""
        mine = select(invitaciones).where(
            _V.id == identifier, _V.consulta == self._consulta, _V.secreto == secret_hash(secret)
        )
        row = self._db.execute(mine.with_for_update()).one_or_none()
        if row is None:
            raise UnknownRequest("invitacion.existe", "invitación", "una invitación vigente", "ninguna")
        return _invitation(row)

    def answer(self, invitation: Invitation, estado: Invited, folio: str | None, now: datetime) -> None:
        """What the person said, once. Raises PreregistroRefusal."""
        mine = update(invitaciones).where(_V.id == invitation.id, _V.estado == Invited.SENT.value)
        values = {"estado": estado.value, "respondida": now, "folio": folio}
        if self._db.execute(mine.values(**values)).rowcount != 1:
            expected = "una invitación sin respuesta"
            raise PreregistroRefusal("invitacion.respuesta", "invitación", expected, invitation.estado.value)

    def figures(self) -> dict[str, int]:
        """How many are in each state."""
        wanted = select(_V.estado, func.count()).where(_V.consulta == self._consulta)
        found = {row[0]: row[1] for row in self._db.execute(wanted.group_by(_V.estado))}
        return {estado.value: found.get(estado.value, 0) for estado in Invited}


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.id, row.consulta, row.anterior, row.titular, Invited(row.estado), row.folio)
