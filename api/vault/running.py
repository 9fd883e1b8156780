"""Answering on the bóveda's socket, in a thread of the process that has the keys."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import uvicorn

from api.vault.service import build_vault
from api.vault.settings import VaultSettings
from capture.vault.errors import VaultRefusal
from capture.vault.ports import KeyChamber

MODE = 0o660
"""Of the socket's file: its owner and group may ask."""


@contextmanager
def running_vault(chamber: KeyChamber, path: Path, settings: VaultSettings) -> Iterator[None]:
    """A socket at `path` while the block runs; one that a killed process left is replaced.

    Raises VaultRefusal where another process answers there.
    """
    _require_unanswered(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        before = os.umask(0o777 & ~MODE)  # never open to others, not even for a moment
        try:
            listening.bind(str(path))
        finally:
            os.umask(before)
        listening.listen(128)
        server = uvicorn.Server(
            uvicorn.Config(build_vault(chamber, settings), log_config=None, lifespan="off", ws="none")
        )
        thread = Thread(target=server.run, args=([listening],), name="boveda", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()
            path.unlink(missing_ok=True)


def _require_unanswered(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking, suppress(OSError):
        asking.connect(str(path))
        raise VaultRefusal("boveda.otra", path.name, "que nadie atienda en ese zócalo", "otro proceso")
