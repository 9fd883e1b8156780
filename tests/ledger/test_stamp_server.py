"""The time-stamp authority over HTTP, asked by OpenSSL and by our client; uvicorn really serves it."""

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

from keys.documents.errors import DocumentRefusal
from keys.documents.stamp import stamp_digest
from keys.documents.stamping import MAX_QUERY_BYTES, QUERY_TYPE, REPLY_TYPE
from ledger.asgi import Message, Receive, Send
from ledger.stamp_http import MAX_REPLY_BYTES, HttpStamps
from ledger.stamp_server import StampApp
from tests.document_authority import Authority
from tests.document_judges import openssl

pytestmark = pytest.mark.req("APO-29")
TYPE = {"Content-Type": QUERY_TYPE}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of an application while it is served."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(authority: Authority) -> Iterator[str]:
    with serving(StampApp(authority.stamps(), "/sello")) as root:
        yield f"{root}/sello"


def test_openssl_verifies_what_came_over_http(authority: Authority, address: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    (tmp_path / "d").write_bytes(b"documento")
    openssl("ts", "-query", "-data", "d", "-sha256", "-cert", "-out", "q.tsq", where=tmp_path)
    reply = httpx.post(address, content=(tmp_path / "q.tsq").read_bytes(), headers=TYPE)
    assert (reply.status_code, reply.headers["content-type"]) == (200, REPLY_TYPE)
    assert reply.headers["cache-control"] == "no-store"
    (tmp_path / "r.tsr").write_bytes(reply.content)
    ask = ("ts", "-verify", "-queryfile", "q.tsq", "-in", "r.tsr", "-CAfile", "ca.pem")
    assert "Verification: OK" in openssl(*ask, where=tmp_path).text


def test_our_client_gets_a_stamp(address: str) -> None:
    assert "Sellos de prueba" in stamp_digest(bytes(32), HttpStamps(address)).authority


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "", TYPE, b"", 405),
        ("POST", "/otra", TYPE, b"", 404),
        ("POST", "", {}, b"x", 415),
        ("POST", "", TYPE, bytes(MAX_QUERY_BYTES + 1), 413),
        ("POST", "", TYPE, b"\xff", 200),
    ],
)
def test_other_requests(
    address: str, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = httpx.request(method, address + path, headers=headers, content=body)
    assert reply.status_code == status


def test_a_query_that_does_not_come_is_not_waited_for(authority: Authority) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-type", QUERY_TYPE.encode())],
    }
    asyncio.run(StampApp(authority.stamps(), body_seconds=0.05)(scope, receive, send))
    assert sent[0]["status"] == 408


ANSWERS = {
    "/pagina": (200, "text/html", b"<html>"),
    "/caida": (503, REPLY_TYPE, b""),
    "/otra-parte": (302, REPLY_TYPE, b""),
    "/larga": (200, REPLY_TYPE, bytes(MAX_REPLY_BYTES + 1)),
    "/basura": (200, REPLY_TYPE, b"basura"),
}


async def bad(scope: Message, receive: Receive, send: Send) -> None:
    """Something that is no authority."""
    status, kind, body = ANSWERS[scope["path"]]
    headers = [(b"content-type", kind.encode()), (b"location", b"/larga")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("path", ANSWERS)
def test_what_is_no_stamp_is_refused_in_words(path: str) -> None:
    with serving(bad) as address, pytest.raises(DocumentRefusal, match=r"documento\.sello-de-tiempo"):
        stamp_digest(bytes(32), HttpStamps(address + path))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "no es una dirección"])
def test_where_nobody_answers_is_told_in_words(address: str) -> None:
    with pytest.raises(DocumentRefusal, match=r"documento\.sello-de-tiempo"):
        stamp_digest(bytes(32), HttpStamps(address))
