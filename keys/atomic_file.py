"""Files that are written whole or not at all, whatever happens to the machine in between.

Order of a write: temporary file in the same folder, fsync, rename over the name, fsync of the folder.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644
SHARED = 0o660
"""For processes of one service under several users of the system; what the umask denies stays denied."""


def replace(path: Path, data: bytes, mode: int = PUBLIC, unfinished: Path | None = None) -> None:
    """Write `data`; a file of that name is replaced. Raises OSError and leaves what was there.

    `unfinished`: the folder, on the same medium, where the temporary file lies instead of beside `path`.
    """
    temporary = _write_temporary(path, data, mode, unfinished)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def create(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write `data` under a name that is free. Raises FileExistsError when it is taken."""
    temporary = _write_temporary(path, data, mode)
    try:
        _take_name(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _take_name(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # FAT, as on most sticks, has no hard links: look, then rename. Whole or not at all, still.
        if path.exists():
            raise FileExistsError(path) from None
        temporary.replace(path)


def _write_temporary(path: Path, data: bytes, mode: int, unfinished: Path | None = None) -> Path:
    temporary = (unfinished or path.parent) / f".{path.name}.{secrets.token_hex(8)}.tmp"
    try:
        if unfinished is not None:
            unfinished.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        # A full disk names no file, and a temporary name tells the person nothing.
        error.filename = str(path)
        raise
    return temporary


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows cannot open a folder; the rename itself is then all there is.
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
