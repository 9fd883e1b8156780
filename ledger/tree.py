"""Merkle tree of RFC 9162, section 2.1, with SHA-256. Pure: hashes come in through a reader.

A node is the root of a complete subtree: `Node(level, number)` covers the 2**level leaves from
number * 2**level. Every range a proof speaks of is made of such nodes, so a reader of them, and
nothing else, is needed to prove anything about a tree of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol

from ledger.errors import TreeRefusal
from ledger.limits import MAX_TREE_SIZE

EMPTY_ROOT = sha256(b"").digest()
Range = tuple[int, int]


class Node(NamedTuple):
    """A complete subtree; level 0 are the leaf hashes."""

    level: int
    number: int


class HashReader(Protocol):
    """Where the hashes of complete subtrees are read from; all nodes of a proof in one call."""

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        """The hash of each node. Raises StorageRefusal when one cannot be had."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two adjacent subtrees."""
    return sha256(b"\x01" + left + right).digest()


def peaks(start: int, end: int) -> list[Node]:
    """The complete subtrees that make up [start, end), from left to right.

    `start` must be a multiple of the largest power of two that is not above end - start.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over adjacent peaks given from left to right; of none, the empty tree's."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def require_size(size: int, place: str) -> None:
    """Refuse a tree size that no program could hold."""
    if not 0 <= size <= MAX_TREE_SIZE:
        raise TreeRefusal("arbol.tamano", place, f"de 0 a {MAX_TREE_SIZE}", size)


def split(start: int, end: int) -> int:
    """Where RFC 9162 splits [start, end): after the largest power of two strictly below its length."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots are the inclusion proof of leaf `index`, from the leaf upwards."""
    require_size(size, "prueba de inclusión")
    if not 0 <= index < size:
        raise TreeRefusal("inclusion.indice", "prueba de inclusión", f"un índice menor que {size}", index)
    start, end, ranges = 0, size, []
    while end - start > 1:
        middle = split(start, end)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose roots prove that the tree of `old` leaves is a prefix of that of `new`."""
    require_size(new, "prueba de consistencia")
    if not 0 <= old <= new:
        raise TreeRefusal("consistencia.tamano", "prueba de consistencia", f"a lo más {new}", old)
    if old in (0, new):
        return []
    start, end, ranges = 0, new, []
    while end != old:
        middle = split(start, end)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ([(start, end)] if start else []) + ranges[::-1]


def range_roots(reader: HashReader, ranges: Sequence[Range]) -> list[bytes]:
    """The root of each range, with one call of the reader for all of them."""
    parts = [peaks(start, end) for start, end in ranges]
    hashes = reader.read([node for part in parts for node in part])
    roots, at = [], 0
    for part in parts:
        roots.append(hashes[at] if len(part) == 1 else fold(hashes[at : at + len(part)]))
        at += len(part)
    return roots


def inclusion_proof(reader: HashReader, index: int, size: int) -> list[bytes]:
    """The inclusion proof of leaf `index` in the tree of `size` leaves, leaf's sibling first."""
    return range_roots(reader, inclusion_ranges(index, size))


def consistency_proof(reader: HashReader, old: int, new: int) -> list[bytes]:
    """The consistency proof from `old` leaves to `new`; empty from 0 and between equal sizes."""
    return range_roots(reader, consistency_ranges(old, new))
