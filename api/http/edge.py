"""Around every request: its identifier, headers of its answer, how much it may send, a line in the log."""

from __future__ import annotations

import time
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import logs
from api.http.metrics import Metrics
from api.http.refusals import TOO_LARGE

UNKNOWN_ROUTE = "(ninguna)"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_NO_STORE = (b"cache-control", b"no-store")


class Edge:
    """Pure ASGI, so that bodies stream through it. `body_bytes`: of a route that states nothing else."""

    def __init__(self, app: ASGIApp, metrics: Metrics, body_bytes: int, secure: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._body_bytes = body_bytes
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = str(uuid4())
        started, seen = time.monotonic(), _Seen(state["request_id"], self._secure)
        self._metrics.running.inc()
        try:
            limit = _Limited(receive, self._body_bytes, scope)
            await self._app(scope, limit, seen.around(send))
        finally:
            self._metrics.running.dec()
            self._tell(scope, seen.status or 500, time.monotonic() - started)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
        method = scope["method"] if scope["method"] in _METHODS else "OTRO"
        self._metrics.answered(method, route, status, seconds)
        actor = scope["state"].get("actor")
        logs.logger().info(
            "solicitud",
            solicitud=scope["state"]["request_id"],
            metodo=method,
            ruta=route,
            estado=status,
            milisegundos=round(seconds * 1000, 1),
            cuenta=actor.account if actor else None,
            rol=actor.role.value if actor else None,
        )


_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class _Seen:
    """What was answered, with the headers that every answer has."""

    def __init__(self, request_id: str, secure: bool) -> None:
        self.status = 0
        self._request_id = request_id.encode()
        self._secure = secure

    def around(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self._missing(message)]
            await send(message)

        return sending

    def _missing(self, message: Message) -> list[tuple[bytes, bytes]]:
        given = {name.lower() for name, _ in message.get("headers", ())}
        added = [*_HEADERS, (b"x-solicitud", self._request_id), _NO_STORE]
        if self._secure:
            added.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        return [pair for pair in added if pair[0] not in given]


class _Limited:
    """Counts the body; a route with another limit sets `body_limit` of the state (None: it counts)."""

    def __init__(self, receive: Receive, usual: int, scope: Scope) -> None:
        self._receive = receive
        self._usual = usual
        self._scope = scope
        self._taken = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        limit = self._scope["state"].get("body_limit", self._usual)
        if limit is not None and self._taken > limit:
            raise HTTPException(TOO_LARGE, f"Se admiten hasta {limit:,} bytes.")
        return message
