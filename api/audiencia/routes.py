"""`/v1/audiencias`: from the request to the notice of the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from sqlalchemy import Connection, select
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.audiencia.forms import (
    ActaVista,
    AudienciaVista,
    RegistroDelCorte,
    RevisadoEnAudiencia,
    RevisionEnAudiencia,
    Solicitada,
    Solicitud,
)
from api.documents.issued import Owner
from api.documents.official import answer, official
from api.documents.service import About
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.refusals import declare
from api.messages.mesa import hearing_assigned
from api.processes.sight import addresses, tell
from api.records.scope import acting, processes_of, require_process, visible
from api.records.staff import require_reviewers
from capture.audiencia.acta import Acta, make_acta
from capture.audiencia.acta_document import Issuer, acta_document
from capture.audiencia.errors import AudienciaRefusal, UnknownAudiencia
from capture.audiencia.session import Session
from capture.audiencia.store_sql import Asked, Assigned, Audiencia, SqlAudiencias
from capture.processes.process_store_sql import ProcessStore
from capture.processes.tables import opls, periodos, procesos
from capture.processing.periods_sql import SqlPeriods
from capture.records.ports import Done
from capture.records.states import Quien
from capture.records.store_sql import SqlRecords
from capture.vault.boveda import LocalBoveda

router = Guarded("/v1/audiencias", "audiencias")
declare(UnknownAudiencia, "no-encontrado")
Id = Annotated[str, Path(max_length=36, description="Identificador de la audiencia")]
Folio = Annotated[str, Path(max_length=36, description="Folio del registro")]


def _seen(db: Connection, here: Here, audiencia: str) -> SqlAudiencias:
    found = SqlAudiencias(db, here.services.acts)
    require_process(db, here.who, found.get(audiencia).proceso)
    return found


def _session(db: Connection, here: Here) -> Session:
    acts = here.services.acts
    boveda = LocalBoveda(here.services.chamber)
    return Session(db, SqlRecords(db, acts), SqlAudiencias(db, acts), boveda, SqlPeriods().periodo_of)


@router.post("", Permission.AUDIENCIA_SOLICITAR, status_code=201)
def ask(here: HereNow, form: Solicitud) -> Solicitada:
    """Solicita una audiencia, con 48 horas de anticipación."""
    identifier = str(UUID(bytes=here.services.random(16), version=4))
    with here.database.writing() as db:
        require_process(db, here.who, form.proceso)
        opl = SqlPeriods().of(db, form.proceso).opl
        require_reviewers(db, opl, form.operadores)
        asked = Asked(identifier, form.proceso, opl, form.fecha, form.lugar, tuple(form.operadores))
        audiencias = SqlAudiencias(db, here.services.acts)
        close = audiencias.ask(asked, acting(here, Quien.AUDIENCIA), here.now)
        told = AudienciaVista.of(audiencias.get(identifier))
    return Solicitada(**told.model_dump(), demasiado_cerca=close)


@router.get("", Permission.AUDIENCIA_CONSULTAR)
def listing(
    here: HereNow, proceso: Annotated[str | None, Query(max_length=64)] = None
) -> list[AudienciaVista]:
    """Las audiencias a la vista de quien consulta."""
    with here.database.reading() as db:
        found = SqlAudiencias(db, here.services.acts).of(processes_of(db, here.who, proceso))
    return [AudienciaVista.of(one) for one in found]


@router.get("/{audiencia}", Permission.AUDIENCIA_CONSULTAR)
def one(here: HereNow, audiencia: Id) -> AudienciaVista:
    """Una audiencia."""
    with here.database.reading() as db:
        return AudienciaVista.of(_seen(db, here, audiencia).get(audiencia))


@router.post("/{audiencia}/corte", Permission.MESA_ASIGNAR, status_code=201)
def cut(here: HereNow, audiencia: Id) -> list[RegistroDelCorte]:
    """Hace el corte de los registros que se revisarán y los asigna a las personas operadoras."""
    with here.database.writing() as db:
        audiencias = _seen(db, here, audiencia)
        assigned = audiencias.cut(audiencia, acting(here, Quien.AUDIENCIA), here.now)
        _tell(db, here, audiencias.get(audiencia), audiencias.operators(audiencia), assigned)
    return [RegistroDelCorte.of(record) for record in assigned]


def _tell(
    db: Connection, here: Here, found: Audiencia, operators: Sequence[str], assigned: Sequence[Assigned]
) -> None:
    counts, places = Counter(record.operador for record in assigned), addresses(here)
    for one, account in require_reviewers(db, found.opl, operators).items():
        told = hearing_assigned(account, counts[one], found.fecha, places.portal, places.contact)
        here.services.outbox.put(db, told)


@router.post("/{audiencia}/confirmacion", Permission.AUDIENCIA_CELEBRAR)
def confirm(here: HereNow, audiencia: Id) -> AudienciaVista:
    """Confirma, al menos ocho horas antes, que se cuenta con los registros y su asignación."""
    with here.database.writing() as db:
        audiencias = _seen(db, here, audiencia)
        audiencias.confirm(audiencia, acting(here, Quien.AUDIENCIA), here.now)
        return AudienciaVista.of(audiencias.get(audiencia))


@router.get("/{audiencia}/registros", Permission.AUDIENCIA_CELEBRAR)
def assigned(here: HereNow, audiencia: Id) -> list[RegistroDelCorte]:
    """Los registros del corte asignados a quien consulta, con lo que puede modificarse de cada uno."""
    with here.database.reading() as db:
        mine = _seen(db, here, audiencia).assigned(audiencia, here.who.account)
    return [RegistroDelCorte.of(record) for record in mine]


@router.post("/{audiencia}/registros/{folio}", Permission.AUDIENCIA_CELEBRAR, status_code=201)
def review(here: HereNow, audiencia: Id, folio: Folio, form: RevisionEnAudiencia) -> RevisadoEnAudiencia:
    """La revisión de un registro con la o el promovente: solo lo que permite el numeral 7.3."""
    with here.database.writing() as db:
        _seen(db, here, audiencia)
        visible(db, here.who, folio)
        actor = acting(here, Quien.AUDIENCIA)
        estado = _session(db, here).review(audiencia, folio, form.said, actor, here.now)
        detail = {"audiencia": audiencia, "cambio": form.cambio.value}
        tell(db, here, "audiencia.revision", folio, detail=detail)
    return RevisadoEnAudiencia(folio=folio, estado=estado.value)


@router.post("/{audiencia}/conclusion", Permission.AUDIENCIA_CERRAR)
def conclude(here: HereNow, audiencia: Id) -> AudienciaVista:
    """Concluye la audiencia; lo que no se revisó queda sin modificación."""
    with here.database.writing() as db:
        audiencias = _seen(db, here, audiencia)
        audiencias.conclude(audiencia, acting(here, Quien.AUDIENCIA), here.now)
        return AudienciaVista.of(audiencias.get(audiencia))


@router.post("/{audiencia}/notificacion", Permission.AUDIENCIA_CERRAR)
def notify(here: HereNow, audiencia: Id) -> AudienciaVista:
    """Deja constancia de que los resultados se notificaron; el plazo es de 24 horas."""
    with here.database.writing() as db:
        audiencias = _seen(db, here, audiencia)
        audiencias.notify(audiencia, acting(here, Quien.AUDIENCIA), here.now)
        return AudienciaVista.of(audiencias.get(audiencia))


@router.get("/{audiencia}/acta", Permission.AUDIENCIA_CELEBRAR)
def acta(here: HereNow, audiencia: Id) -> ActaVista:
    """Los datos del acta circunstanciada. Cada consulta queda en la bitácora."""
    return ActaVista.of(acta_of(here, audiencia))


@router.get("/{audiencia}/acta.pdf", Permission.AUDIENCIA_CELEBRAR, **file_answer("application/pdf"))
def printed(here: HereNow, audiencia: Id) -> Response:
    """El acta circunstanciada, firmada electrónicamente. Se conserva cifrada con la llave del proceso."""
    found = acta_of(here, audiencia)
    over = found.audiencia.concluida
    if over is None:
        expected, got = "una audiencia concluida", found.audiencia.fase.value
        raise AudienciaRefusal("audiencia.fase", f"audiencia {audiencia}", expected, got)
    with here.database.reading() as db:
        issuer = issuer_of(db, found.audiencia.proceso)
        process = ProcessStore(db).get(found.audiencia.proceso)
    about = About(audiencia, process.folio, process.recipiente)
    owner = Owner(process.opl, process.periodo)
    return answer(here, official(here, acta_document(found, issuer, over), owner, about), f"acta-{audiencia}")


def issuer_of(db: Connection, proceso: str) -> Issuer:
    """The institute, the promovente and the name of a process."""
    wanted = (
        select(opls.c.nombre, procesos.c.promovente, procesos.c.denominacion)
        .join(periodos, periodos.c.id == procesos.c.periodo)
        .join(opls, opls.c.id == periodos.c.opl)
        .where(procesos.c.folio == proceso)
    )
    institute, promovente, denominacion = db.execute(wanted).one()
    return Issuer(institute, promovente, denominacion)


def acta_of(here: Here, audiencia: str) -> Acta:
    """The acta of an audiencia that is over. Raises Problem, AudienciaRefusal, VaultRefusal."""
    with here.database.writing() as db:
        audiencias = _seen(db, here, audiencia)
        here.services.acts.record(
            db, Done(here.who.account, here.who.role.value, "audiencia.acta", audiencia, here.now)
        )
        reviewed = _session(db, here).reviewed(audiencia)
        found, operators = audiencias.get(audiencia), audiencias.operators(audiencia)
        return make_acta(found, operators, audiencias.assigned(audiencia), reviewed)
