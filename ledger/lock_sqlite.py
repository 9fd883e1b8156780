"""The trusted state in SQLite: one file, durable at every commit (WAL with full synchronisation).

A second file beside it, `<name>.owner`, is held with an exclusive SQLite transaction for as long as the
sequencer lives; the operating system lets go of it when the process ends, however it ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.bundles import decode_bundle, encode_bundle
from ledger.errors import AnotherSequencer
from ledger.limits import TAKE_OVER_SECONDS
from ledger.ports import Committed, Keyed
from ledger.sqlite_file import is_busy, open_durable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    checkpoint BLOB NOT NULL, size INTEGER NOT NULL,
    old_size INTEGER NOT NULL, old_root BLOB NOT NULL, entries BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS keys (
    key BLOB PRIMARY KEY, "index" INTEGER NOT NULL UNIQUE, leaf BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""
_COLUMNS = "checkpoint, size, old_size, old_root, entries"
_CHUNK = 500  # variables in one statement


class SqliteLock:
    """A `CheckpointLock` in a file of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._owner: sqlite3.Connection | None = None
        self._database = open_durable(path, _SCHEMA)

    def acquire(self) -> None:
        """See `CheckpointLock`."""
        if self._owner is not None:
            return
        owner = sqlite3.connect(
            f"{self._path}.owner",
            timeout=TAKE_OVER_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            owner.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            owner.close()
            if not is_busy(error):
                raise
            raise AnotherSequencer(
                "secuenciador.otro", str(self._path), "ser el único secuenciador", "otro en marcha"
            ) from None
        self._owner = owner

    def release(self) -> None:
        """See `CheckpointLock`."""
        if self._owner is not None:
            self._owner.close()
        self._database.close()

    def load(self) -> Committed | None:
        """See `CheckpointLock`."""
        row = self._database.execute(f"SELECT {_COLUMNS} FROM state").fetchone()  # noqa: S608 - constant
        if row is None:
            return None
        entries = decode_bundle(row[4], "lote", most=row[1] - row[2])
        return Committed(row[0], row[1], row[2], row[3], tuple(entries))

    def commit(self, expected: bytes | None, new: Committed, keys: Mapping[bytes, Keyed]) -> None:
        """See `CheckpointLock`."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            self._swap(expected, new)
            rows = [(key, keyed.index, keyed.leaf) for key, keyed in keys.items()]
            self._database.executemany("INSERT INTO keys VALUES (?, ?, ?)", rows)
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def _swap(self, expected: bytes | None, new: Committed) -> None:
        row = self._database.execute("SELECT checkpoint FROM state").fetchone()
        if (None if row is None else row[0]) != expected:
            raise AnotherSequencer(
                "secuenciador.otro", str(self._path), "el estado que este secuenciador dejó", "otro más nuevo"
            )
        values = (new.checkpoint, new.size, new.old_size, new.old_root, encode_bundle(new.entries))
        self._database.execute(f"REPLACE INTO state (id, {_COLUMNS}) VALUES (1, ?, ?, ?, ?, ?)", values)  # noqa: S608

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        """See `CheckpointLock`."""
        found = {}
        for at in range(0, len(keys), _CHUNK):
            part = keys[at : at + _CHUNK]
            marks = ", ".join("?" * len(part))
            query = f'SELECT key, "index", leaf FROM keys WHERE key IN ({marks})'  # noqa: S608 - marks only
            found.update(
                {key: Keyed(index, leaf) for key, index, leaf in self._database.execute(query, part)}
            )
        return found
