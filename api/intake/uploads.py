"""Uploads that are not complete: one file of bytes and one of the envelope for each, in a folder per device.

They survive a restart: what counts is the length of the file, and its hash is computed again when it is
needed. Two requests never write one upload at the same time, whatever process they are in (flock), and what
was locked is what the path still names: a file that was given up meanwhile is nobody's.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from capture.intake.errors import IntakeRefusal
from capture.packet.envelope import Envelope, parse_envelope
from capture.packet.errors import PacketRefusal
from keys import atomic_file

_BYTES, _ENVELOPE = ".parcial", ".sobre"
_CHUNK = 1024 * 1024
_NAME = re.compile(r"([0-9a-f-]{36})\.([0-9a-f-]{36}\.[0-9a-f]{16})", re.ASCII)
MAX_NAME_CHARS = 90


class UnknownUpload(IntakeRefusal):
    """There is no such upload: it was finished, given up, or never begun."""


class UploadBusy(IntakeRefusal):
    """Another request is writing it."""


class TooManyUploads(IntakeRefusal):
    """The device began as many as it may have at a time, and completed none of them."""

    seconds = 3600
    """After which it may try again, if it does not go on with those it has."""


class Uploads:
    """All of one service, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, envelope: Envelope) -> str:
        """Keep the envelope; the name of the upload, the same one for the same folio and body."""
        name = name_of(envelope)
        path = self._made(name, _ENVELOPE)
        if not path.exists():
            atomic_file.replace(path, envelope.encode(), atomic_file.PRIVATE)
        return name

    def require_room(self, envelope: Envelope, most: int) -> None:
        """Refuse one more upload of a device that has so many. Raises TooManyUploads."""
        mine = self._path(name_of(envelope), _BYTES)
        with suppress(FileNotFoundError):
            begun = {file.stem for file in mine.parent.iterdir()}
            if len(begun) >= most and mine.stem not in begun:
                expected = f"a lo más {most} cargas sin completar"
                raise TooManyUploads("carga.demasiadas", "dispositivo", expected, f"{len(begun)}")

    def envelope(self, name: str) -> Envelope:
        """The envelope of an upload. Raises UnknownUpload."""
        try:
            return parse_envelope(self._path(name, _ENVELOPE).read_bytes())
        except FileNotFoundError:
            raise unknown(name) from None

    def offset(self, name: str) -> int:
        """How many bytes are there."""
        with suppress(FileNotFoundError):
            return self._path(name, _BYTES).stat().st_size
        return 0

    @contextmanager
    def writing(self, name: str) -> Iterator[PartialFile]:
        """Write to the end of an upload. Raises UploadBusy."""
        path = self._made(name, _BYTES)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, atomic_file.SHARED)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            _lock(file, path, name)
            yield PartialFile(path, file)

    def forget(self, name: str) -> None:
        """Remove what is left of an upload that nobody writes, or that the caller is writing."""
        for suffix in (_BYTES, _ENVELOPE):
            self._path(name, suffix).unlink(missing_ok=True)

    def received(self, name: str) -> None:
        """The bytes took their place: what is left is the envelope. Another request of the same packet may
        have begun meanwhile; its bytes are not touched."""
        self._path(name, _ENVELOPE).unlink(missing_ok=True)

    def give_up(self, name: str) -> None:
        """Remove an upload. Raises UploadBusy while somebody writes it."""
        with self.writing(name):
            self.forget(name)

    def _path(self, name: str, suffix: str) -> Path:
        """Where a file of an upload is, whatever somebody calls it. Raises UnknownUpload."""
        parts = _NAME.fullmatch(name)
        if parts is None:
            raise unknown(name)
        return self._folder / parts[1] / f"{parts[2]}{suffix}"

    def _made(self, name: str, suffix: str) -> Path:
        path = self._path(name, suffix)
        path.parent.mkdir(exist_ok=True)
        return path

    def sweep(self, hours: float) -> int:
        """Forget uploads that nobody went on with for so long; how many files they were."""
        before, swept = time.time() - hours * 3600, 0
        for path in self._folder.glob("*/*"):
            with suppress(FileNotFoundError):
                if path.suffix in (_BYTES, _ENVELOPE) and path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        return swept


class PartialFile:
    """The bytes of an upload, open at their end, with their running hash."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self._hash = sha256()
        self.size = 0
        while chunk := file.read(_CHUNK):
            self._hash.update(chunk)
            self.size += len(chunk)

    def write(self, data: bytes | bytearray) -> None:
        """Append. Raises OSError, and then the file may hold part of it: the offset tells."""
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._hash.update(data)
        self.size += len(data)

    def finish(self, envelope: Envelope) -> None:
        """Make it durable and hold it to its envelope. Raises PacketRefusal (paquete.sha256)."""
        if self._hash.digest() != envelope.sha256:
            expected, got = envelope.sha256.hex(), self._hash.hexdigest()
            raise PacketRefusal("paquete.sha256", f"cuerpo de {envelope.folio}", expected, got)
        os.fsync(self._file.fileno())


def name_of(envelope: Envelope) -> str:
    """What an upload is called: the same for the same device, folio and body."""
    return f"{envelope.dispositivo}.{envelope.folio}.{envelope.sha256.hex()[:16]}"


def unknown(name: str) -> UnknownUpload:
    """The refusal for an upload that is not there."""
    return UnknownUpload("carga.desconocida", "carga", "una carga comenzada", name)


def _lock(file: BinaryIO, path: Path, name: str) -> None:
    """Be the only one who writes what is at the path. Raises UploadBusy."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return
    except (BlockingIOError, FileNotFoundError):
        pass
    raise UploadBusy("carga.ocupada", f"carga {name}", "una sola escritura a la vez", "otra en curso")
