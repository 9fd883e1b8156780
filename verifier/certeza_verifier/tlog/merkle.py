"""Merkle trees of RFC 6962 and RFC 9162: hashes, inclusion, consistency, and a root in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from certeza_verifier.errors import Failure

SIZE = 32
EMPTY = hashlib.sha256(b"").digest()
LARGEST = 2**63 - 1


def leaf(entry: bytes) -> bytes:
    """Hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect(hashes: Sequence[bytes]) -> bytes:
    """Root over a power of two of hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


class CompactRange:
    """The right edge of a tree: roots of its perfect subtrees, largest first; at most 63 hashes.

    All that is needed to append and to know the root: ten million entries take as much memory as ten.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """The range of a tree of `size`. Raises ValueError when the number of hashes is not the one of it."""
        self.size = size
        heights = [height for height in range(size.bit_length(), -1, -1) if size >> height & 1]
        self._stack = list(zip(heights, hashes, strict=True))

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """From the largest subtree to the smallest."""
        return tuple(value for _, value in self._stack)

    def push(self, height: int, value: bytes) -> None:
        """Appends a perfect subtree of 2^height entries; the size must be a multiple of that."""
        self.size += 1 << height
        while self._stack and self._stack[-1][0] == height:
            value = node(self._stack.pop()[1], value)
            height += 1
        self._stack.append((height, value))

    def append(self, entry: bytes) -> None:
        """Appends an entry."""
        self.push(0, leaf(entry))

    def root(self) -> bytes:
        """Root of the whole tree."""
        result = b""
        for _, value in reversed(self._stack):
            result = node(value, result) if result else value
        return result or EMPTY


def path(index: int, size: int) -> Iterator[tuple[str, int]]:
    """Side of each sibling from the leaf upward, and the entries it covers (the last ones may be fewer)."""
    low, high, splits = 0, size, []
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            splits.append(("derecha", high - middle))
            high = middle
        else:
            splits.append(("izquierda", middle - low))
            low = middle
    return reversed(splits)


def climb(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes]) -> list[bytes]:
    """Hashes from the leaf to the root that an inclusion proof gives. Raises `prueba-inclusion` when the
    proof has not the length of that place.
    """
    if not 0 <= index < size <= LARGEST:
        raise Failure("prueba-inclusion", "índice", f"menor que {size}", index)
    sides = list(path(index, size))
    if any(len(value) != SIZE for value in (leaf_hash, *proof)):
        raise Failure("prueba-inclusion", f"entrada {index} de {size}", f"hashes de {SIZE} bytes", "otros")
    if len(sides) != len(proof):
        raise Failure("prueba-inclusion", f"entrada {index} de {size}", f"{len(sides)} hashes", len(proof))
    row = [leaf_hash]
    for (side, _), sibling in zip(sides, proof, strict=True):
        row.append(node(sibling, row[-1]) if side == "izquierda" else node(row[-1], sibling))
    return row


def verify_inclusion(
    index: int, size: int, leaf_hash: bytes, root: bytes, proof: Sequence[bytes]
) -> list[bytes]:
    """Hashes from the leaf to the root. Raises `prueba-inclusion` unless the entry is at `index` of the tree
    with that root.
    """
    row = climb(index, size, leaf_hash, proof)
    if row[-1] != root:
        raise Failure("prueba-inclusion", f"entrada {index} de {size}", f"raíz {root.hex()}", row[-1].hex())
    return row


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises `prueba-consistencia` unless the first tree is the beginning of the second (RFC 9162, 2.1.4.2).

    Every tree begins with the empty one, of which only the root is to be checked and nothing proved.
    """
    place = f"de {old} a {new} entradas"
    if not 0 <= old <= new <= LARGEST:
        raise Failure("prueba-consistencia", place, "tamaños crecientes", f"{old}, {new}")
    if old in (0, new):
        if proof:
            raise Failure("prueba-consistencia", place, "0 hashes", len(proof))
        expected = EMPTY if old == 0 else new_root
        if old_root != expected or (new == 0 and new_root != EMPTY):
            raise Failure("prueba-consistencia", place, expected.hex(), old_root.hex())
        return
    got_old, got_new = _roots(old, new, old_root, proof, place)
    for expected, got in ((old_root, got_old), (new_root, got_new)):
        if expected != got:
            raise Failure("prueba-consistencia", place, f"raíz {expected.hex()}", got.hex())


def _roots(old: int, new: int, old_root: bytes, proof: Sequence[bytes], place: str) -> tuple[bytes, bytes]:
    """Both roots as the proof of a non-trivial consistency gives them."""
    nodes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    if not nodes:
        raise Failure("prueba-consistencia", place, "al menos un hash", 0)
    left = right = nodes[0]
    for value in nodes[1:]:
        if sn == 0:
            raise Failure("prueba-consistencia", place, "menos hashes", len(proof))
        if fn & 1 or fn == sn:
            left, right = node(value, left), node(value, right)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            right = node(right, value)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Failure("prueba-consistencia", place, "más hashes", len(proof))
    return left, right
