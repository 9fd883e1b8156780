"""`/v1/atencion`: reporting a problem, taking it on and answering it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection

from api.accounts.permissions import ROLES_OF, Actor, Permission
from api.attention.forms import (
    AnswerForm,
    Cause,
    ReportAnswer,
    Reported,
    ReportForm,
    TakeForm,
    report_answer,
)
from api.attention.letter import answer_letter
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.refusals import declare
from api.reports.sight import require_in_sight
from capture.attention.errors import UnknownReport
from capture.attention.report import CAUSES, EstadoDeReporte, Medio, NewReport
from capture.attention.store_sql import MAX_PAGE, SqlReports
from capture.records.ports import Done

router = Guarded("/v1/atencion", "atencion")
declare(UnknownReport, "no-encontrado")
MAX_NUMBER = 2**53
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER)]


@router.get("/causas", Permission.ATENCION_REPORTAR)
def causes(here: HereNow) -> list[Cause]:
    """Los tipos de reporte."""
    return [Cause(codigo=code, nombre=words) for code, words in CAUSES.items()]


@router.post("/reportes", Permission.ATENCION_REPORTAR, status_code=201)
def report(here: HereNow, body: ReportForm) -> Reported:
    """Reporta un problema o una duda. Quien atiende puede anotar los que llegan por otros medios."""
    actor = here.actor
    of_desk = actor is not None and actor.role in ROLES_OF[Permission.ATENCION_ATENDER]
    if not of_desk and (body.medio or body.recibido):
        raise Problem("sin-permiso", "Solo quien atiende anota el medio y la fecha de un reporte.")
    if body.recibido is not None and body.recibido > here.now:
        raise Problem("datos-no-validos", "La fecha de recepción no puede ser futura.")
    with here.database.writing() as db:
        made = NewReport(
            medio=body.medio or Medio.PORTAL,
            causas=tuple(body.causas),
            persona=body.persona,
            titulo=body.titulo,
            descripcion=body.descripcion,
            recibido=body.recibido or here.now,
            contacto=body.contacto,
            proceso=_proceso(db, actor, body.proceso),
        )
        operator = actor.account if of_desk and actor is not None else None
        return Reported(reporte=SqlReports(db).add(made, operator))


def _proceso(db: Connection, actor: Actor | None, folio: str | None) -> str | None:
    """Nobody reports in the name of a process of others: then the desk says which one it is about."""
    if actor is None or folio is None:
        return None if actor is None else actor.proceso
    require_in_sight(db, actor, folio)
    return folio


@router.get("/reportes", Permission.ATENCION_ATENDER)
def listing(
    here: HereNow,
    estado: Annotated[EstadoDeReporte | None, Query()] = None,
    proceso: Annotated[str | None, Query(max_length=64)] = None,
    despues: Annotated[
        int, Query(ge=0, le=MAX_NUMBER, description="El último número de la página anterior")
    ] = 0,
    cuantos: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> list[ReportAnswer]:
    """Los reportes, del más antiguo al más nuevo."""
    with here.database.reading() as db:
        found = SqlReports(db).page(estado, proceso, despues, cuantos)
    return [report_answer(one) for one in found]


@router.get("/reportes/{numero}", Permission.ATENCION_ATENDER)
def one(here: HereNow, numero: Number) -> ReportAnswer:
    """Un reporte."""
    with here.database.reading() as db:
        return report_answer(SqlReports(db).get(numero))


@router.post("/reportes/{numero}/tomar", Permission.ATENCION_ATENDER)
def take(here: HereNow, numero: Number, body: TakeForm) -> ReportAnswer:
    """Quien atiende se hace cargo de un reporte, y puede decir de qué proceso es."""
    with here.database.writing() as db:
        desk = SqlReports(db)
        if body.proceso is not None:
            require_in_sight(db, here.who, body.proceso)
        desk.take(numero, here.who.account, body.proceso)
        _record(here, db, "atencion.tomar", numero)
        return report_answer(desk.get(numero))


@router.post("/reportes/{numero}/respuesta", Permission.ATENCION_ATENDER)
def answer(here: HereNow, numero: Number, body: AnswerForm) -> ReportAnswer:
    """Responde un reporte que se tiene a cargo; por correo, si dejó uno."""
    with here.database.writing() as db:
        desk = SqlReports(db)
        desk.answer(numero, here.who.account, body.respuesta, here.now)
        _record(here, db, "atencion.responder", numero)
        found = desk.get(numero)
        letter = answer_letter(found)
        if letter is not None:
            here.services.outbox.put(db, letter)
        return report_answer(found)


def _record(here: Here, db: Connection, kind: str, number: int) -> None:
    who = here.who
    act = Done(who.account, who.role.value, kind, f"reporte {number}", here.now)
    here.services.acts.record(db, act)
