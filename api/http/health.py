"""Whether the process lives, whether it can work, its figures, and what its problems mean."""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from api.accounts.permissions import Permission
from api.http import problems
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import KINDS, Problem

service = Guarded("", "servicio")
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Alive(BaseModel):
    """The process answers."""

    estado: str = "vivo"


class Readiness(BaseModel):
    """Each part by name: «listo» or «no responde»."""

    estado: str = "listo"
    partes: dict[str, str]


class ProblemType(BaseModel):
    """What the `type` of a problem means."""

    type: str
    status: int
    title: str


@service.get("/salud", Permission.SERVICIO_SALUD)
def health(here: HereNow) -> Alive:
    """El proceso responde. No dice nada de lo que necesita: reiniciarlo no lo remediaría."""
    return Alive()


@service.get("/listo", Permission.SERVICIO_SALUD)
def ready(here: HereNow) -> Readiness:
    """Si está cada parte que el servicio necesita para recibir; 503 cuando falta una.

    Dice también si responde aquello sin lo que puede estar un tiempo (la bóveda), y eso no cambia nada.
    """
    parts = {name: _tried(part) for name, part in here.services.parts.items()}
    told = {**parts, **{name: _tried(part) for name, part in here.services.others.items()}}
    if all(state == "listo" for state in parts.values()):
        return Readiness(partes=told)
    raise Problem("no-disponible", "Falta algo de lo que el servicio necesita.", partes=told)


def _tried(part: Any) -> str:
    try:
        part()
    except Exception:  # noqa: BLE001 - whatever is wrong with a part, the answer says which part it is
        return "no responde"
    return "listo"


@service.get("/metricas", Permission.SERVICIO_METRICAS, **file_answer("text/plain"))
def metrics(here: HereNow, request: Request) -> Response:
    """Las cifras en el formato de texto de Prometheus, para quien las recolecta con su testigo."""
    file = here.services.settings.http.metrics_token_file
    given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    kept = b"" if file is None else file.read_bytes().strip()
    if not kept or not hmac.compare_digest(kept, given):  # a file that is empty lets nobody in
        raise Problem("no-encontrado", "Las cifras del servicio se entregan a quien las recolecta.")
    return Response(here.services.metrics.text(), media_type=_TEXT)


@service.get(f"{problems.BASE}{{slug}}", Permission.SERVICIO_PROBLEMAS)
def problem(here: HereNow, slug: str) -> ProblemType:
    """Qué significa el `type` de un problema."""
    if slug not in KINDS:
        raise Problem("no-encontrado", "No hay un problema con ese nombre.")
    kind = KINDS[slug]
    return ProblemType(type=f"{problems.BASE}{slug}", status=kind.status, title=kind.title)


@service.get("/openapi.json", Permission.SERVICIO_PROBLEMAS, include_in_schema=False)
def openapi(here: HereNow, request: Request) -> Response:
    """The OpenAPI document, for generated clients."""
    return JSONResponse(request.app.openapi())
