"""Checking inclusion and consistency proofs: RFC 9162, sections 2.1.3.2 and 2.1.4.2. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.errors import TreeRefusal
from ledger.limits import HASH_BYTES
from ledger.tree import EMPTY_ROOT, node_hash, require_size

_INCLUSION = "prueba de inclusión"
_CONSISTENCY = "prueba de consistencia"


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Refuse unless `proof` leads from the leaf hash at `index` to the root of `size` leaves.

    Raises TreeRefusal, which says what was expected and what the proof gave.
    """
    if len(leaf) != HASH_BYTES:
        raise TreeRefusal("inclusion.hoja", _INCLUSION, f"{HASH_BYTES} bytes", f"{len(leaf)} bytes")
    found = root_from_inclusion(index, size, leaf, proof)
    if found != root:
        raise TreeRefusal("inclusion.raiz", _INCLUSION, root.hex(), found.hex())


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """The root that a proof of the right length gives."""
    require_size(size, _INCLUSION)
    if not 0 <= index < size:
        raise TreeRefusal("inclusion.indice", _INCLUSION, f"un índice menor que {size}", index)
    expected = inclusion_length(index, size)
    if len(proof) != expected:
        raise TreeRefusal("inclusion.longitud", _INCLUSION, f"{expected} hashes", f"{len(proof)} hashes")
    at, last, root = index, size - 1, leaf
    for sibling in proof:
        if at & 1 or at == last:
            root = node_hash(sibling, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    return root


def inclusion_length(index: int, size: int) -> int:
    """How many hashes the proof has: the levels below the split, and the left siblings above it."""
    below = (index ^ (size - 1)).bit_length()
    return below + (index >> below).bit_count()


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Refuse unless the tree of `old` leaves with `old_root` is a prefix of that of `new`.

    From size 0 only the empty proof and the empty tree's root are accepted, as tlog-witness asks.
    Raises TreeRefusal.
    """
    require_size(new, _CONSISTENCY)
    if not 0 <= old <= new:
        raise TreeRefusal("consistencia.tamano", _CONSISTENCY, f"un tamaño de a lo más {new}", old)
    for size, root in ((old, old_root), (new, new_root)):
        if size == 0 and root != EMPTY_ROOT:
            raise TreeRefusal("consistencia.vacio", _CONSISTENCY, EMPTY_ROOT.hex(), root.hex())
    if old in (0, new):
        _require_trivial(old, new, old_root, new_root, proof)
        return
    found_old, found_new = _roots_from_consistency(old, new, old_root, proof)
    if found_old != old_root:
        raise TreeRefusal(
            "consistencia.raiz", f"{_CONSISTENCY}, tamaño {old}", old_root.hex(), found_old.hex()
        )
    if found_new != new_root:
        raise TreeRefusal(
            "consistencia.raiz", f"{_CONSISTENCY}, tamaño {new}", new_root.hex(), found_new.hex()
        )


def _require_trivial(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise TreeRefusal("consistencia.longitud", _CONSISTENCY, "0 hashes", f"{len(proof)} hashes")
    if old == new and old_root != new_root:
        raise TreeRefusal(
            "consistencia.raiz", f"{_CONSISTENCY}, tamaño {old}", old_root.hex(), new_root.hex()
        )


def consistency_length(old: int, new: int) -> int:
    """How many hashes the proof has, for 0 < old < new."""
    low = (old & -old).bit_length() - 1
    shifted = (old >> low) - 1
    return inclusion_length(shifted, ((new - 1) >> low) + 1) + (1 if shifted else 0)


def _roots_from_consistency(
    old: int, new: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    expected = consistency_length(old, new)
    if len(proof) != expected:
        raise TreeRefusal("consistencia.longitud", _CONSISTENCY, f"{expected} hashes", f"{len(proof)} hashes")
    low = (old & -old).bit_length() - 1
    at, last = (old - 1) >> low, (new - 1) >> low
    # A power of two is itself the first node, so the proof leaves it out.
    first, rest = (proof[0], proof[1:]) if at else (old_root, proof)
    before = after = first
    for sibling in rest:
        if at & 1 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    return before, after
