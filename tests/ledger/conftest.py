"""What the ledger's tests share: where the published vectors are, and a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("CERTEZA_SHARED", REPOSITORY.parent / "shared"))


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of published tlog vectors, which stay outside of the repository."""
    folder = SHARED / "vectors" / "tlog"
    if not folder.is_dir():
        pytest.skip(f"AVISO: faltan los vectores publicados en {folder} (CERTEZA_SHARED): NO se probaron")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The conninfo of a server: CERTEZA_POSTGRES, or one started here where PostgreSQL is installed."""
    pytest.importorskip("psycopg", reason="AVISO: falta psycopg: NO se probó lock_postgres")
    if conninfo := os.environ.get("CERTEZA_POSTGRES"):
        yield conninfo
        return
    programs = [shutil.which("initdb"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    found = [Path(program).resolve().parent for program in programs if program]
    if not found:
        pytest.skip("AVISO: no hay PostgreSQL ni CERTEZA_POSTGRES: NO se probó lock_postgres")
    yield from server(found[-1])


def server(programs: Path) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="certeza-pg-"))
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
    if user:
        shutil.chown(folder, user)
    initdb = [programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "certeza", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ["-D", folder / "data", "-k", folder, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
    running = subprocess.Popen(
        [programs / "postgres", *arguments], user=user, cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        conninfo = f"host={folder} port={port} user=certeza dbname=postgres"
        wait_for(conninfo)
        yield conninfo
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(conninfo: str) -> None:
    import psycopg

    for _ in range(100):
        try:
            psycopg.connect(conninfo).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    pytest.fail("PostgreSQL no arrancó")
