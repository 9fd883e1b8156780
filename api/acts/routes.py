"""`/v1/bitacora`: what accounts did, newest first, each act with its proof in the log of acts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, or_, select

from api.accounts.permissions import Permission
from api.acts.acts import entry_of
from api.acts.tables import actos
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem

router = Guarded("/v1/bitacora", "bitacora")
MAX_PAGE = 200
Text = Annotated[str | None, Query(max_length=120)]


class Acto(BaseModel):
    """An act. `quien` is an account; nothing in it is about citizens."""

    id: str
    cuando: datetime
    quien: str
    rol: str
    tipo: str
    objeto: str
    razon: str


class PaginaDeActos(BaseModel):
    """Newest first. `siguiente` is the `antes_de` of the next page; null at the end."""

    actos: list[Acto]
    siguiente: str | None


class ActoProbado(Acto):
    """An act with the text that the log commits to, and the proof that it is in it."""

    texto: dict[str, Any]
    indice: int
    prueba: str


@router.get("", Permission.BITACORA_CONSULTAR)
def listing(
    here: HereNow,
    quien: Text = None,
    tipo: Text = None,
    objeto: Text = None,
    antes_de: Annotated[str | None, Query(max_length=36)] = None,
    limite: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> PaginaDeActos:
    """Los actos, del más nuevo al más antiguo."""
    wanted = select(actos).order_by(actos.c.cuando.desc(), actos.c.id.desc()).limit(limite)
    for column, value in ((actos.c.quien, quien), (actos.c.tipo, tipo), (actos.c.objeto, objeto)):
        if value is not None:
            wanted = wanted.where(column == value)
    with here.database.reading() as db:
        if antes_de is not None:
            last = db.execute(select(actos.c.cuando).where(actos.c.id == antes_de)).scalar_one_or_none()
            if last is None:
                raise Problem("no-encontrado", "No hay un acto con ese identificador.")
            wanted = wanted.where(_before(last, antes_de))
        rows = db.execute(wanted).all()
    shown = [Acto(**{name: getattr(row, name) for name in Acto.model_fields}) for row in rows]
    return PaginaDeActos(actos=shown, siguiente=shown[-1].id if len(shown) == limite else None)


def _before(moment: datetime, identifier: str) -> ColumnElement[bool]:
    same = and_(actos.c.cuando == moment, actos.c.id < identifier)
    return or_(actos.c.cuando < moment, same)


@router.get("/{acto}", Permission.BITACORA_CONSULTAR)
def one(here: HereNow, acto: Annotated[str, Path(max_length=36)]) -> ActoProbado:
    """Un acto con su prueba: el SHA-256 de `texto`, en su forma canónica, es la entrada de la bitácora."""
    with here.database.reading() as db:
        row = db.execute(select(actos).where(actos.c.id == acto)).one_or_none()
    if row is None:
        raise Problem("no-encontrado", "No hay un acto con ese identificador.")
    log = here.services.logs.actos
    proof = log.prove(log.add_and_wait(acto.encode(), entry_of(row.texto.encode())))
    shown = {name: getattr(row, name) for name in Acto.model_fields}
    text = json.loads(row.texto)
    return ActoProbado(**shown, texto=text, indice=proof.index, prueba=proof.encode().decode())
