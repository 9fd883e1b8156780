"""A witness's memory in SQLite: one file, durable at every commit (WAL with full synchronisation).

Never put an old copy of this file back: a witness that forgets may cosign a fork. One that lost its file
must start again under a new name and key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from threading import Lock

from ledger.checkpoint import Checkpoint, SignedCheckpoint, parse_signed
from ledger.sqlite_file import open_durable
from ledger.vkey import VerifierKey, parse_vkey
from ledger.witness import Answer, Decision, Held, Kept, is_impossible

_SCHEMA = """
CREATE TABLE IF NOT EXISTS logs (
    vkey TEXT PRIMARY KEY, origin TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (
    origin TEXT PRIMARY KEY, origin_hash TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY, origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
    text_hash BLOB NOT NULL, note BLOB NOT NULL, seen INTEGER NOT NULL, cosigned INTEGER NOT NULL,
    UNIQUE (origin, text_hash)
) STRICT;
CREATE INDEX IF NOT EXISTS notes_by_size ON notes (origin, size);
"""
_KEEP = """
INSERT INTO notes (origin, size, root, text_hash, note, seen, cosigned) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (origin, text_hash) DO UPDATE SET cosigned = max(cosigned, excluded.cosigned)
"""


def origin_hash(origin: str) -> str:
    """How tlog-witness names a log in a URL: the SHA-256 of its origin in lower-case hexadecimal."""
    return sha256(origin.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A note kept: as the log signed it, when it first came (POSIX seconds) and whether it was cosigned."""

    signed: SignedCheckpoint
    seen: int
    cosigned: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Notes of a log that cannot both be true: two of one size, or one that contradicts itself."""

    notes: tuple[SeenNote, ...]

    @property
    def size(self) -> int:
        """The size at which the histories differ."""
        return self.notes[0].signed.head.size


def conflicts(notes: list[SeenNote]) -> list[Conflict]:
    """What proves misbehaviour: per size, each pair of different roots (one note of each root)."""
    first: dict[tuple[int, bytes], SeenNote] = {}
    for note in notes:
        first.setdefault((note.signed.head.size, note.signed.head.root), note)
    found = [Conflict((note,)) for note in first.values() if is_impossible(note.signed.head)]
    sizes = sorted({size for size, _ in first})
    for size in sizes:
        same = [note for (at, _), note in first.items() if at == size]
        found += [Conflict(pair) for pair in combinations(same, 2)]
    return found


class SqliteWitnessStore:
    """A `WitnessStore`. Threads take turns; other processes may open the same file."""

    def __init__(self, path: Path) -> None:
        self._turn = Lock()
        self._database = open_durable(path, _SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._database.close()

    def add_log(self, origin: str, key: VerifierKey) -> bool:
        """Let `key` sign for `origin` from now on; False when it already could."""
        with self._transaction():
            row = (key.encode(), origin)
            made = self._database.execute("INSERT OR IGNORE INTO logs VALUES (?, ?)", row)
            return made.rowcount == 1

    def origins(self) -> list[str]:
        """The logs this witness follows."""
        with self._turn:
            rows = self._database.execute("SELECT DISTINCT origin FROM logs ORDER BY origin").fetchall()
        return [origin for (origin,) in rows]

    def log_keys(self, origin: str) -> list[VerifierKey]:
        """See `WitnessStore`."""
        with self._turn:
            rows = self._database.execute("SELECT vkey FROM logs WHERE origin = ?", (origin,)).fetchall()
        return [parse_vkey(text) for (text,) in rows]

    def latest(self, origin: str) -> SignedCheckpoint | None:
        """The checkpoint cosigned last, with the cosignatures."""
        data = self.shown(origin_hash(origin))
        return None if data is None else parse_signed(data)

    def shown(self, origin_hash: str) -> bytes | None:
        """See `WitnessStore`."""
        query = "SELECT note FROM latest WHERE origin_hash = ?"
        with self._turn:
            row = self._database.execute(query, (origin_hash,)).fetchone()
        return None if row is None else bytes(row[0])

    def notes(self, origin: str) -> list[SeenNote]:
        """All notes kept of a log, in the order they came."""
        query = "SELECT note, seen, cosigned FROM notes WHERE origin = ? ORDER BY id"
        with self._turn:
            rows = self._database.execute(query, (origin,)).fetchall()
        return [SeenNote(parse_signed(note), seen, bool(cosigned)) for note, seen, cosigned in rows]

    def update(self, head: Checkpoint, decide: Callable[[Held], Decision]) -> Answer:
        """See `WitnessStore`. Raises sqlite3.Error, and then nothing was written."""
        with self._transaction():
            decision = decide(self._held(head))
            if decision.keep is not None:
                self._write(decision.keep)
        return decision.answer

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._turn:
            # IMMEDIATE: the write lock is taken before reading, so no other process can write in between.
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def _held(self, head: Checkpoint) -> Held:
        query = "SELECT root FROM notes WHERE origin = ? AND size = ?"
        roots = frozenset(bytes(row[0]) for row in self._database.execute(query, (head.origin, head.size)))
        query = "SELECT size, root FROM latest WHERE origin = ?"
        row = self._database.execute(query, (head.origin,)).fetchone()
        return Held(roots=roots) if row is None else Held(row[0], bytes(row[1]), roots)

    def _write(self, kept: Kept) -> None:
        head = kept.head
        text_hash = sha256(kept.note.text.encode()).digest()
        cosigned = kept.cosigned is not None
        row = (head.origin, head.size, head.root, text_hash, kept.note.encode(), kept.seen, cosigned)
        self._database.execute(_KEEP, row)
        if kept.cosigned is not None:
            shown = (head.origin, origin_hash(head.origin), head.size, head.root, kept.cosigned.encode())
            self._database.execute("REPLACE INTO latest VALUES (?, ?, ?, ?, ?)", shown)
