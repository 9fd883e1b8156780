"""The opening over HTTP, for the same command line that the custodios use (SEI-22)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.accounts.permissions import Permission
from api.consultas.forms import EstadoView
from api.consultas.routes import ConsultaId
from api.consultas.sight import places
from api.http.bodies import binary, file_answer, whole_body
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.rates import Rate
from api.processes.sight import hidden
from api.urna import handing_in as desk
from api.urna.computing import Computing
from api.urna.forms import AportacionView, ComputoView
from api.urna.looking import follow, look
from api.urna.openings import MAX_SHARE
from api.urna.public_copy import copy_of
from tally.consulta.store_sql import Consultas
from tally.shares import OPENING

router = Guarded("/v1/consultas/{consulta}", "urna")
JSON_LINES = "application/jsonl"
TAR = "application/x-tar"
MAX_FOLLOW_SECONDS = 300.0


@router.get("/publico.tar", Permission.CONSULTA_MOSTRAR, **file_answer(TAR))
def public_copy(here: HereNow, consulta: ConsultaId) -> Response:
    """La carpeta pública de la consulta: lo que «certeza custodio apertura» verifica antes de descifrar."""
    root = places(here, consulta).public.root
    if not root.is_dir():
        raise hidden()
    name = f'attachment; filename="{consulta}.tar"'
    return StreamingResponse(copy_of(root), media_type=TAR, headers={"Content-Disposition": name})


@router.post(
    "/aportaciones",
    Permission.APERTURA_APORTAR,
    status_code=201,
    openapi_extra=binary(JSON_LINES),
)
async def hand_in(here: HereNow, consulta: ConsultaId, request: Request) -> AportacionView:
    """Entrega los descifrados parciales de todas las urnas. La respuesta dice si son válidos o por qué no."""
    data = await whole_body(request, MAX_SHARE)
    return await run_in_threadpool(desk.hand_in, here, consulta, data, OPENING)


@router.get("/computo", Permission.CONSULTA_MOSTRAR)
def state(here: HereNow, consulta: ConsultaId) -> ComputoView:
    """La apertura en vivo: qué aportaciones llegaron, cuáles se rechazaron y por qué, de quién faltan."""
    return look(here, consulta, OPENING)


@router.get("/computo/avisos", Permission.CONSULTA_MOSTRAR, **file_answer("text/event-stream"))
async def notices(
    here: HereNow,
    consulta: ConsultaId,
    segundos: Annotated[float, Query(ge=0, le=MAX_FOLLOW_SECONDS)] = 60.0,
) -> Response:
    """Lo mismo cada vez que cambia, como eventos del servidor, durante los segundos que se pidan."""
    first = await run_in_threadpool(look, here, consulta, OPENING)
    return StreamingResponse(follow(here, consulta, OPENING, first, segundos), media_type="text/event-stream")


@router.post("/computo", Permission.APERTURA_COMPUTAR, rate=Rate.WRITING)
def compute(here: HereNow, consulta: ConsultaId) -> EstadoView:
    """Abre todas las urnas con las aportaciones válidas y emite actas, listados y resultados.

    Repetirlo termina lo que un corte haya interrumpido, y no cambia lo que ya se hizo.
    """
    with here.database.reading() as db:
        Consultas(db).get(consulta)
    Computing(here, consulta).run()
    with here.database.reading() as db:
        return EstadoView(estado=Consultas(db).get(consulta).estado.value)
