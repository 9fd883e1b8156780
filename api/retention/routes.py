"""`/v1/retencion`: how long records are kept, and their end (001 §14.1, 002 §8.4; APO-24)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel

from api.accounts.permissions import Permission
from api.documents.issued import Owner
from api.documents.official import answer, official
from api.documents.service import About
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.results.kinds import Kind
from api.results.sight import ask_for, doer, hidden, require_process
from api.results.views import Made, MotiveForm
from capture.results.deadlines import deadlines
from capture.retention.acta_document import document
from capture.retention.plan import phase, require_backup
from capture.retention.purge import order
from capture.retention.store_sql import Retention

router = Guarded("/v1/retencion", "retencion")


class RetentionView(BaseModel):
    """`fase` as of now; the terms are there once the definitive results are delivered."""

    proceso: str
    fase: str
    definitivos: datetime | None
    consulta_hasta: datetime | None
    destruir_antes_de: datetime | None
    respaldo: datetime | None
    destruida: datetime | None


@router.get("/{proceso}", Permission.RETENCION_CONSULTAR)
def state(here: HereNow, proceso: str) -> RetentionView:
    """En qué fase están los registros de un proceso y cuándo cambia."""
    terms = here.services.settings.results.terms
    with here.database.reading() as db:
        periodo = require_process(db, here, proceso)
        retention = Retention(db)
        dates, backup = retention.dates(proceso), retention.backup(proceso)
    due = deadlines(periodo.fin, None, dates.delivered, terms)
    return RetentionView(
        proceso=proceso,
        fase=phase(dates, here.now, terms).value,
        definitivos=dates.delivered,
        consulta_hasta=due.consult_until,
        destruir_antes_de=due.purge_by,
        respaldo=backup and backup.concluido,
        destruida=dates.destroyed,
    )


@router.post("/{proceso}/respaldo", Permission.RETENCION_DESTRUIR, status_code=202)
def backup(here: HereNow, proceso: str) -> Made:
    """Pasa los registros al respaldo, concluidos los meses de consulta; responde con el id del trabajo."""
    with here.database.writing() as db:
        require_process(db, here, proceso)
        require_backup(Retention(db).dates(proceso), here.now, proceso, here.services.settings.results.terms)
        return Made(id=ask_for(db, here, Kind.BACKUP, proceso))


@router.post("/{proceso}/destruccion", Permission.RETENCION_DESTRUIR, status_code=202)
def purge(here: HereNow, proceso: str, body: MotiveForm) -> Made:
    """Ordena la destrucción de los registros: no se puede deshacer. Responde con el id del trabajo."""
    terms = here.services.settings.results.terms
    with here.database.writing() as db:
        require_process(db, here, proceso)
        order(db, here.services.acts, proceso, doer(here), body.motivo, here.now, terms)
        return Made(id=ask_for(db, here, Kind.PURGE, proceso))


@router.post("/{proceso}/destruccion/reanudar", Permission.RETENCION_DESTRUIR, status_code=202)
def resume(here: HereNow, proceso: str) -> Made:
    """Reanuda una destrucción ordenada que no concluyó; responde con el id del trabajo."""
    with here.database.writing() as db:
        require_process(db, here, proceso)
        if Retention(db).row(proceso) is None:
            raise hidden()
        return Made(id=ask_for(db, here, Kind.PURGE, proceso))


@router.get("/{proceso}/acta", Permission.RETENCION_CONSULTAR)
def acta(here: HereNow, proceso: str) -> dict[str, Any]:
    """El acta de destrucción; el SHA-256 de su JSON canónico está en la bitácora pública."""
    with here.database.reading() as db:
        require_process(db, here, proceso)
        row = Retention(db).row(proceso)
    if row is None or row.acta is None:
        raise hidden()
    found: dict[str, Any] = json.loads(row.acta)
    return found


@router.get("/{proceso}/acta.pdf", Permission.RETENCION_CONSULTAR, **file_answer("application/pdf"))
def acta_pdf(here: HereNow, proceso: str) -> Response:
    """El acta de destrucción, firmada electrónicamente."""
    with here.database.reading() as db:
        periodo = require_process(db, here, proceso)
        retention = Retention(db)
        row = retention.row(proceso)
        if row is None or row.concluida is None:
            raise hidden()
        made = retention.acta(proceso, row.concluida)
    document_ = document(made, here.services.settings.results.institute)
    found = official(here, document_, Owner(periodo.opl, periodo.id), About(proceso))
    return answer(here, found, f"acta-de-destruccion-{proceso}")
