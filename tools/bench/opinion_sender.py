"""Voters' devices at their instants, in a process of its own: `python -m tools.bench.opinion_sender FILE`.

Open loop: a device begins when its instant comes, whether those before it have ended or not. It is also the
gateway of text messages, so that a device that waits for its token waits for the whole way of it. A device
whose connection breaks, or that is told to come again, comes again with the same bytes.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tools.bench.opinion_http import Connection, serve_messages

PATIENCE = 120.0
"""Seconds after which somebody gives up."""
_AGAIN = frozenset({429, 502, 503})
_PAUSE = 0.5
_TOKEN = re.compile(r"\b[0-9]{6}\b")


@dataclass(frozen=True)
class Device:
    """What one person does. `due`: seconds from the beginning. `entry`: what is sent to enter; without one
    there is a session already. `offset`, `size`: of the ballot in the file of bodies; 0 only enters."""

    due: float
    session: str = ""
    entry: dict[str, str] = field(default_factory=dict)
    phone: str = ""
    offset: int = 0
    size: int = 0


@dataclass(frozen=True)
class Plan:
    """`at_once`: devices with a connection at the same time. `gateway`: the port of text messages, or 0."""

    port: int
    bodies: str
    at_once: int
    gateway: int
    devices: list[Device]


@dataclass
class Told:
    """One person, in seconds: `late` when it could begin; each answer since it was asked for, by name; when
    the token was at the gateway of text messages since the entry was asked for (`token`), and since it was
    answered (`sms`): how late it came."""

    due: float
    late: float = 0.0
    took: dict[str, float] = field(default_factory=dict)
    again: int = 0
    ended: float = 0.0
    receipt: dict[str, Any] = field(default_factory=dict)
    error: str = ""


class Sender:
    """All of them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._bodies = Path(plan.bodies).read_bytes()
        self._begun = 0.0
        self._tokens: dict[str, asyncio.Future[str]] = {}

    async def run(self) -> list[Told]:
        """What each saw, in the order of their instants."""
        gateway = await serve_messages(self._plan.gateway, self._message) if self._plan.gateway else None
        free = asyncio.Semaphore(self._plan.at_once)
        self._begun = time.perf_counter() + 0.5
        waiting = []
        for device in self._plan.devices:
            await asyncio.sleep(max(0.0, self._begun + device.due - time.perf_counter()))
            waiting.append(asyncio.create_task(self._whole(device, free)))
        told = list(await asyncio.gather(*waiting))
        if gateway is not None:
            gateway.close()
        return told

    def _message(self, number: str, text: str) -> None:
        waiting, found = self._tokens.get(number[-10:]), _TOKEN.search(text)
        if waiting is not None and found is not None and not waiting.done():
            waiting.set_result(found[0])

    async def _whole(self, device: Device, free: asyncio.Semaphore) -> Told:
        told = Told(device.due)
        async with free:
            told.late = time.perf_counter() - self._begun - device.due
            connection = Connection(self._plan.port)
            try:
                await asyncio.wait_for(self._person(device, told, connection), PATIENCE)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, _RefusedError) as problem:
                told.error = f"{type(problem).__name__} {problem}".strip()
            finally:
                connection.close()
        told.ended = time.perf_counter() - self._begun - device.due
        return told

    async def _person(self, device: Device, told: Told, http: Connection) -> None:
        session = device.session or await self._enter(device, told, http)
        if not device.size:
            return
        body = self._bodies[device.offset : device.offset + device.size]
        headers = {"X-Sesion-Opinion": session}
        told.receipt = await self._asked(told, "opinion", lambda: http.post("/opiniones", body, headers))
        if device.entry:
            await self._asked(told, "salida", lambda: http.post("/sesion/salida", b"", headers))

    async def _enter(self, device: Device, told: Told, http: Connection) -> str:
        token = self._tokens[device.phone] = asyncio.get_running_loop().create_future()
        asked = time.perf_counter()
        entry = await self._asked(told, "entrada", lambda: http.post_json("/entradas", device.entry))
        answered = time.perf_counter()
        form = {"entrada": entry["entrada"], "token": await token}
        arrived = time.perf_counter()
        told.took |= {"sms": arrived - answered, "token": arrived - asked}
        opened = await self._asked(told, "sesion", lambda: http.post_json("/entradas/sesion", form))
        return str(opened["sesion"])

    async def _asked(
        self, told: Told, name: str, ask: Callable[[], Coroutine[Any, Any, tuple[int, Any]]]
    ) -> dict[str, Any]:
        """The answer to one request, asked again until it comes."""
        begun = time.perf_counter()
        while True:
            try:
                status, answer = await ask()
            except (OSError, asyncio.IncompleteReadError):
                status, answer = 503, {}
            if status not in _AGAIN:
                break
            told.again += 1
            await asyncio.sleep(_PAUSE)
        told.took[name] = time.perf_counter() - begun
        if status >= 400:
            raise _RefusedError(f"{name} {status} {answer.get('codigo', '')}")
        return dict(answer)


class _RefusedError(Exception):
    """The service said no."""


def main() -> None:
    """Read a plan, write what happened beside it."""
    file = Path(sys.argv[1])
    given = json.loads(file.read_text())
    plan = Plan(**{**given, "devices": [Device(**one) for one in given["devices"]]})
    told = asyncio.run(Sender(plan).run())
    file.with_suffix(".dicho").write_text(json.dumps([asdict(one) for one in told]))


if __name__ == "__main__":
    main()
