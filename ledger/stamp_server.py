"""A time-stamp authority over HTTP: a bare ASGI application with the one call of RFC 3161, 3.4.

It stands in the open: bodies have a limit of size and of time, and nothing that anybody sends gives a 500.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from keys.documents.ports import TimeStamps
from keys.documents.stamping import MAX_QUERY_BYTES, QUERY_TYPE, REPLY_TYPE
from ledger.asgi import Message, Receive, Send

BODY_SECONDS = 10.0
"""A query must have come whole by then."""


class StampApp:
    """POST a timestamp-query to `path`, get a timestamp-reply; 404 for the rest."""

    def __init__(self, stamps: TimeStamps, path: str = "/", body_seconds: float = BODY_SECONDS) -> None:
        self._stamps = stamps
        self._path = path
        self._seconds = body_seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            raise NotImplementedError(f"ASGI {scope['type']}")
        status, body = await self._answer(scope, receive)
        granted = status is HTTPStatus.OK
        kind = REPLY_TYPE if granted else "text/plain; charset=utf-8"
        lines = {"Content-Type": kind, "Cache-Control": "no-store", "Content-Length": str(len(body))}
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            lines["Allow"] = "POST"
        encoded = [(name.lower().encode(), value.encode()) for name, value in lines.items()]
        await send({"type": "http.response.start", "status": int(status), "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Message, receive: Receive) -> tuple[HTTPStatus, bytes]:
        refused = self._refused(scope)
        if refused is not None:
            return refused, f"{refused.value}\n".encode()
        try:
            async with asyncio.timeout(self._seconds):
                query = await _body(receive)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT, b"408\n"
        if query is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"413\n"
        return HTTPStatus.OK, await asyncio.to_thread(self._stamps.answer, query)

    def _refused(self, scope: Message) -> HTTPStatus | None:
        if scope["path"] != self._path:
            return HTTPStatus.NOT_FOUND
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        kinds = [value for name, value in scope["headers"] if name == b"content-type"]
        if [kind.partition(b";")[0].strip().lower() for kind in kinds] != [QUERY_TYPE.encode()]:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return None


async def _body(receive: Receive) -> bytes | None:
    """The body; None when it is longer than any query, or nobody is left to answer."""
    parts = bytearray()
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if message["type"] == "http.disconnect" or len(parts) > MAX_QUERY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(parts)
