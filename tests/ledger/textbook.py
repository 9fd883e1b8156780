"""RFC 9162, section 2.1, word by word and slowly: what the fast tree is compared with."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256


class Textbook:
    """A Merkle tree over `entries`, by the recursive definitions of the RFC."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        remember = lru_cache(1 << 17)  # in bounded memory; without it the tests would take hours
        self.mth, self.path, self.subproof = map(remember, (self._mth, self._path, self._subproof))

    def _mth(self, start: int, end: int) -> bytes:
        """MTH(D[start:end])."""
        if start == end:
            return sha256().digest()
        if end - start == 1:
            return sha256(b"\x00" + self.entries[start]).digest()
        k = largest_power_below(end - start)
        return sha256(b"\x01" + self.mth(start, start + k) + self.mth(start + k, end)).digest()

    def root(self, size: int) -> bytes:
        return self.mth(0, size)

    def _path(self, m: int, start: int, end: int) -> tuple[bytes, ...]:
        """PATH(m, D[start:end])."""
        if end - start == 1:
            return ()
        k = largest_power_below(end - start)
        if m < k:
            return (*self.path(m, start, start + k), self.mth(start + k, end))
        return (*self.path(m - k, start + k, end), self.mth(start, start + k))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return list(self.path(index, 0, size))

    def _subproof(self, m: int, start: int, end: int, whole: bool) -> tuple[bytes, ...]:
        """SUBPROOF(m, D[start:end], b)."""
        if m == end - start:
            return () if whole else (self.mth(start, end),)
        k = largest_power_below(end - start)
        if m <= k:
            return (*self.subproof(m, start, start + k, whole), self.mth(start + k, end))
        return (*self.subproof(m - k, start + k, end, False), self.mth(start, start + k))

    def consistency(self, old: int, new: int) -> list[bytes]:
        return list(self.subproof(old, 0, new, True)) if old else []


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k
