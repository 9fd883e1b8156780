"""Devices that send at a steady pace, in a process of their own: `python -m tools.bench.captura_sender FILE`.

Open loop: a capture begins when its instant comes, whether those before it have ended or not, and what it
waited for a free connection counts. Each one is a connection of its own: the packet in one request (tus
creation-with-upload, its bytes sent straight from the file), then the acuse.
"""

from __future__ import annotations

import json
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which an answer no longer comes."""
_CREATED, _OK = 201, 200


@dataclass(frozen=True)
class Sealed:
    """A packet that waits: its envelope, and where its body is in the file of bodies (bytes)."""

    envelope: str
    offset: int
    size: int


@dataclass(frozen=True)
class Plan:
    """What to send, where to, and how fast. `gap` is in seconds; 0 is all at once, of `at_once` devices."""

    port: int
    bodies: str
    gap: float
    at_once: int
    packets: Sequence[Sealed]


@dataclass(frozen=True)
class Told:
    """One capture, in seconds since the instant it was due: begun, packet taken, acuse there; or an error."""

    due: float
    begun: float
    taken: float
    acuse: float
    error: str = ""


def send(plan: Plan) -> list[Told]:
    """All of them, in the order of their instants."""
    begun = time.perf_counter() + 0.5
    with ThreadPoolExecutor(plan.at_once) as pool:
        waiting = []
        for number, packet in enumerate(plan.packets):
            due = begun + number * plan.gap
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(_capture, plan, packet, due, due - begun))
        return [one.result() for one in waiting]


def _capture(plan: Plan, packet: Sealed, due: float, since: float) -> Told:
    begun = time.perf_counter() - due
    taken = acuse = 0.0
    http = HTTPConnection("127.0.0.1", plan.port, timeout=PATIENCE)
    try:
        error = _upload(http, plan, packet)
        taken = time.perf_counter() - due
        if not error:
            error = _acuse(http, packet)
        acuse = time.perf_counter() - due
    except (OSError, HTTPException) as problem:
        error = type(problem).__name__
    finally:
        http.close()
    return Told(since, begun, taken, acuse, error)


def _upload(http: HTTPConnection, plan: Plan, packet: Sealed) -> str:
    http.putrequest("POST", "/v1/paquetes")
    for name, value in (
        ("Tus-Resumable", "1.0.0"),
        ("Upload-Length", packet.size),
        ("Upload-Metadata", f"sobre {b64encode(packet.envelope.encode()).decode()}"),
        ("Content-Type", "application/offset+octet-stream"),
        ("Content-Length", packet.size),
    ):
        http.putheader(name, str(value))
    http.endheaders()
    with Path(plan.bodies).open("rb") as file:
        http.sock.sendfile(file, packet.offset, packet.size)
    answer = http.getresponse()
    answer.read()
    return "" if answer.status == _CREATED else f"paquete {answer.status}"


def _acuse(http: HTTPConnection, packet: Sealed) -> str:
    http.request("POST", "/v1/acuses", packet.envelope.encode())
    answer = http.getresponse()
    return "" if answer.status == _OK and answer.read() else f"acuse {answer.status}"


def main() -> None:
    """Read a plan, write what happened beside it."""
    file = Path(sys.argv[1])
    given = json.loads(file.read_text())
    plan = Plan(**{**given, "packets": [Sealed(**one) for one in given["packets"]]})
    file.with_suffix(".dicho").write_text(json.dumps([asdict(one) for one in send(plan)]))


if __name__ == "__main__":
    main()
