"""What goes wrong on the way, on purpose: connections that are cut, and records that are sent twice."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from capture.device.service import CHUNK_BYTES
from keys.randomness import Randomness

_CUT_PER_HUNDRED = 25
_TWICE_PER_HUNDRED = 10


class Mischief:
    """`None` in its place means that nothing goes wrong on purpose."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness

    def cut(self, size: int) -> int | None:
        """After how many bytes of a body of `size` the connection is cut, if it is."""
        if size < 2 or self._randomness.below(100) >= _CUT_PER_HUNDRED:
            return None
        return self._randomness.below(size)

    def twice(self) -> bool:
        """Whether the device forgets that it sent a record, and sends it again."""
        return self._randomness.below(100) < _TWICE_PER_HUNDRED


async def flowing(data: bytes, cut: int | None) -> AsyncIterator[bytes]:
    """A body in chunks. Raises httpx.WriteError at byte `cut`: the connection is closed half-way."""
    end = len(data) if cut is None else cut
    for at in range(0, end, CHUNK_BYTES):
        yield data[at : min(at + CHUNK_BYTES, end)]
    if cut is not None:
        raise httpx.WriteError("cut on purpose")
