"""`/v1/consultas/{consulta}/validacion`: data beside images, and the operator's word (SEI-06, SEI-10).

Data and images of a request are for the operator who holds it, and each look is an act.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy import Connection

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.preregistro.adapters import ClaveIssuer, OutboxNotices
from api.preregistro.routes import FolioPath
from api.processes.sight import tell
from api.validacion.forms import (
    Causa,
    Dictaminada,
    Estadisticas,
    PaginaDeSolicitudes,
    Rechazo,
    Renglon,
    SolicitudDeClave,
    Turno,
)
from capture.preregistro.request import Actor
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.store_sql import Requests, waiting
from capture.validacion.causes import CAUSES
from capture.validacion.figures_sql import bitacora, figures
from capture.validacion.queue_sql import Queue
from capture.validacion.ruling import Bench, Ruling
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}/validacion", "validacion")
_PAGE = 100


@router.get("/causas", Permission.VALIDACION_CONSULTAR)
def causes(here: HereNow, consulta: Consulta) -> list[Causa]:
    """Las «Causas de rechazo», con el texto que recibe la persona."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
    return [Causa(numero=number, texto=text) for number, text in CAUSES.items()]


@router.get("/solicitudes", Permission.PREREGISTRO_CONSULTAR)
def listing(
    here: HereNow,
    consulta: Consulta,
    estado: EstadoSolicitud = EstadoSolicitud.EN_VALIDACION,
    despues: Annotated[str, Query(max_length=14)] = "",
) -> PaginaDeSolicitudes:
    """Las solicitudes en un estado, sin datos personales."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        folios = waiting(db, consulta, estado, despues, _PAGE)
        requests = Requests(db, here.services.acts)
        found = [SolicitudDeClave.of(requests.get(consulta, folio)) for folio in folios]
    return PaginaDeSolicitudes(solicitudes=found, siguiente=folios[-1] if len(folios) == _PAGE else None)


@router.post("/turno", Permission.VALIDACION_DICTAMINAR)
def take(here: HereNow, consulta: Consulta) -> Turno:
    """La solicitud que más tiempo lleva esperando queda asignada a quien la pide, durante 30 minutos."""
    with here.database.writing() as db:
        _require_phase(db, here, consulta)
        queue = Queue(db, here.services.acts, consulta)
        found = queue.next(here.who.account, here.now)
        if found is not None:
            tell(db, here, "validacion.turno", found.folio, detail={"consulta": consulta})
        return Turno(solicitud=None if found is None else SolicitudDeClave.of(found), esperan=queue.waits())


@router.post("/solicitudes/{folio}/aprobacion", Permission.VALIDACION_DICTAMINAR)
def approve(here: HereNow, consulta: Consulta, folio: FolioPath) -> Dictaminada:
    """La información es correcta: la Clave va por correo electrónico, y un aviso por SMS."""
    estado = _ruling(here, consulta).approve(folio)
    return Dictaminada(folio=folio, estado=estado.value)


@router.post("/solicitudes/{folio}/rechazo", Permission.VALIDACION_DICTAMINAR)
def reject(here: HereNow, consulta: Consulta, folio: FolioPath, form: Rechazo) -> Dictaminada:
    """La información no es correcta: la causa y la invitación a la Mesa van por correo electrónico."""
    estado = _ruling(here, consulta).reject(folio, form.causa)
    return Dictaminada(folio=folio, estado=estado.value)


@router.post("/solicitudes/{folio}/devolucion", Permission.VALIDACION_DICTAMINAR)
def give_back(here: HereNow, consulta: Consulta, folio: FolioPath) -> Dictaminada:
    """Deja la solicitud para otra persona."""
    with here.database.writing() as db:
        Queue(db, here.services.acts, consulta).give_back(folio, here.who.account)
        tell(db, here, "validacion.devolucion", folio, detail={"consulta": consulta})
    return Dictaminada(folio=folio, estado=EstadoSolicitud.EN_VALIDACION.value)


@router.get("/estadisticas", Permission.MONITOR_CONSULTAR)
def statistics(here: HereNow, consulta: Consulta) -> Estadisticas:
    """Cuántas solicitudes hay en cada estado, por demarcación y por causa de rechazo."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        return Estadisticas.of(figures(db, consulta))


@router.get("/bitacora", Permission.MONITOR_CONSULTAR)
def log_of_work(here: HereNow, consulta: Consulta) -> list[Renglon]:
    """Cuántas solicitudes se validaron y cuántas Claves se remitieron, quién y qué día."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        return [Renglon.of(line) for line in bitacora(db, consulta)]


def _ruling(here: Here, consulta: str) -> Ruling:
    with here.database.reading() as db:
        _require_phase(db, here, consulta)
    services = here.services
    sei, clock = services.sei, services.clock
    contact = f"{services.settings.http.public_url}/atencion"
    bench = Bench(
        database=here.database,
        vault=services.chamber,
        issuer=ClaveIssuer(here.database, sei.authority, sei.keeper, clock, services.random),
        notices=OutboxNotices(services.outbox, services.settings.sei, contact, clock),
        acts=services.acts,
        clock=clock,
    )
    return Ruling(bench, consulta, Actor(here.who.account, here.who.role.value))


def _require_phase(db: Connection, here: Here, consulta: str) -> None:
    """Raises NoConsulta, PhaseRefusal with the dates of the validation."""
    Consultas(db).get(consulta).cronograma.require(Fase.VALIDACION, here.now)
