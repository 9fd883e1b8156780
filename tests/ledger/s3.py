"""Other people's S3 servers, started on this machine for the tests: `s3s-fs` (Rust) or `moto` (Python).

CERTEZA_S3S_FS is the path of the first one, CERTEZA_MOTO that of a Python where `moto.server` is installed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
from obstore.store import S3Store

BUCKET = "bitacora"
KEY, SECRET = "AKCERTEZA", "solo-para-pruebas"


def programs() -> dict[str, list[str]]:
    """The servers that are here: name, and the beginning of the command."""
    found = {}
    if rust := os.environ.get("CERTEZA_S3S_FS") or shutil.which("s3s-fs"):
        found["s3s-fs"] = [rust, "--access-key", KEY, "--secret-key", SECRET]
    if python := os.environ.get("CERTEZA_MOTO") or (importlib.util.find_spec("moto") and sys.executable):
        found["moto"] = [str(python), "-m", "moto.server"]
    return found


class Server:
    """One of them, over a folder of its own (moto keeps everything in memory)."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def keeps(self) -> bool:
        """Whether objects outlive the process."""
        return self.name == "s3s-fs"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = programs()[self.name]
        if self.keeps:
            (self._folder / BUCKET).mkdir(parents=True, exist_ok=True)
            command = [*command, "--host", "127.0.0.1", "--port", str(self._port), str(self._folder)]
        else:
            command = [*command, "-H", "127.0.0.1", "-p", str(self._port)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=quiet, stderr=quiet, stdin=quiet)
        self._wait()
        if not self.keeps:
            httpx.put(f"{self.url}/{BUCKET}").raise_for_status()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                httpx.get(self.url)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"{self.name} no arrancó")

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def store(self) -> S3Store:
        """A client that gives up soon."""
        return S3Store(
            BUCKET,
            endpoint=self.url,
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="us-east-1",
            virtual_hosted_style_request=False,
            client_options={"allow_http": True},
            retry_config={"max_retries": 1},
        )
