"""Telephones for rehearsals: a gateway of text messages on loopback that keeps what each number got.

The service delivers to it over HTTP as to any gateway; whoever plays a person reads there the own messages.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LOOPBACK = "127.0.0.1"


@dataclass(slots=True)
class TrialTelephones:
    """`url` takes messages (POST) and, with a number behind it, gives those of that number (GET)."""

    url: str
    _received: dict[str, dict[str, str]] = field(default_factory=dict)

    def take(self, number: str, text: str, reference: str) -> None:
        """Keep a message; the same reference again changes nothing."""
        self._received.setdefault(number, {}).setdefault(reference, text)

    def of(self, number: str) -> list[str]:
        """What a number got, oldest first."""
        return list(self._received.get(number, {}).values())

    @property
    def total(self) -> int:
        """Messages of all numbers."""
        return sum(len(texts) for texts in self._received.values())


def trial_gateway(telephones: TrialTelephones) -> Starlette:
    """The gateway over HTTP."""

    async def take(request: Request) -> Response:
        given = json.loads(await request.body())
        telephones.take(given["numero"], given["texto"], given["referencia"])
        return Response(status_code=202)

    async def read(request: Request) -> Response:
        return JSONResponse(telephones.of(request.path_params["numero"]))

    return Starlette(
        routes=[Route("/sms", take, methods=["POST"]), Route("/sms/{numero}", read, methods=["GET"])]
    )


@contextmanager
def trial_telephones() -> Iterator[TrialTelephones]:
    """A gateway on a free port of loopback while the block runs."""
    listening = socket.create_server((LOOPBACK, 0))
    telephones = TrialTelephones(f"http://{LOOPBACK}:{listening.getsockname()[1]}/sms")
    config = uvicorn.Config(trial_gateway(telephones), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield telephones
    finally:
        server.should_exit = True
        thread.join()
