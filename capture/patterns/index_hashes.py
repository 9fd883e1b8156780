"""Which hashes differ in few bits: an exact scan, that misses nothing and needs no building.

1.4 million of 256 bits take 45 MB and 2 to 5 ms on one core: a scan of one word of 64 bits leaves few to look
at closer, because who is near in all words together is at least as near in that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)
Keys = NDArray[np.int32]
_BLOCK = 65_536
"""Rows of a block: what it needs stays in the second-level cache."""
_FIRST = 1_024


class HashIndex:
    """Hashes of `size` bytes (a multiple of 8), each with a key. For one thread at a time."""

    def __init__(self, size: int) -> None:
        self._columns = [np.empty(_FIRST, np.uint64) for _ in range(size // 8)]
        self._keys = np.empty(_FIRST, np.int32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def memory(self) -> int:
        """Bytes."""
        return self._keys.nbytes + sum(column.nbytes for column in self._columns)

    def extend(self, keys: Keys, hashes: NDArray[np.uint8]) -> None:
        """Add many: `hashes` has one in a row."""
        words = np.ascontiguousarray(hashes).view("<u8").reshape(len(keys), len(self._columns))
        end = self._count + len(keys)
        self._keys = grown(self._keys, end)
        self._keys[self._count : end] = keys
        for at in range(len(self._columns)):
            self._columns[at] = grown(self._columns[at], end)
            self._columns[at][self._count : end] = words[:, at]
        self._count = end

    def within(self, wanted: NDArray[np.uint8], bits: int) -> tuple[Keys, NDArray[np.int64]]:
        """Keys of what differs from `wanted` in at most that many bits, in the order of adding; how many."""
        query = np.ascontiguousarray(wanted).view("<u8")
        # The last word first: in high frequencies others differ most.
        found = near([self._columns[-1][: self._count]], query[-1:], bits)
        apart = np.bitwise_count(self._columns[-1][found] ^ query[-1]).astype(np.int64)
        for column, word in zip(self._columns[-2::-1], query[-2::-1], strict=True):
            apart += np.bitwise_count(column[found] ^ word)
            close = apart <= bits
            found, apart = found[close], apart[close]
        return self._keys[found], apart


def near(columns: Sequence[NDArray[np.uint64]], words: NDArray[np.uint64], bits: int) -> NDArray[np.intp]:
    """Places where the columns differ from their words in at most that many bits together."""
    found = []
    for start in range(0, len(columns[0]), _BLOCK):
        apart = np.bitwise_count(columns[0][start : start + _BLOCK] ^ words[0])
        for column, word in zip(columns[1:], words[1:], strict=True):
            apart += np.bitwise_count(column[start : start + _BLOCK] ^ word)
        close = np.flatnonzero(apart <= bits)
        if close.size:
            found.append(close + start)
    return np.concatenate(found) if found else np.empty(0, np.intp)


def grown(array: NDArray[T], count: int) -> NDArray[T]:
    """The same array, or a larger copy with room for `count` rows."""
    if count <= len(array):
        return array
    larger = np.zeros((count + count // 4, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
