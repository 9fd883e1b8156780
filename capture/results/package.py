"""One archive out of parts, made as a stream and encrypted: never whole in memory, nor in clear on a disk.

Files are in order of their paths; manifest, note and SHA256SUMS come last, because only then their content is
known.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from capture.results import manifest, tar
from capture.results.manifest import Entry, Head
from capture.results.spool import Spool
from capture.results.tar import Part, whole
from keys.recipients.recipient import Recipient
from ledger.note import Signer


@dataclass(frozen=True, slots=True)
class Made:
    """A package: SHA-256 in hexadecimal of its manifest and of the encrypted file, bytes of the latter."""

    manifest: str
    sealed: str
    size: int


@dataclass(frozen=True, slots=True)
class Packing:
    """How an archive is named, dated and signed. `folder`: the one folder that it opens to."""

    folder: str
    head: Head
    moment: datetime
    signer: Signer


class Packer:
    """Makes one archive."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self.manifest = ""
        """SHA-256 of the manifest, once all chunks were taken."""

    def chunks(self, parts: Iterable[Part]) -> Generator[bytes, None, None]:
        """The whole tar. Raises PackageRefusal for parts out of order or of another size than announced."""
        with Spool() as listing, Spool() as sums:
            listing.write(self._packing.head.line())
            last = ""
            for part in parts:
                digest = yield from self._file(part, sums)
                listing.write(manifest.entry_line(Entry(part.path, digest, part.size), last))
                last = part.path
            listing.write(manifest.LAST)
            self.manifest = yield from self._file(spooled(manifest.NAME, listing), sums)
            note = manifest.sign(self._packing.head, self.manifest, self._packing.signer)
            yield from self._file(whole(manifest.NOTE, note), sums)
            yield from self._file(spooled(manifest.SUMS, sums), None)
        yield tar.end()

    def _file(self, part: Part, sums: Spool | None) -> Generator[bytes, None, str]:
        digest = hashlib.sha256()
        yield tar.header(f"{self._packing.folder}/{part.path}", part.size, self._packing.moment)
        for chunk in tar.content(part):
            digest.update(chunk)
            yield chunk
        yield tar.padding(part.size)
        if sums is not None:
            sums.write(f"{digest.hexdigest()}  {part.path}\n".encode())
        return digest.hexdigest()


def spooled(path: str, spool: Spool) -> Part:
    """A file that waits in a spool."""
    return Part(path, spool.size, spool.chunks())


class _Reader(io.RawIOBase):
    """What is made piece by piece, as encryption reads it. `error`: why it could not be made."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""
        self.error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            if (more := self._next()) is None:
                return 0
            self._rest = more
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next(self) -> bytes | None:
        try:
            return next(self._chunks, None)
        except Exception as error:
            self.error = error
            raise


class _Hashing(io.RawIOBase):
    """Passes on what is written, and knows its hash. `error`: why it could not be written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.digest = hashlib.sha256()
        self.size = 0
        self.error: Exception | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        try:
            self._target.write(data)
        except Exception as error:
            self.error = error
            raise
        self.digest.update(data)
        self.size += len(data)
        return len(data)


def seal(packing: Packing, parts: Iterable[Part], recipient: Recipient, target: BinaryIO) -> Made:
    """Make the archive and write it, encrypted. Raises what making a part raises, and OSError."""
    packer, sealed = Packer(packing), _Hashing(target)
    with closing(packer.chunks(parts)) as chunks:
        reader = _Reader(chunks)
        try:
            recipient.encrypt(io.BufferedReader(reader, 1 << 16), sealed)  # type: ignore[arg-type]
        except Exception:
            # age turns whatever a stream raises into an error of its own; the true one is this.
            if (error := reader.error or sealed.error) is not None:
                raise error from None
            raise
    return Made(packer.manifest, sealed.digest.hexdigest(), sealed.size)
