"""The server as a device sees it: tus 1.0.0 uploads, acuses, and what a process is, over HTTP.

An answer is one of three: done; `TurnedDown`, for good; `TryAgain`, as for a connection that was cut.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from capture.device.errors import TryAgain, TurnedDown
from capture.packet.envelope import Envelope

Flow = AsyncIterator[bytes] | bytes
TUS = "1.0.0"
CHUNK_BYTES = 64 * 1024
SECONDS = 60.0
"""For each step of a request: connecting, writing, reading."""
_OFFSET_TYPE = "application/offset+octet-stream"
_AGAIN = frozenset({404, 408, 425, 429})
"""404: the upload was forgotten meanwhile, or the server in front is starting; beginning again is right."""
_BUSY = "carga.ocupada"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where an upload goes on, and from which byte."""

    location: str
    offset: int


class Service:
    """Requests of one device. `http` knows the address of the server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def begin(self, envelope: Envelope, body: Flow | None = None) -> Begun:
        """Begin an upload, or find the one that was begun; with `body`, send it at once."""
        headers = {
            "Tus-Resumable": TUS,
            "Upload-Length": str(envelope.tamano),
            "Upload-Metadata": f"sobre {b64encode(envelope.encode()).decode()}",
        }
        if body is not None:
            headers["Content-Type"] = _OFFSET_TYPE
        answer = await self._ask("POST", "/v1/paquetes", headers, body)
        return Begun(answer.headers.get("Location", ""), _offset(answer))

    async def go_on(self, begun: Begun, body: Flow) -> int:
        """Send what follows from the offset on; how many bytes the server has then."""
        headers = {
            "Tus-Resumable": TUS,
            "Upload-Offset": str(begun.offset),
            "Content-Type": _OFFSET_TYPE,
        }
        return _offset(await self._ask("PATCH", begun.location, headers, body))

    async def acuse(self, envelope: Envelope) -> bytes:
        """The acuse file of a record that was received."""
        return (await self._ask("POST", "/v1/acuses", {}, envelope.encode())).content

    async def policy(self) -> bytes:
        """The tlog-policy of the log of acuses, as the server states it."""
        return (await self._ask("GET", "/v1/acuses/politica", {})).content

    async def process(self, folio: str) -> dict[str, Any]:
        """What the app shows of a process and seals records to."""
        return _members(await self._ask("GET", f"/v1/procesos/{folio}/app", {}))

    async def challenge(self) -> dict[str, Any]:
        """Something to sign, once."""
        return _members(await self._ask("POST", "/v1/dispositivos/retos", {}))

    async def register(self, session: str, form: dict[str, Any]) -> dict[str, Any]:
        """Register this device with the session of its auxiliar."""
        headers = {"Authorization": f"Bearer {session}", "Content-Type": "application/json"}
        return _members(await self._ask("POST", "/v1/dispositivos", headers, json.dumps(form).encode()))

    async def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: Flow | None = None,
    ) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, headers=headers, content=body, timeout=SECONDS)
        except (httpx.HTTPError, OSError) as error:
            raise TryAgain(type(error).__name__) from None
        if answer.is_success:
            return answer
        raise _problem(answer)


def _problem(answer: httpx.Response) -> TryAgain | TurnedDown:
    told = _told(answer)
    rule = str(told.get("codigo") or told.get("type", "")).rpartition("/")[2]
    elsewhere = "Upload-Offset" in answer.headers or rule == _BUSY
    if answer.status_code >= 500 or answer.status_code in _AGAIN or elsewhere:
        return TryAgain(f"respuesta {answer.status_code}", _seconds(answer))
    place, expected = str(told.get("donde", "servidor")), str(told.get("esperado", "que se admita"))
    return TurnedDown(rule or "servidor", place, expected, told.get("encontrado", answer.status_code))


def _told(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _members(answer: httpx.Response) -> dict[str, Any]:
    told = _told(answer)
    if not told:
        raise TryAgain("una respuesta que no es JSON")
    return told


def _seconds(answer: httpx.Response) -> float | None:
    stated = answer.headers.get("Retry-After", "")
    return float(stated) if stated.isascii() and stated.isdigit() and len(stated) < 5 else None


def _offset(answer: httpx.Response) -> int:
    stated = answer.headers.get("Upload-Offset", "")
    if not (stated.isascii() and stated.isdigit() and len(stated) < 16):
        raise TryAgain("una respuesta sin Upload-Offset")
    return int(stated)
