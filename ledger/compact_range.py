"""The compact range [0, size): the peaks of a tree, enough to append to it and to know its root. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.tree import HashReader, fold, node_hash, peaks


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree of `size` leaves by its peaks, the largest subtree first: one hash per one bit of size."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, reader: HashReader, size: int) -> CompactRange:
        """The range of an existing tree. Compare `root()` with a signed one before trusting it."""
        return cls(size, tuple(reader.read(peaks(0, size))))

    def extend(self, leaves: Iterable[bytes]) -> CompactRange:
        """The range with these leaf hashes appended; memory stays logarithmic."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            node, carry = leaf, size
            while carry & 1:
                node = node_hash(hashes.pop(), node)
                carry >>= 1
            hashes.append(node)
            size += 1
        return CompactRange(size, tuple(hashes))

    def root(self) -> bytes:
        """The root of the tree."""
        return fold(self.hashes)
