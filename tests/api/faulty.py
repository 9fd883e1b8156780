"""A place that has no room left, and devices that tell what they were answered."""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from capture.packet.envelope import Envelope
from capture.records.tables import registros
from ledger.database import Database

SIZE = "24m"
_OCTETS = "application/offset+octet-stream"
_STEP = 4096


@contextmanager
def small_medium(folder: Path) -> Iterator[Path]:
    """A medium of its own of few MiB on `folder`. Skips loudly where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        pytest.skip("AVISO: solo root monta un medio pequeño: NO se probó el disco lleno")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("AVISO: no se pudo montar un medio pequeño: NO se probó el disco lleno")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Nothing more goes into the medium of `folder` while the block runs."""
    ballast = folder / "lastre"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(_STEP))
    try:
        yield
    finally:
        ballast.unlink()


def answered(url: str, envelope: Envelope, body: bytes) -> int:
    """What a device is answered: the status of what was not done, or 200 with the acuse."""
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(len(body)),
        "Upload-Metadata": f"sobre {b64encode(envelope.encode()).decode()}",
        "Content-Type": _OCTETS,
    }
    with httpx.Client(base_url=url, timeout=30) as http:
        created = http.post("/v1/paquetes", headers=headers, content=body)
        if created.status_code != httpx.codes.CREATED:
            return created.status_code
        offset = int(created.headers["upload-offset"])
        if offset < len(body):
            patch = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": _OCTETS}
            more = http.patch(created.headers["location"], headers=patch, content=body[offset:])
            if more.status_code != httpx.codes.NO_CONTENT:
                return more.status_code
        return http.post("/v1/acuses", content=envelope.encode()).status_code


def states(database: Database) -> dict[str, int]:
    """How many records are in each state."""
    wanted = select(registros.c.estado, func.count()).group_by(registros.c.estado)
    with database.reading() as db:
        return {row[0]: row[1] for row in db.execute(wanted)}
