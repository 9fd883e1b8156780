"""Opening an SQLite file that is durable at every commit (WAL with full synchronisation)."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

WAIT = 10.0
"""Seconds to wait for other processes."""
_PAUSE = 0.01


def open_durable(path: Path, schema: str) -> sqlite3.Connection:
    """The file, made with `schema` (repeatable) if need be. Transactions are the caller's; threads too.

    Raises sqlite3.Error.
    """
    database = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(database)
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(schema)
    except BaseException:
        database.close()
        raise
    return database


def _write_ahead(database: sqlite3.Connection) -> None:
    """Turn WAL on. SQLite does not wait here when another process opens a new file at the same time."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection was in the way, and nothing else is wrong."""
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
