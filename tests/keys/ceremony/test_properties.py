"""Any t shares open and t - 1 do not, for every small n and t."""

from __future__ import annotations

from itertools import combinations

import pytest

from keys.ceremony import CeremonyRefusal, Terms, lagrange, steps, verify_trustees
from keys.ceremony.trustees import Single, Trustees
from keys.group import group_named

from .hold import combine, hold

pytestmark = [pytest.mark.req("SEI-22"), pytest.mark.req("SEI-28")]
SIZES = [(n, t) for n in range(1, 7) for t in range(1, n + 1)]


@pytest.mark.parametrize(("size", "threshold"), SIZES)
def test_any_t_shares_open_and_fewer_do_not(size: int, threshold: int) -> None:
    table = hold(size, threshold)
    group, trustees = table.group, table.trustees
    key = trustees.election_key(group)
    base = group.tables([group.generator])
    for chosen in combinations(table.terms.indices(), threshold):
        assert group.powers(base, [[combine(table, chosen)]]) == [key]
    for chosen in combinations(table.terms.indices(), threshold - 1):
        assert group.powers(base, [[combine(table, chosen)]]) != [key]


@pytest.mark.parametrize(("size", "threshold"), [(1, 1), (3, 2), (5, 3)])
def test_the_result_verifies_from_its_bytes(size: int, threshold: int) -> None:
    table = hold(size, threshold)
    data = table.trustees.encode()
    read = verify_trustees(table.group, data)
    assert read.encode() == data
    assert [k.public_key for k in read.verification_keys] == [v.public_key.public_key for v in table.voutputs]


def test_belenios_2048_too() -> None:
    table = hold(3, 2, "BELENIOS-2048")
    verify_trustees(table.group, table.trustees.encode())
    power = table.group.powers(table.group.tables([table.group.generator]), [[combine(table, (1, 3))]])
    assert power == [table.trustees.election_key(table.group)]


def test_combination_uses_singles_and_the_first_shares_of_each_ceremony() -> None:
    table, other = hold(3, 2), hold(2, 1, seed="otra")
    single = Single(hold(1, 1, seed="sola").voutputs[0].public_key)
    group = table.group
    mixed = Trustees((single, *table.trustees.items, *other.trustees.items))
    verify_trustees(group, mixed.encode())
    found = mixed.combination(group, [1, 2, 4, 3, 6])
    assert found == {1: 1, 2: lagrange([1, 2], group.order)[1], 3: lagrange([1, 2], group.order)[2], 6: 1}
    for absent in ([2, 3, 5], [1, 2, 5], [1, 2, 3, 4]):
        with pytest.raises(CeremonyRefusal, match=r"descifrado\.umbral"):
            mixed.combination(group, absent)


def test_lagrange_against_the_textbook() -> None:
    order = group_named("Ed25519").order
    coefficients = [5, 7, 11]
    shares = {i: steps.evaluate(coefficients, i, order) for i in range(1, 7)}
    for chosen in combinations(shares, 3):
        total = sum(shares[i] * w for i, w in lagrange(chosen, order).items())
        assert total % order == coefficients[0]


@pytest.mark.parametrize(("size", "threshold"), [(3, 0), (3, 4), (0, 0)])
def test_impossible_thresholds(size: int, threshold: int) -> None:
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.umbral"):
        Terms("Ed25519", size, threshold).check("x")


def test_consultations_never_need_everybody() -> None:
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.umbral\.todos"):
        Terms("Ed25519", 5, 5).check_for_consultation("x")
    with pytest.raises(CeremonyRefusal, match=r"ceremonia\.custodios"):
        Terms("Ed25519", 65, 5).check_for_consultation("x")
