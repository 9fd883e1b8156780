"""The bóveda's side: an ASGI application that answers only on its socket.

Each question leaves a line in the log: what was asked, of which process. Who asked is an act of the service,
written before it asks. What it answers is bytes; a refusal is a problem with its stable code.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.http import logs
from api.http.problems import KINDS, Body, answer
from api.http.refusals import body_of
from api.vault.settings import VaultSettings
from capture.vault.ports import KeyChamber
from keys.errors import Refusal

Operation = Callable[[KeyChamber, str, bytes], bytes]


def _open(chamber: KeyChamber, name: str, data: bytes) -> bytes:
    return chamber.open(name, data)


def _hmac(chamber: KeyChamber, name: str, data: bytes) -> bytes:
    return chamber.hmac(name, data)


def _key(chamber: KeyChamber, name: str, _data: bytes) -> bytes:
    return chamber.new_process_key(name).encode()


def _destroy(chamber: KeyChamber, name: str, _data: bytes) -> bytes:
    return chamber.destroy(name)


OPERATIONS: dict[str, Operation] = {"abrir": _open, "hmac": _hmac, "llave": _key, "destruir": _destroy}
"""`POST /<operation>/<proceso or periodo>`."""


def build_vault(chamber: KeyChamber, settings: VaultSettings) -> Starlette:
    """The application over the keys."""
    at_once = CapacityLimiter(settings.threads)

    async def ask(request: Request) -> Response:
        asked, name = request.path_params["operation"], request.path_params["name"]
        operation = OPERATIONS.get(asked)
        if operation is None:
            return _problem("no-encontrado", "La bóveda no hace eso.")
        data = await _body(request, settings.body_bytes)
        if data is None:
            return _problem("demasiado-grande", f"Se admiten hasta {settings.body_bytes:,} bytes.")
        logs.logger().info("boveda", parte=asked, proceso=name)
        try:
            found = await to_thread.run_sync(operation, chamber, name, data, limiter=at_once)
        except Refusal as refusal:
            return answer(body_of(refusal, str(uuid4())))
        return Response(found, media_type="application/octet-stream")

    async def alive(_request: Request) -> Response:
        return Response(b"listo", media_type="text/plain")

    routes = [Route("/{operation}/{name}", ask, methods=["POST"]), Route("/salud", alive)]
    return Starlette(routes=routes)


async def _body(request: Request, most: int) -> bytes | None:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            return None
    return bytes(data)


def _problem(slug: str, detail: str) -> Response:
    return answer(Body(KINDS[slug], detail, str(uuid4())))
