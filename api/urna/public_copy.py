"""A copy of a public folder as an archive (tar), made while it is sent: first the urns, then the log."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

CHUNK = 256 * 1024


def copy_of(root: Path) -> Iterator[bytes]:
    """The bytes of the archive. Files that grow meanwhile are copied as long as they were when begun.

    What is being written, in folders whose names begin with a dot, is no part of the record.
    """
    for path in sorted(root.rglob("*"), key=lambda p: (_is_log(root, p), p)):
        inside = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield from _member(path, inside.as_posix())
    yield bytes(2 * tarfile.BLOCKSIZE)


def _is_log(root: Path, path: Path) -> bool:
    """docs/formats.md: a mirror copies `urna/` first and `log/` after it."""
    return path.relative_to(root).parts[0] == "log"


def _member(path: Path, name: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        size = path.stat().st_size
        info = tarfile.TarInfo(name)
        info.size = size
        yield info.tobuf(tarfile.USTAR_FORMAT)
        left = size
        while left:
            block = file.read(min(CHUNK, left))
            if not block:
                block = bytes(left)
            left -= len(block)
            yield block
    yield bytes(-size % tarfile.BLOCKSIZE)
