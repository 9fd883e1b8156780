"""The trusted state in PostgreSQL through psycopg 3, an optional dependency. One database may hold many logs.

A session advisory lock keeps a second sequencer out; it goes with the connection, once the server has seen
that it ended and has finished what it was doing. What excludes a fork is the row lock and comparison in
`commit`. `synchronous_commit` is turned on whatever the server says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ledger.bundles import decode_bundle, encode_bundle
from ledger.errors import AnotherSequencer
from ledger.limits import LOST_SECONDS, TAKE_OVER_SECONDS
from ledger.ports import Committed, Keyed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger_state (
    origin text PRIMARY KEY,
    checkpoint bytea NOT NULL, size bigint NOT NULL,
    old_size bigint NOT NULL, old_root bytea NOT NULL, entries bytea NOT NULL
);
CREATE TABLE IF NOT EXISTS ledger_keys (
    origin text NOT NULL, key bytea NOT NULL, index bigint NOT NULL, leaf bytea NOT NULL,
    PRIMARY KEY (origin, key), UNIQUE (origin, index)
);
"""
# Over a network either side may vanish without a word (a cut, a machine without power). Both must notice in
# about LOST_SECONDS: the server, to let another sequencer in; the owner, not to wait for an answer for ever.
_PATIENT = {
    "connect_timeout": "10",
    "keepalives_idle": str(LOST_SECONDS // 3),
    "keepalives_interval": str(LOST_SECONDS // 6),
    "keepalives_count": "4",
    "tcp_user_timeout": str(LOST_SECONDS * 1000),
}
_KEEPALIVE = (
    f"-c tcp_keepalives_idle={LOST_SECONDS // 3} -c tcp_keepalives_interval={LOST_SECONDS // 6}"
    f" -c tcp_keepalives_count=4 -c tcp_user_timeout={LOST_SECONDS * 1000}"
)
_DURABLE = "-c synchronous_commit=on"
_SCHEMA_KEY = int.from_bytes(sha256(b"ledger_state").digest()[:8], "big", signed=True)
_PATIENCE = f"SET LOCAL lock_timeout = {round(TAKE_OVER_SECONDS * 1000)}"
_LOAD = "SELECT checkpoint, size, old_size, old_root, entries FROM ledger_state WHERE origin = %s"
_COMPARE = "SELECT checkpoint FROM ledger_state WHERE origin = %s FOR UPDATE"
_CREATE = """
INSERT INTO ledger_state (checkpoint, size, old_size, old_root, entries, origin)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_REPLACE = """
UPDATE ledger_state SET checkpoint = %s, size = %s, old_size = %s, old_root = %s, entries = %s
WHERE origin = %s
"""
_KEYS = "COPY ledger_keys (origin, key, index, leaf) FROM STDIN"
_KNOWN = "SELECT key, index, leaf FROM ledger_keys WHERE origin = %s AND key = ANY(%s)"


class PostgresLock:
    """A `CheckpointLock` for the log `origin`. `conninfo` is libpq's."""

    def __init__(self, conninfo: str, origin: str) -> None:
        self._conninfo = conninfo
        self._origin = origin
        self._key = int.from_bytes(sha256(origin.encode()).digest()[:8], "big", signed=True)
        self._connection = self._connect()
        with self._connection.transaction():
            # Two sessions that create one table at once disturb each other, IF NOT EXISTS or not.
            self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_KEY,))
            self._connection.execute(_SCHEMA)
        self._owned = False

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        given = conninfo_to_dict(self._conninfo)
        options = f"{_KEEPALIVE} {given.pop('options', '')} {_DURABLE}"  # the last one of each name holds
        words: dict[str, Any] = {**_PATIENT, **given, "options": options}
        return psycopg.connect(autocommit=True, **words)

    def acquire(self) -> None:
        """See `CheckpointLock`. After a lost connection this opens another."""
        if self._connection.closed:
            self._connection, self._owned = self._connect(), False
        if not self._owned:
            try:
                with self._connection.transaction():
                    self._connection.execute(_PATIENCE)
                    self._connection.execute("SELECT pg_advisory_lock(%s)", (self._key,))
            except psycopg.errors.LockNotAvailable:
                raise AnotherSequencer(
                    "secuenciador.otro", self._origin, "ser el único secuenciador", "otro en marcha"
                ) from None
            self._owned = True

    def release(self) -> None:
        """See `CheckpointLock`. Unlocks before it closes: the server notices a closed connection later."""
        with suppress(psycopg.OperationalError):
            if self._owned and not self._connection.closed:
                self._connection.execute("SELECT pg_advisory_unlock(%s)", (self._key,))
        self._owned = False
        self._connection.close()

    def load(self) -> Committed | None:
        """See `CheckpointLock`."""
        row = self._connection.execute(_LOAD, (self._origin,)).fetchone()
        if row is None:
            return None
        entries = decode_bundle(row[4], "lote", most=row[1] - row[2])
        return Committed(row[0], row[1], row[2], row[3], tuple(entries))

    def commit(self, expected: bytes | None, new: Committed, keys: Mapping[bytes, Keyed]) -> None:
        """See `CheckpointLock`."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            self._swap(cursor, expected, new)
            with cursor.copy(_KEYS) as copy:
                for key, keyed in keys.items():
                    copy.write_row((self._origin, key, keyed.index, keyed.leaf))

    def _swap(self, cursor: psycopg.Cursor[tuple[Any, ...]], expected: bytes | None, new: Committed) -> None:
        row = cursor.execute(_COMPARE, (self._origin,)).fetchone()
        entries = encode_bundle(new.entries)
        values = (new.checkpoint, new.size, new.old_size, new.old_root, entries, self._origin)
        if (None if row is None else row[0]) == expected:
            cursor.execute(_CREATE if row is None else _REPLACE, values)
            if cursor.rowcount == 1:
                return
        raise AnotherSequencer(
            "secuenciador.otro", self._origin, "el estado que este secuenciador dejó", "otro más nuevo"
        )

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        """See `CheckpointLock`."""
        rows = self._connection.execute(_KNOWN, (self._origin, list(keys)), binary=True)
        return {key: Keyed(index, leaf) for key, index, leaf in rows}
