"""A Mesa's count exists only when it adds up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import Refusal
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaRefusal
from tally.setup import Unidad

pytestmark = pytest.mark.req("SEI-25")
UNIDAD = Unidad("01-001", "Norte", "UNO", ("Parque", "Luz"))
COUNT = MesaCount("01-001", 100, 90, (4, 5), 1, 10)


def refused(**changes: Any) -> str:
    with pytest.raises(Refusal) as caught:
        replace(COUNT, **changes)
    return caught.value.rule


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"total": 11}, "mesa.suma"),
        ({"nulas": 2}, "mesa.suma"),
        ({"opinions": (4, 6)}, "mesa.suma"),
        ({"spare": 101}, "mesa.sobrantes"),
        ({"spare": 91}, "mesa.boletas"),
        ({"received": 99}, "mesa.boletas"),
        ({"spare": 89}, "mesa.faltantes"),
        ({"spare": 89, "notes": "   "}, "mesa.faltantes"),
        ({"opinions": (-1, 10)}, "formato.tipo"),
        ({"nulas": True}, "formato.tipo"),
        ({"notes": "x" * 1001}, "mesa.observaciones"),
    ],
)
def test_what_does_not_add_up_is_refused_by_its_rule(changes: dict[str, Any], rule: str) -> None:
    assert refused(**changes) == rule


def test_fewer_ballots_than_were_given_are_explained() -> None:
    count = replace(COUNT, spare=88, notes="Dos personas se llevaron su boleta.")
    assert (count.given, count.missing) == (12, 2)
    assert (COUNT.given, COUNT.missing, COUNT.numbers) == (10, 0, (1, 4, 5))


def test_a_mesa_without_ballots_is_a_count() -> None:
    assert MesaCount("01-001", 0, 0, (0, 0), 0, 0).missing == 0


def test_the_count_fits_the_unit() -> None:
    COUNT.require_fits(UNIDAD)
    for other in (replace(UNIDAD, clave="01-002"), replace(UNIDAD, proyectos=("Parque",))):
        with pytest.raises(MesaRefusal):
            COUNT.require_fits(other)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=9), st.integers(0, 500), st.integers(0, 900))
def test_every_count_is_read_back_to_the_same_bytes(opinions: list[int], nulas: int, spare: int) -> None:
    total = sum(opinions) + nulas
    count = MesaCount("x", total + spare, spare, tuple(opinions), nulas, total)
    assert MesaCount.from_bytes(count.data, "x") == count
    with pytest.raises(Refusal):
        MesaCount.from_bytes(count.data + b" ", "x")
