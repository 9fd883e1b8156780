"""Messages over a pipe: how many parts, then each one with its length. Four bytes each, big-endian."""

from __future__ import annotations

import os
import select
from collections.abc import Sequence
from time import monotonic

MAX_PARTS = 16
_CHUNK = 1 << 16


class Garbage(ValueError):  # noqa: N818 - what came is garbage
    """What came is no message."""


def encode(parts: Sequence[bytes]) -> bytes:
    """The bytes of a message."""
    pieces = [len(parts).to_bytes(4, "big")]
    for part in parts:
        pieces += [len(part).to_bytes(4, "big"), part]
    return b"".join(pieces)


class Incoming:
    """Takes bytes as they come until a message of at most `most` bytes is whole."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._data = bytearray()

    def feed(self, data: bytes) -> list[bytes] | None:
        """The parts, once they are all there. Raises Garbage: too many, too long, or more."""
        self._data += data
        if len(self._data) > self._most + 4 * (MAX_PARTS + 1):
            raise Garbage("demasiado")
        return self._parts()

    def _parts(self) -> list[bytes] | None:
        if len(self._data) < 4:
            return None
        count, at, parts = self._number(0), 4, list[bytes]()
        if not 1 <= count <= MAX_PARTS:
            raise Garbage("partes")
        for _ in range(count):
            if len(self._data) < at + 4:
                return None
            length = self._number(at)
            if length > self._most:
                raise Garbage("largo")
            if len(self._data) < at + 4 + length:
                return None
            parts.append(bytes(self._data[at + 4 : at + 4 + length]))
            at += 4 + length
        if len(self._data) > at:
            raise Garbage("de más")
        return parts

    def _number(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "big")


def send(fd: int, data: bytes, until: float) -> None:
    """Write it all to a pipe that does not block. Raises TimeoutError at `until` (monotonic), OSError."""
    view = memoryview(data)
    while view:
        _wait(fd, select.POLLOUT, until)
        view = view[os.write(fd, view[:_CHUNK]) :]


def receive(fd: int, most: int, until: float) -> list[bytes]:
    """One message. Raises TimeoutError, EOFError when the other side ended, Garbage."""
    incoming = Incoming(most)
    while True:
        _wait(fd, select.POLLIN, until)
        data = os.read(fd, _CHUNK)
        if not data:
            raise EOFError
        if (parts := incoming.feed(data)) is not None:
            return parts


def forever() -> float:
    """An `until` that does not come."""
    return float("inf")


def _wait(fd: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(fd, event)
    left = until - monotonic()
    if left <= 0 or not poll.poll(None if left == forever() else 1000 * left):
        raise TimeoutError
