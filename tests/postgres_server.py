"""A PostgreSQL server of its own for the tests, where PostgreSQL is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from ledger.database import Database


def conninfo() -> Iterator[str]:
    """Where a server listens: CERTEZA_POSTGRES, or one started here. Skips loudly without either."""
    pytest.importorskip("psycopg", reason="AVISO: falta psycopg: NO se probó PostgreSQL")
    if given := os.environ.get("CERTEZA_POSTGRES"):
        yield given
        return
    programs = [shutil.which("initdb"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    found = [Path(program).resolve().parent for program in programs if program]
    if not found:
        pytest.skip("AVISO: no hay PostgreSQL ni CERTEZA_POSTGRES: NO se probó PostgreSQL")
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


def scratch(conninfo: str, use: Callable[[str], Iterator[Database]]) -> Iterator[Database]:
    """`use` with the address of a database made for it, and dropped afterwards."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    name = f"prueba_{uuid4().hex}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # hexadecimal digits
    given = conninfo_to_dict(conninfo, dbname=name)
    parts = {key: str(value) for key, value in given.items() if value is not None}
    url = URL.create("postgresql", parts.pop("user", None), parts.pop("password", None), database=name)
    parts.pop("dbname")
    try:
        yield from use(url.update_query_dict(parts).render_as_string(hide_password=False))
    finally:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
