"""`/v1/procesos/{folio}/compulsa`: how far it is, and asking again with the newest corte."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.processes.sight import tell
from api.reports.answers import Preliminary, Standing, standings
from api.reports.sight import require_in_sight
from capture.compulsa.again import send_back
from capture.padron import store_sql
from capture.records.moves import Actor
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter
from capture.records.states import Estado, Quien
from capture.reports import counters
from capture.reports.upkeep import one_view

router = Guarded("/v1/procesos", "compulsa")
Folio = Annotated[str, Path(max_length=64, description="Id Proceso")]


class CompulsaAnswer(Preliminary):
    """How many records wait for the padrón, what it said of the others, and which corte answers now."""

    padron: date | None
    esperan: int
    situaciones: list[Standing]


class SentBack(BaseModel):
    """How many records wait again."""

    registros: int


@router.get("/{folio}/compulsa", Permission.COMPULSA_CONSULTAR)
def state(here: HereNow, folio: Folio) -> CompulsaAnswer:
    """Cuántos registros esperan la compulsa, y qué situación registral tienen los demás."""
    with one_view(here.database) as db:
        require_in_sight(db, here.who, folio)
        made = counters.read(db, folio)
        waiting = SqlRecordReading(db).counts(Filter(procesos=(folio,), estados=(Estado.PARA_COMPULSA,)))
        corte = store_sql.current(db)
    return CompulsaAnswer(
        proceso=folio,
        corte=here.now,
        padron=None if corte is None else corte.fecha,
        esperan=waiting[Estado.PARA_COMPULSA],
        situaciones=standings(made),
    )


@router.post("/{folio}/compulsa", Permission.COMPULSA_EJECUTAR)
def again(here: HereNow, folio: Folio) -> SentBack:
    """Regresa a la compulsa los registros que respondió un corte anterior, para el más reciente."""
    who = here.who
    with here.database.writing() as db:
        require_in_sight(db, who, folio)
        tell(db, here, "compulsa.repeticion", folio)
    actor = Actor(who.account, Quien.DERFE, who.role.value)
    return SentBack(registros=send_back(here.database, here.services.acts, folio, actor, here.now))
