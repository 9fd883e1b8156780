"""The witness over HTTP: bodies have limits, nothing gives a 500, and uvicorn really serves it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from ledger.witness import MAX_REQUEST_BYTES, Witness
from ledger.witness_client import Unreachable
from ledger.witness_http import post
from ledger.witness_server import WitnessApp
from ledger.witness_store import SqliteWitnessStore, origin_hash

from .signing import ORIGIN
from .witnessing import FALSE, TRUE, watching

pytestmark = pytest.mark.req("VER-02")
SHOWN = f"/{origin_hash(ORIGIN)}/checkpoint"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Witness, SqliteWitnessStore]]:
    witness, store = watching(tmp_path)
    yield witness, store
    store.close()


@pytest.fixture
def app(held: tuple[Witness, SqliteWitnessStore]) -> WitnessApp:
    return WitnessApp(held[0], body_seconds=0.2)


Sent = tuple[int, dict[bytes, bytes], bytes]


def ask(app: WitnessApp, method: str, path: str, *parts: bytes | None) -> Sent | None:
    """One request; None among the parts: the client hangs up. After them it says nothing more."""
    sent: list[MutableMapping[str, Any]] = []
    coming = list(parts)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        if not coming:
            await asyncio.sleep(60)
        part = coming.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": part != b""}

    asyncio.run(app({"type": "http", "method": method, "path": path}, receive, send))
    return (sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]) if sent else None


def add(app: WitnessApp, body: bytes) -> Sent:
    answer = ask(app, "POST", "/add-checkpoint", body[:50], body[50:], b"")
    assert answer is not None
    return answer


def test_the_two_calls(app: WitnessApp) -> None:
    assert (ask(app, "GET", SHOWN) or ())[0] == 404
    status, _, lines = add(app, TRUE.request(0, 20).encode())
    assert (status, lines[:4]) == (200, "— ".encode())
    status, fields, note = ask(app, "GET", SHOWN) or (0, {}, b"")
    assert (status, fields[b"content-type"]) == (200, b"text/plain; charset=utf-8")
    assert note.endswith(lines)
    assert b"max-age=1," in fields[b"cache-control"]
    assert (ask(app, "HEAD", SHOWN) or ())[::2] == (200, b"")
    status, fields, body = add(app, TRUE.request(0, 20).encode())
    assert (status, fields[b"content-type"], body) == (409, b"text/x.tlog.size", b"20\n")
    assert fields[b"cache-control"] == b"no-store"
    assert add(app, FALSE.request(20, 20).encode())[0] == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("POST", SHOWN, 405),
        ("GET", "/", 404),
        ("POST", "/add-checkpoint/", 404),
        ("GET", SHOWN.upper(), 404),
        ("GET", f"/{ORIGIN}/checkpoint", 404),
        ("GET", f"{SHOWN}/..", 404),
        ("POST", "/sign-subtree", 404),
    ],
)
def test_there_is_nothing_else(app: WitnessApp, method: str, path: str, status: int) -> None:
    assert (ask(app, method, path, b"") or ())[0] == status


def test_bodies_have_limits_of_size_and_time(app: WitnessApp) -> None:
    assert (ask(app, "POST", "/add-checkpoint", b"x" * (MAX_REQUEST_BYTES + 1)) or ())[0] == 413
    assert (ask(app, "POST", "/add-checkpoint", b"old ") or ())[0] == 408
    assert ask(app, "POST", "/add-checkpoint", b"old ", None) is None


def test_a_witness_that_cannot_write_says_so(
    app: WitnessApp, held: tuple[Witness, SqliteWitnessStore]
) -> None:
    held[1].close()
    assert add(app, TRUE.request(0, 20).encode())[0] == 503
    assert (ask(app, "GET", SHOWN) or ())[0] == 503


def test_only_http_and_only_below_the_prefix(held: tuple[Witness, SqliteWitnessStore]) -> None:
    app = WitnessApp(held[0], "/testigo/")
    assert (ask(app, "GET", "/add-checkpoint") or ())[0] == 404
    assert (ask(app, "GET", "/testigo/add-checkpoint") or ())[0] == 405
    with pytest.raises(NotImplementedError):
        asyncio.run(app({"type": "websocket"}, None, None))  # type: ignore[arg-type]


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """uvicorn on loopback, in a thread; its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    thread.join(10)


def test_over_real_http(app: WitnessApp) -> None:
    with serving(app) as url, httpx.Client(base_url=url) as client:
        assert client.post("/add-checkpoint", content=TRUE.request(0, 20).encode()).status_code == 200
        assert client.get(SHOWN).content.startswith(f"{ORIGIN}\n20\n".encode())
        for garbage in (b"", b"\n\n", b"\xff" * 100, b"old 0\n\n", bytes(1000)):
            assert client.post("/add-checkpoint", content=garbage).status_code == 400
        assert client.post("/add-checkpoint", content=bytes(MAX_REQUEST_BYTES + 1)).status_code == 413
        reply = asyncio.run(post(f"{url}add-checkpoint", TRUE.request(0, 20).encode()))
        assert (reply.status, reply.content_type, reply.body) == (409, "text/x.tlog.size", b"20\n")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "ftp://x/", "http://[", "http://", "nada"])
def test_a_url_that_leads_nowhere(url: str) -> None:
    with pytest.raises(Unreachable):
        asyncio.run(post(url, b""))


async def endless(scope: Any, receive: Any, send: Any) -> None:
    """A long answer, to whatever is asked."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for more in (*[True] * 40, False):
        await send({"type": "http.response.body", "body": bytes(65536), "more_body": more})


def test_an_answer_too_long_is_cut() -> None:
    with serving(endless) as url, pytest.raises(Unreachable, match="se cortó"):
        asyncio.run(post(url, b""))
