"""The witness over HTTP: a bare ASGI application with the two calls of C2SP tlog-witness.

It stands in the open: bodies have a limit of size and of time, and nothing that anybody sends gives a 500.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from http import HTTPStatus

from ledger.asgi import Message, Receive, Send
from ledger.errors import Refusal
from ledger.static import headers
from ledger.tiles import CHECKPOINT
from ledger.witness import ADD_CHECKPOINT, MAX_REQUEST_BYTES, Answer, Witness

BODY_SECONDS = 10.0
"""A body must have come whole by then; the largest is half a mebibyte."""
_SHOWN = re.compile(rf"([0-9a-f]{{64}})/{CHECKPOINT}", re.ASCII)
_UNWRITABLE = "el testigo no puede escribir su memoria; no firmó nada\n"


class _Gone(Exception):  # noqa: N818 - nobody is left to answer
    """The client hung up."""


class WitnessApp:
    """POST `prefix`add-checkpoint and GET `prefix`<SHA-256 of the origin>/checkpoint; 404 for the rest."""

    def __init__(self, witness: Witness, prefix: str = "/", body_seconds: float = BODY_SECONDS) -> None:
        self._witness = witness
        self._prefix = prefix
        self._seconds = body_seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            raise NotImplementedError(f"ASGI {scope['type']}")
        try:
            answer = await self._answer(scope, receive)
        except _Gone:
            return
        await _send(answer, scope["method"], send)

    async def _answer(self, scope: Message, receive: Receive) -> Answer:
        path, method = str(scope["path"]), scope["method"]
        resource = path.removeprefix(self._prefix) if path.startswith(self._prefix) else ""
        if resource == ADD_CHECKPOINT:
            return await self._add(receive) if method == "POST" else _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        found = _SHOWN.fullmatch(resource)
        if found is None:
            return _plain(HTTPStatus.NOT_FOUND)
        if method not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED)
        return await asyncio.to_thread(self._show, found[1])

    async def _add(self, receive: Receive) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                body = await _body(receive)
        except TimeoutError:
            return _plain(HTTPStatus.REQUEST_TIMEOUT)
        if body is None:
            return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return await asyncio.to_thread(self._judge, body)

    def _judge(self, body: bytes) -> Answer:
        try:
            return self._witness.add_checkpoint(body)
        except (sqlite3.Error, Refusal):
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, _UNWRITABLE)

    def _show(self, origin_hash: str) -> Answer:
        try:
            note = self._witness.checkpoint(origin_hash)
        except sqlite3.Error:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        return _plain(HTTPStatus.NOT_FOUND) if note is None else Answer(HTTPStatus.OK, note)


async def _body(receive: Receive) -> bytes | None:
    """The body, None when it is longer than any request."""
    parts = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        parts += message.get("body", b"")
        if len(parts) > MAX_REQUEST_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(parts)


def _plain(status: HTTPStatus, text: str | None = None) -> Answer:
    return Answer(status, (text or f"{status.value}\n").encode())


async def _send(answer: Answer, method: str, send: Send) -> None:
    lines = {"Cache-Control": "no-store", "Content-Type": answer.content_type}
    if method in ("GET", "HEAD") and answer.status == HTTPStatus.OK:
        lines = headers(CHECKPOINT)
    if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        lines["Connection"] = "close"
    lines |= {"Content-Length": str(len(answer.body)), "X-Content-Type-Options": "nosniff"}
    encoded = [(name.lower().encode(), value.encode()) for name, value in lines.items()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})
