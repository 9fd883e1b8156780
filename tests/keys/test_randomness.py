"""Numbers are in range, seeded streams repeat, and children do not disturb each other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.randomness import BASE58, SeededRandomness, SystemRandomness, base58


@given(st.integers(1, 2**300), st.text())
def test_numbers_are_below_the_limit(limit: int, seed: str) -> None:
    for source in (SystemRandomness(), SeededRandomness(seed)):
        assert 0 <= source.below(limit) < limit


def test_a_seed_repeats_and_another_does_not() -> None:
    def stream(seed: str) -> list[int]:
        source = SeededRandomness(seed)
        return [source.below(2**252) for _ in range(20)]

    assert stream("a") == stream("a")
    assert not set(stream("a")) & set(stream("b"))
    assert len(set(stream("a"))) == 20


def test_children_do_not_depend_on_what_was_drawn() -> None:
    first, second = SeededRandomness("a"), SeededRandomness("a")
    second.below(10)
    assert first.child("x").below(2**252) == second.child("x").below(2**252)
    assert first.child("x").below(2**252) != first.child("y").below(2**252)
    assert first.child("x").below(2**252) != first.below(2**252)


@pytest.mark.parametrize("source", [SystemRandomness(), SeededRandomness("a")])
def test_base58_uses_the_whole_alphabet_evenly(source: SystemRandomness | SeededRandomness) -> None:
    counts = Counter(base58(source, 58 * 100))
    assert set(counts) == set(BASE58)
    assert max(counts.values()) < 200
    assert min(counts.values()) > 40
