"""The service in processes of its own that a test may kill, and devices that do not give up."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from capture.packet.envelope import Envelope
from ledger.acuse import AcuseFile, parse_acuse_file

HOST = "127.0.0.1"
PATIENCE = 180.0
"""Seconds for what must happen at last: a busy machine needs them, and engines are loaded at each start."""


def free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """The processes that a process began."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


@dataclass
class Killable:
    """A command that is started again after it was killed."""

    command: list[str]
    environment: Mapping[str, str]
    ready: str | None = None
    user: str | None = None
    cwd: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, **self.environment}
        self.process = subprocess.Popen(
            self.command,
            env=env,
            user=self.user,
            cwd=self.cwd,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        if self.process is not None:
            # A server of PostgreSQL does not begin again while a process of the one before is there.
            for pid in [self.process.pid, *children_of(self.process.pid)]:
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
            self.process.wait()

    def wait_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.ready is not None and time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if httpx.get(self.ready, timeout=2).status_code == httpx.codes.OK:
                    return
            assert self.process is None or self.process.poll() is None, f"{self.command} terminó solo"
            time.sleep(0.1)


@dataclass
class Service:
    """`certeza serve` and `certeza worker` over one folder of data."""

    data: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        program = [sys.executable, "-m", "api.cli.main"]
        self.environment = {"CERTEZA_DATA": str(self.data), **self.environment}
        serve = [*program, "serve", "--puerto", str(self.port)]
        self.server = Killable(serve, self.environment, f"{self.url}/salud")
        self.worker = Killable([*program, "worker"], self.environment)
        self.migration = Killable([*program, "migrate"], self.environment)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def migrate(self) -> None:
        self.migration.start()
        assert self.migration.process is not None
        assert self.migration.process.wait(PATIENCE) == 0

    def start(self) -> None:
        self.server.start()
        self.worker.start()
        self.server.wait_ready()

    def stop(self) -> None:
        for part in (self.server, self.worker):
            part.kill(signal.SIGTERM)


@contextmanager
def running(service: Service) -> Iterator[Service]:
    try:
        service.start()
        yield service
    finally:
        for part in (service.server, service.worker):
            part.kill()


@contextmanager
def killable_postgres(programs: Path) -> Iterator[tuple[Killable, str]]:
    """A PostgreSQL server whose commits are durable, and its address."""
    folder = Path(tempfile.mkdtemp(prefix="certeza-pg-"))
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    initdb = [str(programs / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "certeza"]
    subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
    port = free_port()
    options = ["-k", str(folder), "-p", str(port), "-c", f"listen_addresses={HOST}"]
    server = Killable(
        [str(programs / "postgres"), "-D", str(folder / "data"), *options], {}, user=user, cwd=folder
    )
    server.start()
    address = f"postgresql://certeza@{HOST}:{port}/postgres"
    wait_for_postgres(address)
    try:
        yield server, address
    finally:
        server.kill(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_postgres(address: str) -> None:
    import psycopg

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PostgreSQL no volvió")


def insist(url: str, envelope: Envelope, body: bytes, until: float) -> AcuseFile | None:
    """Send a packet again and again, as a device does, until its acuse is there or the time is over."""
    metadata = f"sobre {b64encode(envelope.encode()).decode()}"
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(body)), "Upload-Metadata": metadata}
    while time.monotonic() < until:
        with suppress(httpx.HTTPError), httpx.Client(base_url=url, timeout=15) as http:
            if acuse := _once(http, headers, envelope, body):
                return acuse
        time.sleep(random.uniform(0.05, 0.3))
    return None


def _once(http: httpx.Client, headers: dict[str, str], envelope: Envelope, body: bytes) -> AcuseFile | None:
    octets = {"Content-Type": "application/offset+octet-stream"}
    created = http.post("/v1/paquetes", headers=headers)
    if created.status_code != httpx.codes.CREATED:
        return None
    offset = int(created.headers["upload-offset"])
    while offset < len(body):
        step = body[offset : offset + max(1, len(body) // 2)]
        patch = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **octets}
        answer = http.patch(created.headers["location"], headers=patch, content=step)
        if answer.status_code != httpx.codes.NO_CONTENT:
            return None
        offset = int(answer.headers["upload-offset"])
    acuse = http.post("/v1/acuses", content=envelope.encode())
    return parse_acuse_file(acuse.content) if acuse.status_code == httpx.codes.OK else None


class Sending(threading.Thread):
    """A device that sends packets one after another; what it got is in `acuses`."""

    def __init__(self, url: str, packets: list[tuple[Envelope, bytes]], until: float) -> None:
        super().__init__(daemon=True)
        self.url, self.packets, self.until = url, packets, until
        self.acuses: list[AcuseFile] = []

    def run(self) -> None:
        for envelope, body in self.packets:
            if (acuse := insist(self.url, envelope, body, self.until)) is not None:
                self.acuses.append(acuse)
