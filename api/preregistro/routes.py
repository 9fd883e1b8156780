"""`/v1/consultas/{consulta}/preregistros`: asking for a Clave from a telephone (SEI-03, SEI-04).

Nobody signs in: the folio and the secret that the service gave to a telephone, whose key signs each packet,
are what is checked. What is personal travels in packets that only the bóveda opens.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from typing import Annotated

from fastapi import Header, Path, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.accounts.permissions import Permission
from api.entrada.forms import Secret
from api.entrada.routes import Consulta
from api.http.bodies import binary, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.rates import Rate
from api.http.refusals import declare
from api.preregistro import texts
from api.preregistro.adapters import cut_off
from api.preregistro.forms import Campo, Iniciado, Inicio, PreregistroView, SolicitudView
from capture.packet.device_key import encode_key, parse_public_key
from capture.packet.errors import PacketRefusal
from capture.packet.record import MODELS
from capture.preregistro import request as requested
from capture.preregistro.errors import UnknownRequest
from capture.preregistro.folio import SECRET_BYTES, new_folio
from capture.preregistro.form import LABELS, OPTIONAL
from capture.preregistro.judging import TURNS, new_turns
from capture.preregistro.packet import MAX_ATTEMPT, parse_envelope
from capture.preregistro.receiving import MAX_BODY_BYTES, Received, Receiving
from capture.preregistro.states import EstadoSolicitud
from capture.preregistro.store_sql import Begun, Requests
from keys.errors import FormatRefusal
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}", "preregistro")
declare(UnknownRequest, "no-encontrado")
declare(PacketRefusal, "conflicto")
OwnSecret = Annotated[Secret, Header(alias="X-Preregistro")]
FolioPath = Annotated[str, Path(max_length=14, description="Folio de la solicitud")]
_BODY = "application/age"


@router.get("/preregistro", Permission.PREREGISTRO_MOSTRAR)
def show(here: HereNow, consulta: Consulta) -> PreregistroView:
    """Cuándo y cómo se solicita una Clave de Opinión, y a quién se cifra lo que se envía."""
    with here.database.reading() as db:
        found = Consultas(db).get(consulta)
        corte = cut_off(db, found)
    phase = found.cronograma[Fase.PREREGISTRO]
    return PreregistroView(
        consulta=found.id,
        nombre=found.nombre,
        abierto=found.cronograma.open(Fase.PREREGISTRO, here.now),
        inicio=phase.inicio,
        fin=phase.fin,
        corte=corte,
        intentos=found.intentos,
        recipiente=here.services.chamber.new_process_key(consulta),
        tipos=list(MODELS),
        campos=[Campo(nombre=n, etiqueta=label, opcional=n in OPTIONAL) for n, label in LABELS.items()],
        revision=texts.REVIEW,
        importante=texts.IMPORTANT,
        recomendaciones=list(texts.RECOMMENDATIONS),
    )


@router.post("/preregistros", Permission.PREREGISTRO_ENVIAR, rate=Rate.PACKETS, status_code=201)
def begin(here: HereNow, consulta: Consulta, form: Inicio) -> Iniciado:
    """Empieza una solicitud: su folio, y los giros de la prueba biométrica de su primer intento."""
    key = _key(form.llave)
    recipient = here.services.chamber.new_process_key(_open(here, consulta))
    random = here.services.random
    secret = urlsafe_b64encode(random(SECRET_BYTES)).decode().rstrip("=")
    made = Begun(new_folio(random), consulta, secret, key, new_turns(random(TURNS)))
    with here.database.writing() as db:
        request = Requests(db, here.services.acts).begin(made, here.now)
        attempts = Consultas(db).get(consulta).intentos
    return Iniciado(
        folio=request.folio,
        secreto=secret,
        intento=request.intento,
        intentos=attempts,
        giros=[turn.value for turn in request.giros],
        recipiente=recipient,
    )


def _open(here: Here, consulta: str) -> str:
    """The consultation, while pre-registro is open. Raises NoConsulta, PhaseRefusal with its dates."""
    with here.database.reading() as db:
        Consultas(db).get(consulta).cronograma.require(Fase.PREREGISTRO, here.now)
    return consulta


def _key(text: str) -> bytes:
    try:
        return encode_key(parse_public_key(b64decode(text, validate=True)))
    except Error:
        raise FormatRefusal("dispositivo.llave", "llave", "SPKI en base64", "otra cosa") from None


@router.put(
    "/preregistros/{folio}/intentos/{intento}",
    Permission.PREREGISTRO_ENVIAR,
    rate=Rate.PACKETS,
    status_code=202,
    openapi_extra=binary(_BODY),
)
async def send(
    here: HereNow,
    request: Request,
    consulta: Consulta,
    folio: FolioPath,
    intento: Annotated[int, Path(ge=1, le=MAX_ATTEMPT)],
    x_preregistro: OwnSecret,
    x_sobre: Annotated[str, Header(alias="X-Sobre", max_length=4096)],
) -> SolicitudView:
    """Envía el paquete de un intento: el sobre firmado en X-Sobre (base64), el cuerpo cifrado aquí.

    Repetirlo no cambia nada, y recibe la misma respuesta que la primera vez o lo que haya seguido.
    """
    body = await whole_body(request, MAX_BODY_BYTES)
    return await run_in_threadpool(_send, here, (consulta, folio, intento), (x_preregistro, x_sobre), body)


def _send(here: Here, what: tuple[str, str, int], told: tuple[str, str], body: bytes) -> SolicitudView:
    consulta = what[0]
    try:
        envelope = parse_envelope(b64decode(told[1], validate=True))
    except Error:
        raise FormatRefusal("preregistro.sobre", "X-Sobre", "base64", "otra cosa") from None
    if (envelope.consulta, envelope.folio, envelope.intento) != what:
        raise Problem("datos-no-validos", "El sobre es de otra solicitud o de otro intento.")
    services = here.services
    receiving = Receiving(here.database, services.blobs, services.acts)
    received = Received(envelope, body, told[0], lambda: _open(here, consulta))
    found = receiving.receive(received, here.now)
    with here.database.reading() as db:
        return _shown(db, consulta, found)


@router.get("/preregistros/{folio}", Permission.PREREGISTRO_MOSTRAR)
def state(here: HereNow, consulta: Consulta, folio: FolioPath, x_preregistro: OwnSecret) -> SolicitudView:
    """En qué va una solicitud, para el teléfono que la hizo."""
    with here.database.reading() as db:
        found = Requests(db, here.services.acts).of_device(consulta, folio, x_preregistro)
        return _shown(db, consulta, found)


def _shown(db: Connection, consulta: str, found: requested.Request) -> SolicitudView:
    attempts = Consultas(db).get(consulta).intentos
    return SolicitudView(
        folio=found.folio,
        estado=found.estado.value,
        intento=found.intento,
        intentos=attempts,
        giros=[turn.value for turn in found.giros],
        motivos=list(found.motivos) if found.estado is EstadoSolicitud.REINTENTO else [],
        mensaje=texts.told(found, attempts),
    )
