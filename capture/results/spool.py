"""A temporary file that only this object can read: what waits on the disk is encrypted with a key in memory.

Names and claves de elector of a whole process pass through here; they must not lie on a disk in clear, not
even for the minutes that a package takes (APO-14).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

CHUNK_BYTES = 1 << 16


class Spool:
    """Write everything, then read it once from the beginning. The key is used for this one file."""

    def __init__(self) -> None:
        self._cipher = Cipher(AES(os.urandom(32)), CTR(bytes(16)))
        self._sealer = self._cipher.encryptor()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self.size = 0
        """Bytes written."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget the file and the key."""
        self._file.close()

    def write(self, data: bytes) -> int:
        """Append."""
        view = memoryview(data).cast("B")
        self._file.write(self._sealer.update(view))
        self.size += len(view)
        return len(view)

    def chunks(self) -> Iterator[bytes]:
        """What was written, in pieces of CHUNK_BYTES."""
        self._file.seek(0)
        opener = self._cipher.decryptor()
        while piece := self._file.read(CHUNK_BYTES):
            yield opener.update(piece)
