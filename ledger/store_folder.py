"""Tile storage in a folder that any web server can serve as it is.

A file appears whole or not at all: it is written and fsynced in a folder beside `root`, linked to its name
without ever replacing another, and then the folders that changed are fsynced, once for each batch. Beside, so
that a folder that is published holds nothing but the log, whatever a crash left. A folder that was there
before this process is fsynced with its parents when it is first written to: a crash may have left its name in
memory only.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path, PurePosixPath

from ledger.errors import StorageRefusal

_TEMPORARY = ".{}.tmp"
_MODE = 0o644
_LIFE = secrets.token_hex(4)
"""Tells this process from an earlier one of the same number."""
_COUNT = count(1)


class FolderStorage:
    """A `TileStorage` below `root`, for any number of readers and one writer."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._temporary = self._root.with_name(_TEMPORARY.format(self._root.name))
        self._prepared = False
        self._durable = {folder for folder in self._root.parents if folder.is_dir()}

    def put(self, files: Mapping[str, bytes]) -> None:
        """See `TileStorage`. Raises OSError when the disk does."""
        changed: dict[Path, None] = {}
        for path, data in files.items():
            target = self._path(path)
            self._make_folder(target.parent, changed)
            self._create(target, path, data)
            changed[target.parent] = None
        for folder in changed:
            _sync_folder(folder)
        self._durable |= changed.keys()

    def put_checkpoint(self, path: str, data: bytes) -> None:
        """See `TileStorage`. Raises OSError, and then what was there stays."""
        self._replace(path, data, lambda: None)

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        """See `TileStorage`. Raises OSError, and then what was there stays."""

        def require_old() -> None:
            if self.get(path) != old:
                raise StorageRefusal("almacen.cambio", path, "los bytes que se leyeron", "otros más nuevos")

        self._replace(path, new, require_old)

    def get(self, path: str) -> bytes:
        """See `TileStorage`."""
        try:
            return self._path(path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise StorageRefusal("almacen.falta", path, "un archivo", "ninguno") from None

    def delete(self, paths: Sequence[str]) -> None:
        """See `TileStorage`. A folder that is left empty is removed too."""
        for target in map(self._path, paths):
            with suppress(OSError):
                target.unlink(missing_ok=True)
                target.parent.rmdir()  # refused while anything is in it
                self._durable.discard(target.parent)

    def _replace(self, path: str, data: bytes, require: Callable[[], None]) -> None:
        """Whoever replaces takes turns with all others, of other processes too, from `require` on."""
        target = self._path(path)
        temporary = self._write(data)
        try:
            with _turn(self._temporary):
                require()
                temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def _path(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or any(part.startswith((".", "/")) for part in parts):
            raise StorageRefusal("almacen.ruta", "ruta", "una ruta dentro de la bitácora", path)
        return self._root.joinpath(*parts)

    def _make_folder(self, folder: Path, changed: dict[Path, None]) -> None:
        """Make the folder and its parents; those whose names may not be on the disk yet go to `changed`."""
        missing = []
        while folder not in self._durable:
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir(exist_ok=True)
            changed[new.parent] = None

    def _create(self, target: Path, path: str, data: bytes) -> None:
        if not _same(target, path, data):
            temporary = self._write(data)
            try:
                target.hardlink_to(temporary)
            except FileExistsError:
                _same(target, path, data)
            except OSError:
                # No hard links here. The log has one writer, which just saw that the name is free.
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)

    def _prepare(self) -> None:
        """Before the first write: remove what processes that are gone left half written."""
        self._root.mkdir(parents=True, exist_ok=True)
        self._temporary.mkdir(exist_ok=True)
        _sync_folder(self._root.parent)
        for left in self._temporary.iterdir():
            if not _is_in_use(left.name):
                left.unlink(missing_ok=True)

    def _write(self, data: bytes) -> Path:
        if not self._prepared:
            self._prepare()
            self._prepared = True
        temporary = self._temporary / f"{os.getpid()}-{_LIFE}-{next(_COUNT)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        return temporary


def _same(target: Path, path: str, data: bytes) -> bool:
    """Whether the resource exists, with these bytes. Raises StorageRefusal when it has others."""
    try:
        found = target.read_bytes()
    except FileNotFoundError:
        return False
    if found != data:
        raise StorageRefusal(
            "almacen.distinto", path, "los mismos bytes que antes", f"otros {len(found)} bytes"
        )
    return True


def _is_in_use(temporary: str) -> bool:
    """Whether the process that gave a temporary file its name may still be writing it."""
    number, _, rest = temporary.partition("-")
    if not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return rest.startswith(f"{_LIFE}-")
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time, among all processes that replace a file of this log."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
