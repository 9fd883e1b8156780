"""A tar written piece by piece, the same bytes for the same content: no owners, one date. Pure."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from capture.results.errors import PackageRefusal

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)


@dataclass(frozen=True, slots=True)
class Part:
    """A file: its path, its size in bytes and its content in pieces."""

    path: str
    size: int
    chunks: Iterable[bytes]


def whole(path: str, data: bytes) -> Part:
    """A file that is in memory."""
    return Part(path, len(data), (data,))


def header(path: str, size: int, moment: datetime) -> bytes:
    """The block before a file; long paths and sizes in GNU's form, which every tar reads."""
    info = tarfile.TarInfo(path)
    info.size, info.mtime, info.mode = size, int(moment.timestamp()), 0o644
    return info.tobuf(tarfile.GNU_FORMAT)


def content(part: Part) -> Iterator[bytes]:
    """The pieces of a file, counted. Raises PackageRefusal when they are not of the size announced."""
    total = 0
    for chunk in part.chunks:
        total += len(chunk)
        yield chunk
    if total != part.size:
        raise PackageRefusal("paquete.tamano", part.path, part.size, total)


def padding(size: int) -> bytes:
    """The zeros after a file of that size."""
    return bytes(-size % _BLOCK)


def end() -> bytes:
    """The end of the archive."""
    return _END
