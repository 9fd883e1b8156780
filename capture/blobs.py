"""Large sealed bytes by path: bodies of records, packages, documents. A port, a folder, and an object store.

A path is relative, of letters, digits, «-», «_», «.» and «/». What is put is durable when `put` returns.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

import obstore
from obstore.store import ObjectStore

from keys import atomic_file
from keys.errors import Refusal

CHUNK_BYTES = 1024 * 1024
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}"
_PATH = re.compile(rf"{_PART}(/{_PART}){{0,6}}", re.ASCII)


class BlobRefusal(Refusal):
    """Nothing is kept under that path, or the path has another form."""


class Blobs(Protocol):
    """Where blobs are. Errors of the medium are OSError."""

    def put(self, path: str, data: bytes) -> None:
        """Keep bytes; durable when this returns. The same path again is the same or newer bytes."""

    def adopt(self, path: str, file: Path) -> None:
        """Keep a local file that is complete; it is gone from where it was. Durable when this returns."""

    def get(self, path: str) -> bytes:
        """All bytes. Raises BlobRefusal (blob.falta)."""

    def stream(self, path: str) -> Iterator[bytes]:
        """The bytes in chunks. Raises BlobRefusal (blob.falta) before the first."""

    def exists(self, path: str) -> bool:
        """Whether something is kept."""

    def delete(self, path: str) -> None:
        """Keep nothing there any more; nothing happens when nothing was."""


def require_path(path: str) -> str:
    """The path. Raises BlobRefusal (blob.ruta) for one that could leave its folder."""
    if not _PATH.fullmatch(path):
        raise BlobRefusal("blob.ruta", "almacén", "letras, cifras, guiones, puntos y diagonales", path)
    return path


def missing(path: str) -> BlobRefusal:
    """The refusal for a path without anything."""
    return BlobRefusal("blob.falta", path, "un objeto", "ninguno")


class FolderBlobs:
    """Files below a folder. Partial files lie in `<root>/.parciales`, on the same medium.

    The group may read and write them, as far as the umask lets it: who receives and who processes are
    different users of the system. A file that is adopted keeps its mode.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._unfinished = self._root / ".parciales"
        self._unfinished.mkdir(parents=True, exist_ok=True)

    @property
    def unfinished(self) -> Path:
        """Where whoever adopts a file may write it first."""
        return self._unfinished

    def put(self, path: str, data: bytes) -> None:
        """See `Blobs`."""
        target = self._made(path)
        atomic_file.replace(target, data, atomic_file.SHARED, self._unfinished)

    def adopt(self, path: str, file: Path) -> None:
        """See `Blobs`. The file's bytes must have been fsynced by who wrote them."""
        target = self._made(path)
        file.replace(target)
        atomic_file.sync_folder(target.parent)

    def get(self, path: str) -> bytes:
        """See `Blobs`."""
        try:
            return self._at(path).read_bytes()
        except FileNotFoundError:
            raise missing(path) from None

    def stream(self, path: str) -> Iterator[bytes]:
        """See `Blobs`."""
        try:
            file = self._at(path).open("rb")
        except FileNotFoundError:
            raise missing(path) from None
        return _chunks(file)

    def exists(self, path: str) -> bool:
        """See `Blobs`."""
        return self._at(path).is_file()

    def delete(self, path: str) -> None:
        """See `Blobs`."""
        target = self._at(path)
        target.unlink(missing_ok=True)
        if target.parent.is_dir():
            atomic_file.sync_folder(target.parent)

    def _at(self, path: str) -> Path:
        return self._root / require_path(path)

    def _made(self, path: str) -> Path:
        target = self._at(path)
        folder = target.parent
        if not folder.is_dir():
            new = [p for p in (folder, *folder.parents) if not p.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            for made in new:
                atomic_file.sync_folder(made.parent)
        return target


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


class ObjectBlobs:
    """Objects in S3, GCS, Azure and others. For a folder use `FolderBlobs`: obstore does not fsync."""

    def __init__(self, store: ObjectStore, prefix: str = "") -> None:
        self._store = store
        self._prefix = prefix

    def put(self, path: str, data: bytes) -> None:
        """See `Blobs`."""
        obstore.put(self._store, self._key(path), data)

    def adopt(self, path: str, file: Path) -> None:
        """See `Blobs`. Large files go up in parts."""
        with file.open("rb") as source:
            obstore.put(self._store, self._key(path), source)
        with suppress(OSError):
            file.unlink()

    def get(self, path: str) -> bytes:
        """See `Blobs`."""
        try:
            return bytes(obstore.get(self._store, self._key(path)).bytes())
        except FileNotFoundError:
            raise missing(path) from None

    def stream(self, path: str) -> Iterator[bytes]:
        """See `Blobs`."""
        try:
            found = obstore.get(self._store, self._key(path))
        except FileNotFoundError:
            raise missing(path) from None
        return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK_BYTES))

    def exists(self, path: str) -> bool:
        """See `Blobs`."""
        try:
            obstore.head(self._store, self._key(path))
        except FileNotFoundError:
            return False
        return True

    def delete(self, path: str) -> None:
        """See `Blobs`."""
        with suppress(FileNotFoundError):
            obstore.delete(self._store, self._key(path))

    def _key(self, path: str) -> str:
        return self._prefix + require_path(path)


def sync_file(descriptor: int) -> None:
    """Make what was written to a partial file durable, before it is adopted."""
    os.fsync(descriptor)
