"""A server in the open: nobody keeps others out by holding connections."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from api.cli import connections
from api.cli.serving import LOOPBACK, configuration, listen
from ledger.asgi import Message, Receive, Send

HEAD = b"GET /x HTTP/1.1\r\nHost: x\r\n"


async def answer(scope: Message, receive: Receive, send: Send) -> None:
    """Says nothing at all, slowly under /slow."""
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def port() -> Iterator[int]:
    listening = listen(LOOPBACK, 0)
    server = uvicorn.Server(configuration(answer))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()


def ask(port: int, path: str = "/") -> int:
    return httpx.get(f"http://{LOOPBACK}:{port}{path}", timeout=10).status_code


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    with contextlib.suppress(ConnectionError):
        try:
            return connection.recv(1) != b""
        except BlockingIOError:
            return True
    return False


@pytest.mark.parametrize("said", [b"", HEAD + b"X: "], ids=["nothing", "headers without end"])
def test_many_idle_connections_keep_nobody_out(port: int, said: bytes) -> None:
    held = []
    for _ in range(2 * connections.MAX_CONNECTIONS):
        held.append(socket.create_connection((LOOPBACK, port)))
        held[-1].sendall(said)
    assert ask(port) == 204
    assert sum(map(is_open, held)) <= connections.MAX_CONNECTIONS
    for connection in held:
        connection.close()


def test_who_is_being_answered_is_not_the_one_that_makes_room(port: int) -> None:
    found: list[int] = []
    asking = threading.Thread(target=lambda: found.append(ask(port, "/slow")))
    asking.start()
    time.sleep(0.3)
    held = [socket.create_connection((LOOPBACK, port)) for _ in range(2 * connections.MAX_CONNECTIONS)]
    asking.join()
    assert found == [204]
    for connection in held:
        connection.close()


def test_an_unfinished_request_is_let_go_and_a_finished_one_may_be_followed_by_another(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.5)
    with socket.create_connection((LOOPBACK, port)) as silent, httpx.Client(timeout=10) as client:
        silent.sendall(HEAD)
        for _ in range(4):
            assert client.get(f"http://{LOOPBACK}:{port}/").status_code == 204
            time.sleep(0.2)
        assert client.get(f"http://{LOOPBACK}:{port}/slow").status_code == 204
        silent.settimeout(5)
        with contextlib.suppress(ConnectionError):
            assert silent.recv(1) == b""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"garbage\r\n\r\n", b"400"),
        (HEAD + b"X: " + b"y" * 100_000, b"400"),
        (HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"204"),
    ],
)
def test_what_strangers_send_does_not_fill_the_terminal(
    capfd: pytest.CaptureFixture[str], port: int, request_: bytes, status: bytes
) -> None:
    with socket.create_connection((LOOPBACK, port), timeout=10) as stranger:
        stranger.sendall(request_)
        assert stranger.recv(12) == b"HTTP/1.1 " + status
    assert capfd.readouterr().err == ""
