"""`/v1/mesa/muestras` and `/v1/mesa/discrepancias`: the second look."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path
from sqlalchemy import Connection

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.refusals import declare
from api.mesa.forms import Muestra, NuevaMuestra, Repartido, Reparto, Revisado, Revision
from api.mesa.routes import Folio, reviewing, tell_workloads
from api.processes.sight import tell
from api.records.access import assignments
from api.records.scope import acting, is_enlace, require_process, visible
from api.records.staff import require_reviewers
from capture.mesa.errors import UnknownSample
from capture.mesa.samples_sql import Sample, SqlSamples
from capture.processing.periods_sql import SqlPeriods
from capture.records.states import Quien

router = Guarded("/v1/mesa", "mesa de control")
declare(UnknownSample, "no-encontrado")
MuestraId = Annotated[str, Path(max_length=36, description="Identificador de la muestra")]


@router.post("/muestras", Permission.MESA_ASIGNAR, status_code=201)
def draw(here: HereNow, form: NuevaMuestra) -> Muestra:
    """Sortea, con una semilla que se publica, qué revisiones ya hechas se revisan por segunda vez."""
    identifier = str(UUID(bytes=here.services.random(16), version=4))
    sample = Sample(identifier, form.proceso, form.semilla, form.por_millar, form.desde, form.hasta)
    with here.database.writing() as db:
        require_process(db, here.who, form.proceso)
        SqlSamples(db).draw(sample, acting(here, Quien.OPERADOR), here.now, here.services.acts)
        return _told(db, sample)


@router.get("/muestras/{muestra}", Permission.MESA_CONSULTAR)
def sample(here: HereNow, muestra: MuestraId) -> Muestra:
    """Una muestra: con qué se sorteó, en cuánto coinciden las dos revisiones, y en qué registros no."""
    with here.database.reading() as db:
        return _told(db, _seen(db, here, muestra))


@router.post("/muestras/{muestra}/asignaciones", Permission.MESA_ASIGNAR, status_code=201)
def assign_second(here: HereNow, muestra: MuestraId, form: Reparto) -> Repartido:
    """Reparte la segunda revisión, nunca a quien hizo la primera."""
    with here.database.writing() as db:
        opl = SqlPeriods().of(db, _seen(db, here, muestra).proceso).opl
        people = require_reviewers(db, opl, form.operadores)
        actor = acting(here, Quien.OPERADOR)
        held = assignments(db, here)
        given = held.assign_second(
            muestra, form.operadores, actor, here.now, here.services.settings.mesa.workday
        )
        tell_workloads(db, here, people, given)
    return Repartido(asignados=given)


@router.post("/discrepancias/{folio}", Permission.MESA_SEGUNDA_REVISION, status_code=201)
def settle(here: HereNow, folio: Folio, form: Revision) -> Revisado:
    """La persona enlace resuelve un registro cuyas dos revisiones no coinciden."""
    if not is_enlace(here.who):
        raise Problem("sin-permiso", "Las discrepancias las resuelve la persona enlace del instituto.")
    with here.database.writing() as db:
        visible(db, here.who, folio)
        actor = acting(here, Quien.OPERADOR)
        estado = reviewing(db, here).settle(folio, form.outcome, actor, here.now)
        tell(db, here, "mesa.discrepancia", folio)
    return Revisado(folio=folio, estado=estado.value)


def _seen(db: Connection, here: Here, muestra: str) -> Sample:
    found = SqlSamples(db).get(muestra)
    require_process(db, here.who, found.proceso)
    return found


def _told(db: Connection, found: Sample) -> Muestra:
    samples = SqlSamples(db)
    return Muestra.of(found, samples.agreement(found.id), samples.disagreements(found.id))
