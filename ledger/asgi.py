"""The reading side over HTTP for small installations: a bare ASGI application over any tile storage.

Large ones point a web server or a bucket at the same files; nothing here is needed to verify anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ledger.errors import FormatRefusal, StorageRefusal
from ledger.ports import TileStorage
from ledger.static import headers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


class LogFiles:
    """Answers GET and HEAD below `prefix`; 404 for all that is absent, never an empty 200."""

    def __init__(self, storage: TileStorage, prefix: str = "/") -> None:
        self._storage = storage
        self._prefix = prefix

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request. `receive` is not used: no request has a body."""
        if scope["type"] != "http":
            raise NotImplementedError(f"ASGI {scope['type']}")
        status, fields, body = await asyncio.to_thread(self._answer, scope["method"], scope["path"])
        lines = {"Access-Control-Allow-Origin": "*", "Content-Length": str(len(body)), **fields}
        encoded = [(name.lower().encode(), value.encode()) for name, value in lines.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        if method not in ("GET", "HEAD"):
            return 405, {**_PLAIN, "Allow": "GET, HEAD"}, b"405\n"
        if not path.startswith(self._prefix):
            return 404, _PLAIN, b"404\n"
        try:
            resource = path.removeprefix(self._prefix)
            return 200, headers(resource), self._storage.get(resource)
        except (FormatRefusal, StorageRefusal):
            return 404, _PLAIN, b"404\n"
