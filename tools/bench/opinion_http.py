"""As much of HTTP/1.1 as a load needs, so that sending costs the measured machine little: JSON with a length,
over one connection a device; and a gateway of text messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

HOST = "127.0.0.1"
CONSULTA = "/v1/consultas/presupuesto-2027"
_LENGTH = b"content-length:"


class Connection:
    """Opened when it is first used, and again after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post_json(self, path: str, form: Mapping[str, Any]) -> tuple[int, Any]:
        """(status, JSON of the answer). Raises OSError, IncompleteReadError."""
        return await self.post(path, json.dumps(form).encode(), {})

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Any]:
        """The same with a body as it is."""
        lines = [f"POST {CONSULTA}{path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(HOST, self._port)
            reader, writer = self._streams
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            status, data = await _message(reader)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            raise
        with suppress(ValueError):
            return int(status.split()[1]), json.loads(data)
        return int(status.split()[1]), {}

    def close(self) -> None:
        """It may be used again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The first line and the body of a request or an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    sizes = [int(line[len(_LENGTH) :]) for line in lines if line.lower().startswith(_LENGTH)]
    return first, await reader.readexactly(sizes[0] if sizes else 0)


async def serve_messages(port: int, take: Callable[[str, str], None]) -> asyncio.Server:
    """A gateway of text messages: `take(number, text)` of each."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                _, body = await _message(reader)
                sms = json.loads(body)
                take(sms["numero"], sms["texto"])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    return await asyncio.start_server(serve, HOST, port)
