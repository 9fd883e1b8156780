"""Where random numbers come from. The pure core receives one of these; it never makes its own."""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Randomness(Protocol):
    """A source of uniform numbers."""

    def below(self, limit: int) -> int:
        """A uniform integer in [0, limit)."""

    def child(self, label: str) -> Randomness:
        """A source for one task, so that tasks may run in any order or in parallel."""


class SystemRandomness:
    """The operating system's generator: the one for anything real."""

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)

    def child(self, label: str) -> SystemRandomness:
        """Itself: the system's generator needs no streams."""
        return self


class SeededRandomness:
    """Numbers that follow from a seed (SHAKE-256 in counter mode), for rehearsals and benchmarks ONLY.

    Whoever knows the seed knows every secret made with it.
    """

    def __init__(self, seed: str) -> None:
        self._key = hashlib.sha256(b"certeza/semilla/v1\n" + seed.encode()).digest()
        self._counter = 0

    def below(self, limit: int) -> int:
        # 128 bits more than needed: the bias of the reduction is below 2^-128.
        size = (limit.bit_length() + 7) // 8 + 16
        block = hashlib.shake_256(self._key + self._counter.to_bytes(8, "big")).digest(size)
        self._counter += 1
        return int.from_bytes(block, "big") % limit

    def child(self, label: str) -> SeededRandomness:
        """An independent stream for `label`, the same however many numbers were drawn before."""
        made = SeededRandomness("")
        made._key = hashlib.sha256(self._key + b"/" + label.encode()).digest()
        return made


def base58(randomness: Randomness, length: int) -> str:
    """`length` uniform Base58 characters (the alphabet of the Belenios specification)."""
    return "".join(BASE58[randomness.below(58)] for _ in range(length))
