"""`/v1/mensajes`: what did not reach anybody, without address or text, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.outbox.store_sql import count_by_state, send_again, set_aside
from capture.records.ports import Done

router = Guarded("/v1/mensajes", "mensajes")
Identifier = Annotated[str, Path(max_length=36, description="Identificador del mensaje")]


class MensajeDetenido(BaseModel):
    """A message that a person has to look at. `falla` is a stable code, never the other server's text."""

    identificador: str
    tipo: str
    canal: str
    estado: str
    falla: str | None
    intentos: int
    creado: datetime


class EstadoDeMensajes(BaseModel):
    """How many messages are in each state, and those that were put aside or bounced."""

    cuantos: dict[str, int]
    detenidos: list[MensajeDetenido]


@router.get("", Permission.MENSAJE_CONSULTAR)
def state(here: HereNow) -> EstadoDeMensajes:
    """Cuántos mensajes hay en cada estado, y cuáles no llegaron."""
    with here.database.reading() as db:
        rows = set_aside(db)
        return EstadoDeMensajes(
            cuantos=count_by_state(db),
            detenidos=[
                MensajeDetenido(**{name: getattr(row, name) for name in MensajeDetenido.model_fields})
                for row in rows
            ],
        )


@router.post("/{identificador}/reenvio", Permission.MENSAJE_REENVIAR, status_code=204)
def again(here: HereNow, identificador: Identifier) -> None:
    """Vuelve a intentar un mensaje que se detuvo."""
    with here.database.writing() as db:
        if not send_again(db, identificador, here.now):
            raise Problem("no-encontrado", "No hay un mensaje detenido con ese identificador.")
        done = Done(here.who.account, here.who.role.value, "mensaje.reenvio", identificador, here.now)
        here.services.acts.record(db, done)
