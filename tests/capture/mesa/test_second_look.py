"""Samples that anybody can draw again, and Cohen's kappa against worked examples of others."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.mesa.errors import MesaRefusal
from capture.mesa.second_look import agreement, draw, in_sample

FOLIOS = st.lists(st.uuids().map(str), unique=True, max_size=50)


@pytest.mark.req("APO-18")
@given(st.text("abc123", min_size=1, max_size=20), FOLIOS, st.integers(1, 1000))
def test_a_sample_is_the_same_in_whatever_order_and_grows_with_its_share(
    seed: str, folios: list[str], per_mille: int
) -> None:
    drawn = draw(seed, folios, per_mille)
    assert drawn == draw(seed, reversed(folios), per_mille)
    assert set(drawn) <= set(draw(seed, folios, 1000)) == set(folios)
    assert set(draw(seed, folios, max(1, per_mille // 2))) <= set(drawn)


def test_the_rule_is_the_one_that_is_published() -> None:
    digest = sha256(b"certeza/segunda-revision/v1\nsemilla\nfolio-1").digest()
    share = int.from_bytes(digest[:8], "big") * 1000 >> 64
    assert not in_sample("semilla", "folio-1", share)
    assert in_sample("semilla", "folio-1", share + 1)


def test_the_share_is_about_the_one_asked_for() -> None:
    picked = sum(in_sample("semilla", f"folio-{number}", 100) for number in range(10_000))
    assert 900 < picked < 1100


@pytest.mark.parametrize(("seed", "per_mille"), [("", 5), ("x" * 201, 5), ("a\nb", 5), ("a", 0), ("a", 1001)])
def test_no_sample_without_seed_or_share(seed: str, per_mille: int) -> None:
    with pytest.raises(MesaRefusal):
        draw(seed, [], per_mille)


def pairs(table: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    """Each pair as often as the table says."""
    return [pair for pair, count in table.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("table", "percentage", "kappa"),
    [
        # The worked example of 50 grant proposals that textbooks and encyclopaedias give.
        ({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}, 70.0, 0.4),
        # Same percentage, different kappa (Sim and Wright 2005 use this pair of tables).
        ({("y", "y"): 45, ("y", "n"): 15, ("n", "y"): 25, ("n", "n"): 15}, 60.0, 0.1304),
        ({("y", "y"): 25, ("y", "n"): 35, ("n", "y"): 5, ("n", "n"): 35}, 60.0, 0.2593),
        ({("a", "a"): 3, ("b", "b"): 4}, 100.0, 1.0),
        ({("a", "b"): 1, ("b", "a"): 1}, 0.0, -1.0),
    ],
)
def test_kappa_of_worked_examples(table: dict[tuple[str, str], int], percentage: float, kappa: float) -> None:
    found = agreement(pairs(table))
    assert found.percentage == percentage
    assert found.kappa == pytest.approx(kappa, abs=1e-4)


def test_no_kappa_where_there_is_only_one_category_or_nothing() -> None:
    assert agreement([("a", "a")] * 5).kappa is None
    assert agreement([]).percentage is None
