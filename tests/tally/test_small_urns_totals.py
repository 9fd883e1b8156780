"""The encrypted totals of a Mesa: what is accepted opens to what was counted; nothing else is accepted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import Refusal
from keys.group import Element, Group, group_named
from keys.proofs import Proof
from keys.randomness import SeededRandomness
from tally.ballot import Ciphertext
from tally.small_urns_totals import EncryptedTotals, TotalsMaker, check_totals, context, width

pytestmark = [pytest.mark.req("SEI-25"), pytest.mark.req("SEI-28")]
WHERE = context("huella", "00" * 32, 7)
SECRET = 123456789


def key(group: Group) -> str:
    (text,) = group.encoded_powers(group.tables([group.generator]), [[SECRET]])
    return text


def make(group: Group, numbers: Sequence[int], where: str = WHERE, seed: str = "mesa") -> EncryptedTotals:
    return TotalsMaker(group, key(group), SeededRandomness(seed)).make(where, numbers)


def plain(group: Group, pairs: Sequence[tuple[Element, Element]], most: int) -> list[int]:
    """What the ciphertexts hold, with the key, by stepping."""
    powers = [group.identity]
    for _ in range(most):
        powers.append(group.product([powers[-1], group.generator]))
    shared = group.power_each([a for a, _ in pairs], group.order - SECRET)
    return [powers.index(group.product([b, s])) for (_, b), s in zip(pairs, shared, strict=True)]


@pytest.mark.parametrize("numbers", [[0, 0], [1], [0, 7, 0], [3, 2, 2], [0, 0, 8], [255, 1]])
def test_what_was_counted_is_what_the_key_opens(group: Group, numbers: list[int]) -> None:
    made = make(group, numbers)
    found = check_totals(group, key(group), made, len(numbers), sum(numbers), WHERE, "mesa")
    assert plain(group, found, sum(numbers)) == numbers
    assert EncryptedTotals.from_json(made.to_json(), "mesa", group.order) == made


@given(st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_every_count_is_accepted_and_opens(numbers: list[int]) -> None:
    group = group_named("Ed25519")
    found = check_totals(group, key(group), make(group, numbers), len(numbers), sum(numbers), WHERE, "mesa")
    assert plain(group, found, sum(numbers)) == numbers


def test_the_width_is_that_of_the_number_of_ballots() -> None:
    assert [width(n) for n in (0, 1, 2, 3, 4, 255, 256)] == [1, 1, 2, 2, 3, 8, 9]


def refused(
    group: Group, totals: EncryptedTotals, total: int = 7, where: str = WHERE, options: int = 3
) -> str:
    with pytest.raises(Refusal) as caught:
        check_totals(group, key(group), totals, options, total, where, "mesa")
    return caught.value.rule


@pytest.mark.parametrize(
    ("total", "rule"), [(6, "mesa.prueba_total"), (5, "mesa.prueba_total"), (8, "mesa.forma")]
)
def test_another_number_of_ballots_is_refused(fast: Group, total: int, rule: str) -> None:
    assert refused(fast, make(fast, [3, 2, 2]), total=total) == rule


def test_totals_of_another_urn_author_or_number_are_refused(fast: Group) -> None:
    for other in (
        context("otra", "00" * 32, 7),
        context("huella", "11" * 32, 7),
        context("huella", "00" * 32, 8),
    ):
        assert refused(fast, make(fast, [3, 2, 2]), where=other) == "mesa.prueba_bit"


def test_another_number_of_options_is_refused(fast: Group) -> None:
    for options in (2, 4):
        assert refused(fast, make(fast, [3, 2, 2]), options=options) == "mesa.forma"


Change = Callable[[EncryptedTotals], EncryptedTotals]


def first_bit(totals: EncryptedTotals, **changes: object) -> EncryptedTotals:
    first, *others = totals.rows[0]
    return replace(totals, rows=((replace(first, **changes), *others), *totals.rows[1:]))  # type: ignore[arg-type]


CHANGES: list[tuple[Change, str]] = [
    (lambda t: replace(t, rows=t.rows[::-1]), "mesa.prueba_bit"),
    (lambda t: replace(t, rows=(t.rows[0][::-1], *t.rows[1:])), "mesa.prueba_bit"),
    (lambda t: replace(t, rows=(t.rows[1], t.rows[1], t.rows[2])), "mesa.prueba_bit"),
    (lambda t: replace(t, total_proof=Proof(1, 2)), "mesa.prueba_total"),
    (lambda t: first_bit(t, proofs=(t.rows[0][0].proofs[1], t.rows[0][0].proofs[0])), "mesa.prueba_bit"),
    (lambda t: first_bit(t, ciphertext=t.rows[0][1].ciphertext), "mesa.prueba_bit"),
    (lambda t: first_bit(t, ciphertext=Ciphertext("0" * 64, "0" * 64)), "elemento.not-prime-order"),
    (lambda t: first_bit(t, ciphertext=Ciphertext("f" * 64, "f" * 64)), "elemento.non-canonical"),
]


@pytest.mark.parametrize(("change", "rule"), CHANGES)
def test_altered_totals_are_refused_by_their_rule(fast: Group, change: Change, rule: str) -> None:
    assert refused(fast, change(make(fast, [3, 2, 2]))) == rule


def test_a_ciphertext_of_which_nobody_proves_to_know_the_number_is_refused(fast: Group) -> None:
    """The attack that the proofs are for: the urn itself, inverted or copied, as if it were the Mesa."""
    bit = make(fast, [3, 2, 2]).rows[0][0]
    alpha, beta = fast.decode(list(bit.ciphertext), "bit")
    inverse = fast.encode(fast.power_each([alpha, beta], fast.order - 1))
    assert (
        refused(fast, first_bit(make(fast, [3, 2, 2]), ciphertext=Ciphertext(*inverse))) == "mesa.prueba_bit"
    )
    shifted = fast.encode([alpha, fast.product([beta, fast.generator])])
    assert (
        refused(fast, first_bit(make(fast, [3, 2, 2]), ciphertext=Ciphertext(*shifted))) == "mesa.prueba_bit"
    )


def test_a_negative_number_cannot_be_made(fast: Group) -> None:
    with pytest.raises(Refusal):
        make(fast, [8, -1])
