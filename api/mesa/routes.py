"""`/v1/mesa`: criteria, workloads, reviews, and how long records wait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection, select

from api.accounts.permissions import Permission
from api.accounts.staff import Account
from api.accounts.store_sql import Accounts
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.mesa.forms import (
    Asignacion,
    Ausencia,
    Criterios,
    NuevosCriterios,
    Pendiente,
    Repartido,
    Reparto,
    Revisado,
    Revision,
)
from api.messages.mesa import workload_assigned
from api.processes.sight import addresses, period_in_sight, tell
from api.records.access import assignments
from api.records.scope import acting, processes_of, visible
from api.records.staff import require_reviewers
from capture.calendar import WorkingDays
from capture.mesa.catalogues_sql import SqlCatalogues
from capture.mesa.review import Reviewing
from capture.mesa.samples_sql import SqlSamples
from capture.processes.tables import periodos
from capture.processing.periods_sql import SqlPeriods
from capture.records.states import Quien
from capture.records.store_sql import SqlRecords

router = Guarded("/v1/mesa", "mesa de control")
Folio = Annotated[str, Path(max_length=36, description="Folio del registro")]
Periodo = Annotated[str, Path(max_length=36, description="Identificador del periodo")]


def reviewing(db: Connection, here: Here) -> Reviewing:
    """Reviews within a transaction of this request."""
    records = SqlRecords(db, here.services.acts)
    return Reviewing(db, records, assignments(db, here), SqlPeriods().periodo_of)


@router.get("/criterios/{periodo}", Permission.CRITERIOS_CONSULTAR)
def criteria(here: HereNow, periodo: Periodo) -> list[Criterios]:
    """Todas las versiones de los criterios de revisión de un periodo; se aplica la última."""
    with here.database.reading() as db:
        period_in_sight(db, here, periodo)
        return [Criterios.of(one) for one in SqlCatalogues(db).versions(periodo)]


@router.post("/criterios/{periodo}", Permission.CRITERIOS_MODIFICAR, status_code=201)
def publish(here: HereNow, periodo: Periodo, form: NuevosCriterios) -> Criterios:
    """Cambia los criterios de revisión, antes del inicio del periodo de captación."""
    text = json.dumps([one.model_dump() for one in form.criterios], ensure_ascii=False)
    with here.database.writing() as db:
        p = periodos.c
        wanted = select(p.inicio, p.opl).where(p.id == periodo).with_for_update()
        row = db.execute(wanted).first()
        if row is None or not here.who.scope.covers(opl=row.opl):
            raise Problem("no-encontrado", "No existe ese periodo, o es de otro instituto.")
        actor = acting(here, Quien.OPERADOR)
        made = SqlCatalogues(db).publish(periodo, row.inicio, text, actor, here.now, here.services.acts)
    return Criterios.of(made)


@router.post("/asignaciones", Permission.MESA_ASIGNAR, status_code=201)
def assign(here: HereNow, form: Reparto) -> Repartido:
    """Reparte lo que espera en la mesa entre las personas presentes, de 09:00 a 18:00 horas (hora centro)."""
    with here.database.writing() as db:
        procesos = processes_of(db, here.who, form.proceso)
        people = require_reviewers(db, _institute(db, here, form.proceso), form.operadores)
        actor = acting(here, Quien.OPERADOR)
        given = assignments(db, here).assign(
            procesos, form.operadores, actor, here.now, here.services.settings.mesa.workday
        )
        tell_workloads(db, here, people, given)
    return Repartido(asignados=given)


def _institute(db: Connection, here: Here, proceso: str | None) -> str:
    if here.who.opl is not None:
        return here.who.opl
    if proceso is None:
        raise Problem("datos-no-validos", "Hay que nombrar el proceso cuyos registros se reparten.")
    return SqlPeriods().of(db, proceso).opl


def tell_workloads(
    db: Connection, here: Here, people: Mapping[str, Account], given: Mapping[str, int]
) -> None:
    """An e-mail to everybody who was given records, in the transaction that gives them (001 §11.3)."""
    places = addresses(here)
    for one, count in sorted(given.items()):
        message = workload_assigned(people[one], count, here.now, places.portal, places.contact)
        here.services.outbox.put(db, message)


@router.post("/devoluciones", Permission.MESA_ASIGNAR)
def give_back(here: HereNow, form: Ausencia) -> Repartido:
    """Retira lo que tiene asignado quien no está, para que se reparta de nuevo."""
    with here.database.writing() as db:
        Accounts(db).get(form.operador, here.who.scope.opl)
        actor = acting(here, Quien.OPERADOR)
        returned = assignments(db, here).give_back(form.operador, actor, here.now)
    return Repartido(asignados={form.operador: -returned} if returned else {})


@router.get("/asignaciones", Permission.MESA_REVISAR)
def mine(here: HereNow) -> list[Asignacion]:
    """Los registros que tiene asignados quien consulta, primero los más antiguos."""
    with here.database.reading() as db:
        return [Asignacion.of(one) for one in assignments(db, here).held(here.who.account)]


@router.post("/revisiones/{folio}", Permission.MESA_REVISAR, status_code=201)
def review(here: HereNow, folio: Folio, form: Revision) -> Revisado:
    """El resultado de la revisión de un registro asignado: válido, o el inciso y su detalle."""
    with here.database.writing() as db:
        visible(db, here.who, folio)
        actor = acting(here, Quien.OPERADOR)
        estado = reviewing(db, here).review(folio, form.outcome, actor, here.now)
        tell(db, here, "mesa.revision", folio)  # a second look changes no state, and is an act too
    return Revisado(folio=folio, estado=estado.value)


@router.get("/productividad", Permission.MESA_CONSULTAR)
def productivity(here: HereNow, dia: Annotated[date, Query(description="Hora centro")]) -> dict[str, int]:
    """Cuántas revisiones hizo cada persona en un día."""
    with here.database.reading() as db:
        return SqlSamples(db).productivity(dia, processes_of(db, here.who))


@router.get("/pendientes", Permission.MESA_CONSULTAR)
def waiting(here: HereNow, proceso: Annotated[str | None, Query(max_length=64)] = None) -> list[Pendiente]:
    """Los registros que llevan más tiempo en la mesa, y cuándo vencen sus diez días hábiles."""
    with here.database.reading() as db:
        found = SqlSamples(db).waiting(processes_of(db, here.who, proceso), WorkingDays())
    return [Pendiente.of(one, here.now) for one in found]
