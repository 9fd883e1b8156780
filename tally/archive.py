"""The `.bel` file: an append-only old-style tar of data and events (Belenios specification, "Public data").

Every member is named by the SHA-256 of its content. One spelling of each header: the one that
belenios-tool writes. There is no end-of-archive mark, so that appending is all that ever happens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from keys import canonical
from keys.errors import FormatRefusal

BLOCK = 512
HEADER_NAME = "BELENIOS"
MAX_MEMBER_BYTES = 64 * 2**20
VERSION = 1

Kind = Literal["header", "data", "event"]
_SUFFIX: dict[Kind, str] = {"data": ".data.json", "event": ".event.json"}


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its kind, the SHA-256 of its content (empty for the header), content and place in bytes."""

    kind: Kind
    hash: str
    content: bytes
    offset: int
    timestamp: int

    @property
    def end(self) -> int:
        """Offset just after the member."""
        return self.offset + BLOCK + padded(len(self.content))


def padded(size: int) -> int:
    """`size` rounded up to whole blocks."""
    return -(-size // BLOCK) * BLOCK


def sha256(content: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def pack(kind: Kind, content: bytes, timestamp: int) -> bytes:
    """The blocks of one member. `timestamp`: POSIX seconds."""
    name = HEADER_NAME if kind == "header" else sha256(content) + _SUFFIX[kind]
    return tar_header(name, len(content), timestamp) + content.ljust(padded(len(content)), b"\0")


def header(timestamp: int) -> bytes:
    """The first member of an archive that begins at `timestamp`."""
    return pack(
        "header", canonical.encode_bytes({"version": VERSION, "timestamp": str(timestamp)}), timestamp
    )


def tar_header(name: str, size: int, timestamp: int) -> bytes:
    """One 512-byte header block, mode 0644, owner 0."""
    fields = b"".join(
        (
            name.encode("ascii").ljust(100, b"\0"),
            b"0000644\0",
            b"0000000\0",
            b"0000000\0",
            b"%011o\0" % size,
            b"%011o\0" % timestamp,
        )
    )
    tail = b"0".ljust(BLOCK - len(fields) - 8, b"\0")
    # The checksum is computed with its own field full of spaces.
    checksum = sum(fields) + sum(tail) + 8 * ord(" ")
    return fields + b"%06o\0 " % checksum + tail


def members(stream: BinaryIO, place: str, offset: int = 0) -> Iterator[Member]:
    """All members from `offset` on, strictly. Raises FormatRefusal, with the byte, at the first flaw.

    All carry the same time: Belenios writes the one of the first member everywhere.
    """
    stream.seek(offset)
    common: int | None = None
    while block := stream.read(BLOCK):
        where = f"{place}, byte {offset}"
        if len(block) != BLOCK:
            raise FormatRefusal("archivo.truncado", where, f"{BLOCK} bytes", f"{len(block)} bytes")
        name, size, timestamp = _read_header(block, where)
        common = timestamp if common is None else common
        if timestamp != common:
            raise FormatRefusal("archivo.encabezado", where, f"la hora {common}", timestamp)
        body = stream.read(padded(size))
        if len(body) != padded(size):
            raise FormatRefusal("archivo.truncado", where, f"{padded(size)} bytes", f"{len(body)} bytes")
        content = body[:size]
        if any(body[size:]):
            raise FormatRefusal("archivo.relleno", where, "relleno de ceros", "otros bytes")
        yield _member(name, content, offset, timestamp, where)
        offset += BLOCK + len(body)


def _read_header(block: bytes, where: str) -> tuple[str, int, int]:
    """Name, size and time of a header block that is exactly as `tar_header` writes it."""
    try:
        name = block[:100].rstrip(b"\0").decode("ascii")
        size, timestamp = int(block[124:135], 8), int(block[136:147], 8)
        expected = tar_header(name, size, timestamp)
    except ValueError:
        raise FormatRefusal("archivo.encabezado", where, "un encabezado tar", "otros bytes") from None
    if expected != block:
        at = next(i for i, (a, b) in enumerate(zip(block, expected, strict=True)) if a != b)
        raise FormatRefusal(
            "archivo.encabezado", f"{where} + {at}", expected[at : at + 8].hex(), block[at : at + 8].hex()
        )
    if size > MAX_MEMBER_BYTES:
        raise FormatRefusal("archivo.tamano", where, f"a lo más {MAX_MEMBER_BYTES} bytes", size)
    return name, size, timestamp


def _member(name: str, content: bytes, offset: int, timestamp: int, where: str) -> Member:
    if (offset == 0) != (name == HEADER_NAME):
        raise FormatRefusal("archivo.nombre", where, "BELENIOS al principio y sólo ahí", name)
    if offset == 0:
        _require_header(content, timestamp, where)
        return Member("header", "", content, 0, timestamp)
    digest = sha256(content)
    for kind, suffix in _SUFFIX.items():
        if name == digest + suffix:
            return Member(kind, digest, content, offset, timestamp)
    raise FormatRefusal("archivo.nombre", where, f"{digest}.data.json o .event.json", name)


def _require_header(content: bytes, timestamp: int, where: str) -> None:
    """The content of the first member; its time is that of its tar header."""
    fields = canonical.record(canonical.parse(content, where), where, ("version", "timestamp"))
    expected = {"version": VERSION, "timestamp": str(timestamp)}
    if fields != expected:
        raise FormatRefusal(
            "archivo.version", where, f"versión {VERSION} y la hora {timestamp}", content.decode()
        )
    canonical.require_same(content, canonical.encode(expected), where)
