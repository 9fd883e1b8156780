"""The container: an old-style tar, byte by byte (specification, «Public data»).

Belenios writes every header from three values only (name, size, timestamp of the archive), and its own
verifier refuses an archive that differs from what it would write itself. So a header is not interpreted but
rebuilt and compared: no field is left where anything could hide.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS

BLOCK = 512
_NAME = re.compile(rb"([0-9a-f]{64})\.(data|event)\.json")
_SIZE = re.compile(rb"([0-7]{11})\0")
_HEADER = re.compile(rb'\{"version":1,"timestamp":("?)(0|[1-9][0-9]{0,9})\1\}')
_PIECE = 2**20
_CHECKSUM = slice(148, 156)
_LARGEST_TIME = 8**11 - 1


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: `kind` data or event, SHA-256 of its content, where its content lies."""

    kind: str
    digest: str
    offset: int
    size: int

    @property
    def end(self) -> int:
        """Offset just after the member and its padding."""
        return self.offset + self.size + -self.size % BLOCK


def tar_header(name: bytes, size: int, timestamp: int) -> bytes:
    """The 512 bytes that Belenios writes before a member."""
    block = bytearray(BLOCK)
    block[: len(name)] = name
    block[100:124] = b"0000644\x000000000\x000000000\x00"
    block[124:148] = b"%011o\x00%011o\x00" % (size, timestamp)
    block[156:157] = b"0"
    block[_CHECKSUM] = b"        "
    block[_CHECKSUM] = b"%06o\x00 " % sum(block)
    return bytes(block)


class Archive:
    """Reads an archive from start to end, one member at a time, in constant memory.

    With `mark` it also hashes what it reads: `marked` is the SHA-256 of the first `mark` bytes, once read.
    """

    def __init__(self, file: BinaryIO, size: int, mark: int | None = None) -> None:
        self._file = file
        self._size = size
        self._seen = None if mark is None else hashlib.sha256()
        self._mark = mark
        self.marked: str | None = None
        self.position = 0
        self.timestamp = 0

    @property
    def digest(self) -> str | None:
        """SHA-256 of everything read so far."""
        return None if self._seen is None else self._seen.hexdigest()

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return self._size - self.position

    def members(self) -> Iterator[Member]:
        """Checked members after the header one. Raises Failure where the container breaks."""
        self._start()
        while self.position < self._size:
            yield self._member()

    def read(self, member: Member, limit: int, place: str) -> bytes:
        """Content of a member already passed."""
        if member.size > limit:
            raise Failure("archivo-tamano", place, f"{limit} bytes como máximo", member.size)
        self._file.seek(member.offset)
        data = self._file.read(member.size)
        self._file.seek(self.position)
        return data

    def _start(self) -> None:
        if self._size == 0:
            raise Failure("archivo-truncado", "byte 0", "miembro BELENIOS", "archivo vacío")
        block = self._take(BLOCK)
        size = self._sized(block, LIMITS.header)
        content = self._take(size)
        match = _HEADER.fullmatch(content)
        if not match or int(match[2]) > _LARGEST_TIME:
            raise Failure(
                "archivo-inicio",
                "BELENIOS",
                '{"version":1,"timestamp":"…"}',
                content.decode("utf-8", "replace"),
            )
        self.timestamp = int(match[2])
        self._compare(block, b"BELENIOS", size)
        self._padding(size)

    def _member(self) -> Member:
        block = self._take(BLOCK)
        if not any(block):
            raise Failure(
                "archivo-sobrante", f"byte {self.position - BLOCK}", "un miembro", "bloque de ceros"
            )
        name = block[:100].rstrip(b"\0")
        match = _NAME.fullmatch(name)
        if not match:
            at = f"byte {self.position - BLOCK}"
            raise Failure("archivo-nombre", at, "<sha256>.data.json o .event.json", name.decode("latin-1"))
        kind = match[2].decode()
        size = self._sized(block, LIMITS.event if kind == "event" else LIMITS.data)
        self._compare(block, name, size)
        member = Member(kind, match[1].decode(), self.position, size)
        if (digest := self._digest(size)) != member.digest:
            raise Failure("archivo-hash", f"byte {member.offset}", member.digest, digest)
        self._padding(size)
        return member

    def _sized(self, block: bytes, limit: int) -> int:
        match = _SIZE.fullmatch(block[124:136])
        if not match:
            raise self._bad_header("tamaño octal", block[124:136])
        size = int(match[1], 8)
        if size > limit:
            raise Failure("archivo-tamano", f"byte {self.position}", f"{limit} bytes como máximo", size)
        return size

    def _compare(self, block: bytes, name: bytes, size: int) -> None:
        expected = tar_header(name, size, self.timestamp)
        if block == expected:
            return
        if block[:148] == expected[:148] and block[156:] == expected[156:]:
            raise Failure("archivo-suma", name.decode(), repr(expected[_CHECKSUM]), repr(block[_CHECKSUM]))
        at = next(i for i, (a, b) in enumerate(zip(expected, block, strict=True)) if a != b)
        raise Failure(
            "archivo-encabezado", f"{name.decode()}, byte {at}", expected[at : at + 12], block[at : at + 12]
        )

    def _bad_header(self, expected: str, got: bytes) -> Failure:
        return Failure("archivo-encabezado", f"byte {self.position - BLOCK}", expected, got)

    def _digest(self, size: int) -> str:
        if size <= _PIECE:
            return hashlib.sha256(self._take(size)).hexdigest()
        state = hashlib.sha256()
        while size:
            state.update(self._take(min(size, _PIECE)))
            size -= min(size, _PIECE)
        return state.hexdigest()

    def _padding(self, size: int) -> None:
        if any(self._take(-size % BLOCK)):
            raise Failure("archivo-relleno", f"byte {self.position}", "ceros", "otros bytes")

    def _take(self, size: int) -> bytes:
        if self.position + size > self._size:
            raise Failure(
                "archivo-truncado", f"byte {self.position}", f"{size} bytes más", self._size - self.position
            )
        data = self._file.read(size)
        if len(data) != size:
            raise Failure("archivo-truncado", f"byte {self.position}", f"{size} bytes más", len(data))
        self.position += size
        if self._seen is not None:
            self._seen.update(data)
            if self.position == self._mark:
                self.marked = self._seen.hexdigest()
        return data
