"""The sums of small urns with their Mesas over HTTP, for the same command line that the custodios use."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.http.bodies import binary, file_answer, whole_body
from api.http.guard import Guarded
from api.http.here import HereNow
from api.mesas import looking, summing
from api.mesas.forms import EtapaView, UrnasPequenas
from api.urna import handing_in
from api.urna.forms import AportacionView, ComputoView
from api.urna.looking import follow, look
from api.urna.openings import MAX_SHARE
from api.urna.routes import JSON_LINES, MAX_FOLLOW_SECONDS
from tally.shares import SUMS

router = Guarded("/v1/consultas/{consulta}", "sumas")


@router.get("/urnas-pequenas", Permission.CONSULTA_MOSTRAR)
def small(here: HereNow, consulta: ConsultaId) -> UrnasPequenas:
    """Qué Unidades Territoriales no se abren solas sino sumadas con su Mesa, por qué, y cómo va cada una."""
    return looking.look(here, consulta)


@router.post("/sumas", Permission.APERTURA_COMPUTAR)
def publish(here: HereNow, consulta: ConsultaId) -> EtapaView:
    """Publica la suma cifrada de cada urna pequeña con su Mesa; desde entonces nada de ellas se corrige."""
    return EtapaView(etapa=summing.publish(here, consulta).value)


@router.get("/sumas", Permission.CONSULTA_MOSTRAR)
def state(here: HereNow, consulta: ConsultaId) -> ComputoView:
    """La apertura de las sumas en vivo: qué aportaciones llegaron, cuáles se rechazaron y por qué."""
    return look(here, consulta, SUMS)


@router.get("/sumas/avisos", Permission.CONSULTA_MOSTRAR, **file_answer("text/event-stream"))
async def notices(
    here: HereNow,
    consulta: ConsultaId,
    segundos: Annotated[float, Query(ge=0, le=MAX_FOLLOW_SECONDS)] = 60.0,
) -> Response:
    """Lo mismo cada vez que cambia, como eventos del servidor, durante los segundos que se pidan."""
    first = await run_in_threadpool(look, here, consulta, SUMS)
    return StreamingResponse(follow(here, consulta, SUMS, first, segundos), media_type="text/event-stream")


@router.post(
    "/sumas/aportaciones", Permission.APERTURA_APORTAR, status_code=201, openapi_extra=binary(JSON_LINES)
)
async def hand_in(here: HereNow, consulta: ConsultaId, request: Request) -> AportacionView:
    """Entrega los descifrados parciales de las sumas, de «certeza custodio apertura --sumas»."""
    data = await whole_body(request, MAX_SHARE)
    return await run_in_threadpool(handing_in.hand_in, here, consulta, data, SUMS)


@router.post("/sumas/apertura", Permission.APERTURA_COMPUTAR)
def open_them(here: HereNow, consulta: ConsultaId) -> EtapaView:
    """Abre con las aportaciones válidas las sumas con boletas suficientes; repetirlo no cambia nada."""
    return EtapaView(etapa=summing.open_sums(here, consulta).value)
