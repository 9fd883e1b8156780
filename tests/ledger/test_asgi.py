"""The reading side: right headers, nothing but the log's own resources, and 404 for what is absent."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from ledger.asgi import LogFiles
from ledger.store_folder import FolderStorage


@pytest.fixture
def app(tmp_path: Path) -> LogFiles:
    storage = FolderStorage(tmp_path / "log")
    storage.put({"tile/0/000": b"t" * 8192, "tile/0/000.p/7": b"p" * 224})
    storage.put_checkpoint("checkpoint", b"nota")
    (tmp_path / "log" / "secreto").write_bytes(b"x")
    (tmp_path / "fuera").write_bytes(b"x")
    return LogFiles(storage, "/log/")


def ask(app: LogFiles, path: str, method: str = "GET") -> tuple[int, dict[bytes, bytes], bytes]:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError

    asyncio.run(app({"type": "http", "method": method, "path": path}, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_checkpoint_and_tiles(app: LogFiles) -> None:
    status, fields, body = ask(app, "/log/checkpoint")
    assert (status, body, fields[b"content-type"]) == (200, b"nota", b"text/plain; charset=utf-8")
    assert b"max-age=1," in fields[b"cache-control"]
    status, fields, body = ask(app, "/log/tile/0/000.p/7")
    assert (status, body, fields[b"content-length"]) == (200, b"p" * 224, b"224")
    assert b"immutable" in fields[b"cache-control"]
    assert ask(app, "/log/tile/0/000", "HEAD")[::2] == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/log/",
        "/checkpoint",
        "/log/tile/0/001",
        "/log/secreto",
        "/log/../fuera",
        "/log/tile/0/000.p",
        "x",
    ],
)
def test_anything_else_is_absent(app: LogFiles, path: str) -> None:
    status, fields, body = ask(app, path)
    assert (status, body, fields[b"cache-control"]) == (404, b"404\n", b"no-store")


def test_nothing_is_written(app: LogFiles) -> None:
    assert ask(app, "/log/checkpoint", "POST")[0] == 405


def test_only_http(app: LogFiles) -> None:
    with pytest.raises(NotImplementedError):
        asyncio.run(app({"type": "websocket"}, None, None))  # type: ignore[arg-type]
