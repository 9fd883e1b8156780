"""`/v1/mensajes`: what did not reach anybody, without address or text, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.outbox import desk_sql
from api.outbox.desk_sql import SetAside
from capture.records.ports import Done

router = Guarded("/v1/mensajes", "mensajes")
Identifier = Annotated[str, Path(max_length=36, description="Identificador del mensaje")]


class MensajeDetenido(BaseModel):
    """A message that a person has to look at. `falla` is a stable code, never the other server's text.

    With `vaciado` its address and text were taken out: it cannot be sent again.
    """

    identificador: str
    tipo: str
    canal: str
    estado: str
    falla: str | None
    intentos: int
    creado: datetime
    vaciado: bool


class EstadoDeMensajes(BaseModel):
    """How many messages are in each state, and those that were put aside or bounced, oldest first.

    `siguiente` is the `despues` of the next page; null at the end.
    """

    cuantos: dict[str, int]
    detenidos: list[MensajeDetenido]
    siguiente: str | None


@router.get("", Permission.MENSAJE_CONSULTAR)
def state(here: HereNow, despues: Annotated[str | None, Query(max_length=36)] = None) -> EstadoDeMensajes:
    """Cuántos mensajes hay en cada estado, y cuáles no llegaron."""
    with here.database.reading() as db:
        stopped = desk_sql.set_aside(db, despues)
        return EstadoDeMensajes(
            cuantos=desk_sql.count_by_state(db),
            detenidos=[_shown(one) for one in stopped],
            siguiente=stopped[-1].identifier if len(stopped) == desk_sql.PAGE else None,
        )


@router.post("/{identificador}/reenvio", Permission.MENSAJE_REENVIAR, status_code=204)
def again(here: HereNow, identificador: Identifier) -> None:
    """Vuelve a intentar un mensaje que se detuvo."""
    with here.database.writing() as db:
        if not desk_sql.send_again(db, identificador, here.now):
            raise Problem("no-encontrado", "No hay un mensaje detenido con ese identificador.")
        done = Done(here.who.account, here.who.role.value, "mensaje.reenvio", identificador, here.now)
        here.services.acts.record(db, done)


def _shown(one: SetAside) -> MensajeDetenido:
    return MensajeDetenido(
        identificador=one.identifier,
        tipo=one.kind,
        canal=one.channel,
        estado=one.state,
        falla=one.failure,
        intentos=one.attempts,
        creado=one.created,
        vaciado=one.emptied,
    )
