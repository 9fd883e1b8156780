"""`/v1/consultas/{consulta}/validacion`: data beside images, and the operator's word (SEI-06, SEI-10).

Data and images of a request are for the operator who holds it, and each look is an act.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.preregistro.adapters import ClaveIssuer, OutboxNotices
from api.preregistro.routes import FolioPath
from api.processes.sight import hidden, tell
from api.records.access import MEDIA_TYPES, NO_STORE
from api.validacion.forms import (
    SHOWN,
    Causa,
    Cotejo,
    Dato,
    Dictaminada,
    Estadisticas,
    PaginaDeSolicitudes,
    Rechazo,
    Renglon,
    SolicitudDeClave,
    Turno,
)
from capture.preregistro.form import LABELS
from capture.preregistro.packet import FILES, parse_body, parse_envelope
from capture.preregistro.request import Actor, Request
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.store_sql import Requests, waiting
from capture.processing.bodies import BlobBodies
from capture.validacion.causes import CAUSES
from capture.validacion.figures_sql import bitacora, figures
from capture.validacion.queue_sql import Queue
from capture.validacion.ruling import Bench, Ruling, data_of
from keys.errors import Refusal
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
        return Turno(solicitud=None if found is None else SolicitudDeClave.of(found), esperan=queue.waits())


@router.get("/solicitudes/{folio}/datos", Permission.VALIDACION_CONSULTAR)
def data(here: HereNow, consulta: Consulta, folio: FolioPath, response: Response) -> Cotejo:
    """Los datos que dio la persona, para cotejarlos con las imágenes. Cada consulta queda en la bitácora."""
    request = _opened(here, consulta, folio, "validacion.datos")
    given = data_of(here.services.chamber, request)
    response.headers.update(NO_STORE)
    return Cotejo(
        folio=folio,
        datos=[Dato(nombre=n, etiqueta=LABELS[n], valor=getattr(given, n)) for n in SHOWN],
        domicilio_completo=given.domicilio_completo,
        archivos=sorted(_files(here, request)),
        motivos=list(request.motivos),
    )


@router.get(
    "/solicitudes/{folio}/imagenes/{archivo}",
    Permission.VALIDACION_CONSULTAR,
    **file_answer("image/jpeg", "video/webm"),
)
def image(
    here: HereNow, consulta: Consulta, folio: FolioPath, archivo: Annotated[str, Path(max_length=20)]
) -> Response:
    """Una imagen de la solicitud asignada. Cada consulta queda en la bitácora."""
    request = _opened(here, consulta, folio, "validacion.imagen")
    found = _files(here, request).get(archivo)
    if archivo not in FILES or found is None:
        raise Problem("no-encontrado", "La solicitud no tiene esa imagen.")
    return Response(found, media_type=MEDIA_TYPES[archivo.rsplit(".", 1)[1]], headers=NO_STORE)


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


def _opened(here: Here, consulta: str, folio: str, kind: str) -> Request:
    """A request that this operator holds; the look is kept before anything is shown."""
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        try:
            request = Queue(db, here.services.acts, consulta).held(folio, here.who.account)
        except Refusal:
            raise hidden() from None
        tell(db, here, kind, folio, detail={"consulta": consulta})
    return request


def _files(here: Here, request: Request) -> dict[str, bytes]:
    """The images of the last attempt; none when they cannot be read."""
    with here.database.reading() as db:
        attempts = Requests(db, here.services.acts).attempts(request.folio)
    if not attempts:
        return {}
    last = attempts[-1]
    body = BlobBodies(here.services.blobs).get(last.cuerpo)
    try:
        opened = here.services.chamber.open(request.consulta, body)
        return dict(parse_body(opened, parse_envelope(last.sobre)).files)
    except Refusal:
        return {}
