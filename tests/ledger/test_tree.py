"""The tree agrees with the textbook, and no proof of another tree is accepted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.compact_range import CompactRange
from ledger.errors import TreeRefusal
from ledger.tree import (
    EMPTY_ROOT,
    Node,
    consistency_proof,
    consistency_ranges,
    inclusion_proof,
    inclusion_ranges,
    leaf_hash,
    node_hash,
    peaks,
)
from ledger.tree_check import consistency_length, inclusion_length, verify_consistency, verify_inclusion

from .textbook import Textbook

ENTRIES = [f"entrada {i}".encode() for i in range(1000)]
BOOK = Textbook(ENTRIES)


class Rows:
    """All complete subtrees of the first entries, in memory."""

    def __init__(self, count: int) -> None:
        self.rows = [[leaf_hash(entry) for entry in ENTRIES[:count]]]
        while len(row := self.rows[-1]) > 1:
            self.rows.append([node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        return [self.rows[node.level][node.number] for node in nodes]


READER = Rows(len(ENTRIES))


def agree(size: int, verify_every: int) -> None:
    """Every proof for `size` equals the textbook's; one in `verify_every` is also verified."""
    root = BOOK.root(size)
    assert CompactRange.read(READER, size).root() == root
    for i in range(size):
        proof = inclusion_proof(READER, i, size)
        growth = consistency_proof(READER, i + 1, size)
        assert (proof, growth) == (BOOK.inclusion(i, size), BOOK.consistency(i + 1, size))
        if (i + size) % verify_every == 0:
            verify_inclusion(i, size, READER.rows[0][i], proof, root)
            verify_consistency(i + 1, size, BOOK.root(i + 1), root, growth)


@pytest.mark.parametrize("first", range(0, 301, 50))
def test_textbook_agrees_on_every_proof_up_to_300_leaves(first: int) -> None:
    for size in range(first, min(first + 50, 301)):
        agree(size, verify_every=1)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(301, 1001, 100))
def test_textbook_agrees_on_every_proof_up_to_1000_leaves(first: int) -> None:
    for size in range(first, first + 100):
        agree(size, verify_every=9)


def test_compact_range_grows_to_the_same_roots() -> None:
    grown = CompactRange()
    assert grown.root() == EMPTY_ROOT
    for size in range(1, 301):
        grown = grown.extend([leaf_hash(ENTRIES[size - 1])])
        assert (grown.size, grown.root()) == (size, BOOK.root(size))
        assert len(grown.hashes) == size.bit_count()
    assert CompactRange().extend(map(leaf_hash, ENTRIES[:300])) == grown


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 2**63 - 1), st.data())
def test_proof_lengths_of_any_tree_are_those_of_its_ranges(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert inclusion_length(index, size) == len(inclusion_ranges(index, size)) <= 63
    if index > 0:
        assert consistency_length(index, size) == len(consistency_ranges(index, size)) <= 64
    for start, end in inclusion_ranges(index, size):
        assert peaks(start, end)[-1].number + 1 << peaks(start, end)[-1].level == end


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 1000), st.data())
def test_a_changed_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = BOOK.inclusion(index, size), BOOK.root(size), leaf_hash(ENTRIES[index])
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
    other = data.draw(st.integers(0, size).filter(lambda i: i != index))
    for bad in ((index, changed), (index, proof[:-1]), (index, [*proof, root]), (other, proof)):
        with pytest.raises(TreeRefusal):
            verify_inclusion(bad[0], size, leaf, bad[1], root)
    with pytest.raises(TreeRefusal, match=r"inclusion\.raiz"):
        verify_inclusion(index, size, leaf_hash(b"otra"), proof, root)


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 1000), st.data())
def test_a_changed_consistency_proof_is_refused(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof = BOOK.consistency(old, new)
    roots = (BOOK.root(old), BOOK.root(new))
    at = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:at], bytes([proof[at][0] ^ 1]) + proof[at][1:], *proof[at + 1 :]]
    for bad in (changed, proof[:-1], [*proof, roots[0]], []):
        with pytest.raises(TreeRefusal):
            verify_consistency(old, new, *roots, bad)
    with pytest.raises(TreeRefusal):
        verify_consistency(old, new, roots[1], roots[0], proof)


def test_consistency_from_nothing_is_the_empty_proof() -> None:
    verify_consistency(0, 7, EMPTY_ROOT, BOOK.root(7), [])
    verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(TreeRefusal, match=r"consistencia\.longitud"):
        verify_consistency(0, 7, EMPTY_ROOT, BOOK.root(7), [EMPTY_ROOT])
    with pytest.raises(TreeRefusal, match=r"consistencia\.vacio"):
        verify_consistency(0, 7, BOOK.root(7), BOOK.root(7), [])


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 3), (0, 2**63), (3, -1)])
def test_sizes_out_of_range_are_refused(old: int, new: int) -> None:
    with pytest.raises(TreeRefusal, match="tamano"):
        verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])
    with pytest.raises(TreeRefusal, match="tamano"):
        consistency_ranges(old, new)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4), (0, 2**63)])
def test_an_index_outside_of_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(TreeRefusal):
        inclusion_ranges(index, size)
    with pytest.raises(TreeRefusal):
        verify_inclusion(index, size, EMPTY_ROOT, [], EMPTY_ROOT)
