"""Archives as files. One writer per file (flock); every return is durable (fsync).

Both ways of adding compare first: the archive must end where the caller read it to. Threads of the one
process that holds the lock take turns.

Commit order of `append`: (1) the blocks are written after the last event, (2) fsync. A crash before
(2) leaves a torn tail of at most one append, which nobody was told about: `FileArchive` moves it to
a file of its own and cuts it at the next opening. A crash leaves an append short or with blocks that
were never written (zeros; no block of an archive is all zeros), and nothing after it. Any other flaw,
or one that is followed by more than one append, is damage: the file is refused, never shortened.

The lock is on the archive itself, so that a public folder holds nothing but archives. `append_atomically`
locks the new file before it takes the name: there is no instant in which the name is free for another writer.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import BinaryIO

from keys import atomic_file
from keys.errors import FormatRefusal
from keys.system_error import reason
from tally.archive import BLOCK, members
from tally.errors import StoreBusy, StoreDamaged, StoreError, StoreMoved
from tally.urna import UrnaRecord

_NAME = re.compile(rb"[0-9a-f]{64}\.(data|event)\.json\0")
# What the end of a file in the middle of an append looks like to its reader.
_SHORT = frozenset({"archivo.truncado", "archivo.sobrante"})
_UNFINISHED = ".nuevo"


def write_atomically(path: Path, data: bytes, unfinished: Path | None = None) -> None:
    """Write a whole file: temporary name, fsync, rename, fsync of the folder. Raises StoreError.

    `unfinished`: where the temporary file lies, and stays after a crash; by default beside `path`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.replace(path, data, unfinished=unfinished)
    except OSError as error:
        raise StoreError(str(path), reason(error)) from error


class FileArchive:
    """One `.bel` file, open for writing. A context manager that holds the lock."""

    def __init__(self, path: Path, aside: Path | None = None) -> None:
        """`aside`: the folder that gets what a crash left torn; by default the archive's own."""
        self._path = path
        self._aside = path.parent if aside is None else aside
        self._lock = _locked(path)
        self._turn = Lock()
        try:
            self._remove_unfinished()
            self._size = self._recovered()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls, path: Path, blocks: bytes, aside: Path | None = None, unfinished: Path | None = None
    ) -> FileArchive:
        """A new archive. Raises StoreError when the file exists. `unfinished`: see write_atomically."""
        if path.exists():
            raise StoreError(str(path), "el archivo ya existe")
        write_atomically(path, blocks, unfinished)
        return cls(path, aside)

    @property
    def size(self) -> int:
        return self._size

    @contextmanager
    def read(self) -> Iterator[BinaryIO]:
        with self._path.open("rb") as stream:
            yield stream

    def append(self, end: int, blocks: bytes) -> None:
        with self._turn:
            self._require_end(end)
            self._append(blocks)

    def append_atomically(self, end: int, blocks: bytes) -> None:
        with self._turn:
            self._require_end(end)
            self._replace(blocks)

    def _require_end(self, end: int) -> None:
        if end != self._size:
            raise StoreMoved(str(self._path), f"se leyó hasta el byte {end} y ahora tiene {self._size}")

    def _append(self, blocks: bytes) -> None:
        try:
            with self._path.open("r+b") as stream:
                stream.seek(self._size)
                stream.truncate()  # What a failed append left when undoing it failed too.
                stream.write(blocks)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            self._undo()
            raise StoreError(str(self._path), reason(error)) from error
        self._size += len(blocks)

    def _replace(self, blocks: bytes) -> None:
        with self._path.open("rb") as stream:
            kept = stream.read(self._size)
        temporary = self._path.with_name(f".{self._path.name}{_UNFINISHED}")
        lock = -1
        try:
            temporary.unlink(missing_ok=True)
            lock = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with os.fdopen(os.dup(lock), "wb") as stream:
                stream.write(kept + blocks)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self._path)
        except OSError as error:
            if lock >= 0:
                os.close(lock)
            temporary.unlink(missing_ok=True)
            raise StoreError(str(self._path), reason(error)) from error
        os.close(self._lock)
        self._lock = lock
        self._size = len(kept) + len(blocks)
        atomic_file.sync_folder(self._path.parent)

    def close(self) -> None:
        """Release the lock."""
        os.close(self._lock)

    def __enter__(self) -> FileArchive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _undo(self) -> None:
        """Forget a failed append. If even this fails, the next opening cuts the torn tail."""
        try:
            os.truncate(self._path, self._size)
        except OSError:
            return

    def _remove_unfinished(self) -> None:
        """What a crash in the middle of `append_atomically` left behind: nobody was told about it."""
        self._path.with_name(f".{self._path.name}{_UNFINISHED}").unlink(missing_ok=True)

    def _recovered(self) -> int:
        """Length up to the last whole event, after cutting a torn tail."""
        good = 0
        record = UrnaRecord(self._path.name)
        with self._path.open("rb") as stream:
            try:
                for member in members(stream, self._path.name):
                    step = record.advance(member)
                    good = good if step is None else step.end
                record.finish()
            except FormatRefusal as flaw:
                stream.seek(good)
                self._cut(good, stream.read(), flaw)
        return good

    def _cut(self, good: int, tail: bytes, flaw: FormatRefusal) -> None:
        if good == 0 or not _torn(tail, flaw):
            raise StoreDamaged(str(self._path), str(flaw)) from flaw
        write_atomically(self._aside / f"{self._path.name}.cola-{good}", tail)
        with self._path.open("r+b") as stream:
            stream.truncate(good)
            stream.flush()
            os.fsync(stream.fileno())


def _torn(tail: bytes, flaw: FormatRefusal) -> bool:
    """Whether a crash in the middle of one append (one datum and its event) explains the tail."""
    blocks = [tail[i : i + BLOCK] for i in range(0, len(tail), BLOCK)]
    names = [match[1] for block in blocks if (match := _NAME.match(block))]
    unwritten = any(len(block) == BLOCK and not any(block) for block in blocks)
    one_append = names in ([], [b"data"], [b"event"], [b"data", b"event"])
    return one_append and (unwritten or flaw.rule in _SHORT)


def _locked(path: Path) -> int:
    """A descriptor that holds the lock of the file that has the name now. Raises StoreBusy, StoreError."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR)
        except OSError as error:
            raise StoreError(str(path), reason(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            current = path.stat().st_ino == os.fstat(handle).st_ino
        except OSError:
            os.close(handle)
            raise StoreBusy(str(path), "otro proceso está escribiendo esta urna") from None
        if current:
            return handle
        os.close(handle)  # Replaced between opening and locking: take the new one.
