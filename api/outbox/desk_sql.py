"""Messages as whoever looks after the service sees them: never the address or the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from api.outbox.tables import ASIDE, BOUNCED, DELIVERED, PENDING, mensajes

PAGE = 100


@dataclass(frozen=True, slots=True)
class SetAside:
    """A message that waits for a person. `failure` is a code."""

    identifier: str
    kind: str
    channel: str
    state: str
    failure: str | None
    attempts: int
    created: datetime
    emptied: bool
    """Its address and text were taken out: it cannot be sent again."""


def set_aside(connection: Connection, after: str | None = None) -> list[SetAside]:
    """What was put aside or bounced, oldest first, PAGE at most; `after`: identifier of the last one seen."""
    c = mensajes.c
    columns = (c.identificador, c.tipo, c.canal, c.estado, c.falla, c.intentos, c.creado, c.cuerpo.is_(None))
    wanted = select(*columns).where(c.estado.in_((ASIDE, BOUNCED))).order_by(c.id).limit(PAGE)
    if after is not None:
        seen = select(c.id).where(c.identificador == after).scalar_subquery()
        wanted = wanted.where(c.id > seen)
    return [SetAside(*row) for row in connection.execute(wanted)]


def send_again(connection: Connection, identifier: str, now: datetime) -> bool:
    """Let a message that was put aside be tried again, from the first attempt on; whether there is one."""
    c = mensajes.c
    there = (c.destino.is_not(None), c.cuerpo.is_not(None))
    aside = (c.identificador == identifier, c.estado.in_((ASIDE, BOUNCED)), *there)
    anew = {"estado": PENDING, "intentos": 0, "despues_de": now, "falla": None, "enviado_como": None}
    return connection.execute(update(mensajes).where(*aside).values(**anew)).rowcount == 1


def bounced(connection: Connection, sent_as: str, code: str) -> int:
    """A mail came back: so did all messages in it; how many they were. A second report changes nothing."""
    c = mensajes.c
    back = update(mensajes).where(c.enviado_como == sent_as, c.estado == DELIVERED)
    return connection.execute(back.values(estado=BOUNCED, falla=code)).rowcount


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    rows = connection.execute(select(mensajes.c.estado, func.count()).group_by(mensajes.c.estado))
    return {row[0]: row[1] for row in rows}
