"""Decrypting a package into a folder: as a stream, whole or not at all.

The tar is unpacked while it is decrypted, into a hidden folder. Only when the last byte was authenticated
does it get its name; on any refusal nothing stays.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import IO, BinaryIO, cast

from capture.results.errors import PackageRefusal
from capture.results.manifest import is_path
from keys.atomic_file import sync_folder
from keys.recipients.identity import Identity

UNFINISHED = ".parcial"
_CHUNK_BYTES = 1 << 20
Progress = Callable[[int], None]
"""Called with the bytes of the encrypted file that were read since the last time."""


def open_package(identity: Identity, package: Path, folder: Path, progress: Progress) -> Path:
    """Decrypt `package` to a new folder in `folder` and give its path.

    Raises DecryptionRefusal, PackageRefusal (also when the folder is there already) or OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{package.name}{UNFINISHED}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        with package.open("rb") as source:
            _unpack(identity, cast(BinaryIO, _Counting(source, progress)), unfinished, str(package))
        return _settle(unfinished, folder, str(package))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _settle(unfinished: Path, folder: Path, place: str) -> Path:
    made = list(unfinished.iterdir())
    if len(made) != 1 or not made[0].is_dir():
        raise PackageRefusal("paquete.carpeta", place, "una sola carpeta", f"{len(made)} cosas")
    final = folder / made[0].name
    if final.exists():
        raise PackageRefusal("paquete.existe", str(final), "un nombre libre", "una carpeta de antes")
    made[0].rename(final)
    sync_folder(folder)
    return final


def _unpack(identity: Identity, source: BinaryIO, folder: Path, place: str) -> None:
    readable, writable = os.pipe()
    with os.fdopen(readable, "rb") as reader:
        decryption = _Decryption(identity, source, os.fdopen(writable, "wb"), place)
        decryption.start()
        refused: Exception | None = None
        try:
            _extract(reader, folder, place)
            _drain(reader)
        except (tarfile.TarError, EOFError, ValueError, PackageRefusal) as error:
            refused = error
            _drain(reader)
        decryption.join()
    # A file that was altered is refused as such, whatever the archive in it looked like.
    if decryption.error is not None:
        raise decryption.error
    if isinstance(refused, PackageRefusal):
        raise refused
    if refused is not None:
        raise PackageRefusal("paquete.tar", place, "un archivo tar", "otra cosa")


def _drain(reader: IO[bytes]) -> None:
    """Read on to the end: only there is it known that nothing was altered."""
    while reader.read(_CHUNK_BYTES):
        continue


class _Decryption(Thread):
    """Decrypts into a pipe; `error` is how it went."""

    def __init__(self, identity: Identity, source: BinaryIO, target: BinaryIO, place: str) -> None:
        super().__init__(name="descifrado", daemon=True)
        self._identity, self._source, self._target, self._place = identity, source, target, place
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with self._target as target:
                self._identity.decrypt(self._source, target, self._place)
        except Exception as error:  # noqa: BLE001 - whoever waits for it raises it
            self.error = error


class _Counting:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        data = self._file.read(size)
        self._progress(len(data))
        return data


def _extract(reader: IO[bytes], folder: Path, place: str) -> None:
    with tarfile.open(fileobj=reader, mode="r|") as archive:
        for member in archive:
            if not member.isreg() or not is_path(member.name):
                raise PackageRefusal("paquete.ruta", place, "solo archivos de nombres sencillos", member.name)
            content = archive.extractfile(member)
            if content is None:
                raise PackageRefusal("paquete.tar", place, "un archivo", "nada")
            path = folder / member.name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with path.open("xb") as file:
                shutil.copyfileobj(content, file, _CHUNK_BYTES)
