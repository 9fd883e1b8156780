"""`/v1/paquetes` (tus 1.0.0) and `/v1/acuses`."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Annotated, Any

from fastapi import Path, Request
from pydantic import BaseModel
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.http.bodies import binary, file_answer, headers_answered, headers_taken
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.http.rates import Rate
from api.http.refusals import declare
from api.intake import tus
from api.intake.taking import Taking
from api.intake.uploads import MAX_NAME_CHARS, TooManyUploads, UnknownUpload, UploadBusy
from capture.intake.errors import UnknownSender
from capture.limits import MAX_ENVELOPE_BYTES
from capture.packet.envelope import Envelope, parse_envelope
from capture.records.tables import registros
from keys.errors import FormatRefusal
from ledger.acuse import SUFFIX, AcuseFile, entry_of, parse_acuse, parse_code
from ledger.policy_text import encode_policy

router = Guarded("/v1", "captura")
declare(UnknownUpload, "no-encontrado")
declare(UploadBusy, "conflicto")
declare(UnknownSender, "sin-permiso")
declare(TooManyUploads, "demasiadas-solicitudes")
Name = Annotated[str, Path(max_length=MAX_NAME_CHARS, description="Nombre de la carga, el final de Location")]
_UPLOAD: dict[str, Any] = {"rate": Rate.PACKETS, "response_class": Response}
_PROGRESS = ("Tus-Resumable", "Upload-Offset", "Upload-Expires")
_TEXT_TYPE = "text/plain; charset=utf-8"


class CodigoProbado(BaseModel):
    """Where a código de integridad is in the log, and the proof (tlog-proof) that it is there."""

    codigo: str
    bitacora: str
    indice: int
    tamano: int
    prueba: str


def _taking(here: HereNow, request: Request) -> Taking:
    tus.require_version(request.headers)
    request.state.body_limit = None  # counted against what the envelope announces
    return here.services.taking


@router.route("OPTIONS", "/paquetes", Permission.PAQUETE_ENVIAR, status_code=204, **_UPLOAD)
def options(here: HereNow) -> Response:
    """Qué admite la recepción de paquetes (tus)."""
    return Response(status_code=204, headers=tus.describe(here.services.settings.intake.body_bytes))


@router.post(
    "/paquetes",
    Permission.PAQUETE_ENVIAR,
    status_code=201,
    responses={201: {"description": "Comenzó.", "headers": headers_answered("Location", *_PROGRESS)}},
    openapi_extra={
        **headers_taken(Tus_Resumable=True, Upload_Length=True, Upload_Metadata=True),
        **binary(tus.CONTENT_TYPE, required=False),
    },
    **_UPLOAD,
)
async def create(here: HereNow, request: Request) -> Response:
    """Comienza una carga con el sobre en Upload-Metadata; con cuerpo, lo toma desde el principio."""
    taking = _taking(here, request)
    envelope = _announced(request)
    with_body = request.headers.get("content-type") == tus.CONTENT_TYPE
    name, offset = await taking.begin(envelope, request if with_body else None)
    headers = {**_progress(here, offset), "Location": f"/v1/paquetes/{name}"}
    return Response(status_code=201, headers=headers)


def _progress(here: HereNow, offset: int) -> dict[str, str]:
    expires = here.now + timedelta(hours=here.services.settings.intake.abandoned_hours)
    return {
        "Tus-Resumable": tus.VERSION,
        "Upload-Offset": str(offset),
        "Upload-Expires": format_datetime(expires.astimezone(UTC), usegmt=True),
    }


def _announced(request: Request) -> Envelope:
    envelope = parse_envelope(tus.envelope_of(request.headers))
    length = tus.length_of(request.headers, "upload-length")
    if length != envelope.tamano:
        raise FormatRefusal("paquete.tamano", "Upload-Length", f"{envelope.tamano} bytes", f"{length} bytes")
    return envelope


@router.route(
    "HEAD",
    "/paquetes/{name}",
    Permission.PAQUETE_ENVIAR,
    responses={200: {"description": "Va así.", "headers": headers_answered("Upload-Length", *_PROGRESS[:2])}},
    openapi_extra=headers_taken(Tus_Resumable=True),
    **_UPLOAD,
)
async def head(here: HereNow, request: Request, name: Name) -> Response:
    """Cuántos bytes van."""
    taking = _taking(here, request)
    envelope = await run_in_threadpool(taking.uploads.envelope, name)
    offset = taking.uploads.offset(name)
    if offset == envelope.tamano:
        await taking.append(None, name, envelope, offset)  # nobody sends anything more to a complete upload
    headers = {"Tus-Resumable": tus.VERSION, "Cache-Control": "no-store"}
    progress = {"Upload-Offset": str(offset), "Upload-Length": str(envelope.tamano)}
    return Response(status_code=200, headers={**headers, **progress})


@router.patch(
    "/paquetes/{name}",
    Permission.PAQUETE_ENVIAR,
    status_code=204,
    responses={204: {"description": "Se tomó.", "headers": headers_answered(*_PROGRESS)}},
    openapi_extra={**headers_taken(Tus_Resumable=True, Upload_Offset=True), **binary(tus.CONTENT_TYPE)},
    **_UPLOAD,
)
async def append(here: HereNow, request: Request, name: Name) -> Response:
    """Continúa una carga desde Upload-Offset; con el último byte, el registro queda recibido."""
    taking = _taking(here, request)
    tus.require_content_type(request.headers)
    envelope = await run_in_threadpool(taking.uploads.envelope, name)
    offset = await taking.append(request, name, envelope, tus.length_of(request.headers, "upload-offset"))
    return Response(status_code=204, headers=_progress(here, offset))


@router.delete(
    "/paquetes/{name}",
    Permission.PAQUETE_ENVIAR,
    status_code=204,
    openapi_extra=headers_taken(Tus_Resumable=True),
    **_UPLOAD,
)
def give_up(here: HereNow, request: Request, name: Name) -> Response:
    """Olvida una carga que no se completó."""
    taking = _taking(here, request)
    taking.uploads.envelope(name)
    taking.uploads.give_up(name)
    return Response(status_code=204, headers={"Tus-Resumable": tus.VERSION})


@router.post(
    "/acuses",
    Permission.PAQUETE_ENVIAR,
    rate=Rate.PACKETS,
    openapi_extra=binary("application/octet-stream"),
    **file_answer("text/plain"),
)
async def acuse(here: HereNow, request: Request) -> Response:
    """El archivo .acuse de un registro recibido, para el dispositivo que firmó el sobre que se envía aquí."""
    request.state.body_limit = MAX_ENVELOPE_BYTES
    envelope = parse_envelope(await request.body())
    services = here.services
    found = await run_in_threadpool(services.taking.receiving.claimed, envelope)
    placed = await services.logs.apoyo.added(found.folio.encode(), found.entry)
    file = AcuseFile(found, await run_in_threadpool(services.logs.apoyo.prove, placed))
    disposition = f'attachment; filename="{envelope.folio}{SUFFIX}"'
    return Response(file.encode(), media_type=_TEXT_TYPE, headers={"Content-Disposition": disposition})


@router.get("/acuses/politica", Permission.ACUSE_CONSULTAR, **file_answer("text/plain"))
def policy(here: HereNow) -> Response:
    """La política de la bitácora de acuses (tlog-policy): su llave y la de sus testigos."""
    return Response(encode_policy(here.services.logs.apoyo.policy), media_type=_TEXT_TYPE)


@router.get("/acuses/{codigo}", Permission.ACUSE_CONSULTAR)
def find(here: HereNow, codigo: Annotated[str, Path(max_length=200)]) -> CodigoProbado:
    """La prueba de que un código de integridad está en la bitácora; nada sobre la persona."""
    code = parse_code(codigo)
    with here.database.reading() as db:
        row = db.execute(select(registros.c.acuse).where(registros.c.codigo == code)).one_or_none()
    if row is None:
        raise Problem("no-encontrado", "Ese código no está en la bitácora. Revise que esté completo.")
    folio = parse_acuse(bytes(row.acuse)).folio
    log = here.services.logs.apoyo
    proof = log.prove(log.add_and_wait(folio.encode(), entry_of(code)))
    return CodigoProbado(
        codigo=code,
        bitacora=proof.checkpoint.head.origin,
        indice=proof.index,
        tamano=proof.checkpoint.head.size,
        prueba=proof.encode().decode(),
    )
