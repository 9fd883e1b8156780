"""What was sent to somebody about a Clave, and which of it did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from api.outbox.message import Channel
from api.outbox.tables import ASIDE, BOUNCED, mensajes
from api.preregistro.tables import mensajes_sei

_S, _M = mensajes_sei.c, mensajes.c


@dataclass(frozen=True, slots=True)
class About:
    """Whom a message is about: a request, a person with a Clave, or both."""

    consulta: str
    folio: str | None = None
    titular: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """An e-mail that did not arrive, and of which nobody was told yet."""

    mensaje: str
    tipo: str
    about: About


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as an authority is told of it. `destino` is None once it was emptied."""

    mensaje: str
    tipo: str
    canal: str
    destino: str | None
    estado: str
    falla: str | None
    puesto: datetime
    entregado: datetime | None
    enviado_como: str | None


def keep(connection: Connection, message: str, about: About, now: datetime) -> None:
    """Remember that a message is about somebody."""
    whom = {"consulta": about.consulta, "folio": about.folio, "titular": about.titular}
    connection.execute(insert(mensajes_sei).values(mensaje=message, puesto=now, **whom))


def lost(connection: Connection, most: int = 100) -> list[Lost]:
    """E-mails that came back, or that could not be delivered."""
    wanted = (
        select(_S.mensaje, _M.tipo, _S.consulta, _S.folio, _S.titular)
        .join(mensajes, _M.identificador == _S.mensaje)
        .where(_S.aviso.is_(None), _M.canal == Channel.CORREO.value, _M.estado.in_((ASIDE, BOUNCED)))
        .order_by(_M.id)
        .limit(most)
    )
    return [
        Lost(r.mensaje, r.tipo, About(r.consulta, r.folio, r.titular)) for r in connection.execute(wanted)
    ]


def told(connection: Connection, message: str, notice: str) -> bool:
    """An SMS followed; False when somebody else put one meanwhile."""
    mine = update(mensajes_sei).where(_S.mensaje == message, _S.aviso.is_(None))
    return connection.execute(mine.values(aviso=notice)).rowcount == 1


def sent_about(connection: Connection, about: About) -> list[Sent]:
    """All that was sent about somebody, in order."""
    whom = [c == value for c, value in ((_S.folio, about.folio), (_S.titular, about.titular)) if value]
    notices = select(_S.aviso).where(_S.consulta == about.consulta, or_(*whom), _S.aviso.is_not(None))
    own = select(_S.mensaje).where(_S.consulta == about.consulta, or_(*whom))
    wanted = (
        select(_M.identificador, _M.tipo, _M.canal, _M.destino, _M.estado, _M.falla)
        .add_columns(_M.creado, _M.entregado, _M.enviado_como)
        .where(or_(_M.identificador.in_(own), _M.identificador.in_(notices)))
        .order_by(_M.id)
    )
    return [Sent(*row) for row in connection.execute(wanted)]
