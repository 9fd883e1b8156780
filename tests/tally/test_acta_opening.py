"""The acta of the opening: each share, in order of arrival, with its fate."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import canonical
from keys.errors import Refusal
from tally.acta import ActaRefusal
from tally.acta_opening import SUMS, Contribution, OpeningActa, opening_acta_of
from tally.archive import sha256
from tally.errors import OpeningRefusal

from .acta_making import OPENING

pytestmark = pytest.mark.req("SEI-22")

FLAW = OpeningRefusal("aportacion.computo", "custodio-2 › línea 3", "ab", "cd")
GIVEN = (
    Contribution(4, sha256(b"4")),
    Contribution.refused(2, sha256(b"malo"), FLAW),
    Contribution(1, sha256(b"1")),
    Contribution(2, sha256(b"2")),
)


def test_shares_are_listed_as_they_arrived_and_the_rest_is_absent() -> None:
    fields = json.loads(opening_acta_of(OPENING, GIVEN).data)
    assert [(a["custodio"], a["estado"]) for a in fields["aportaciones"]] == [
        (4, "aceptada"),
        (2, "rechazada"),
        (1, "aceptada"),
        (2, "aceptada"),
    ]
    assert fields["ausentes"] == [3, 5]
    assert fields["acta"] == "apertura"


@pytest.mark.req("SEI-25")
def test_the_opening_of_the_sums_has_an_acta_of_its_own_kind() -> None:
    acta = opening_acta_of(OPENING, GIVEN, SUMS)
    assert json.loads(acta.data)["acta"] == "apertura-sumas"
    assert OpeningActa.from_bytes(acta.data) == acta != opening_acta_of(OPENING, GIVEN)
    with pytest.raises(ActaRefusal, match=r"acta\.version"):
        replace(acta, kind="otra")


def test_a_refused_share_says_the_rule_and_the_place() -> None:
    reason = json.loads(opening_acta_of(OPENING, GIVEN).data)["aportaciones"][1]["motivo"]
    assert "aportacion.computo" in reason
    assert "línea 3" in reason


@given(
    st.permutations([1, 2, 3, 4, 5]), st.integers(3, 5), st.lists(st.text(min_size=1).filter(str.isprintable))
)
def test_what_is_written_is_read_back_to_the_same_bytes(
    order: list[int], count: int, reasons: list[str]
) -> None:
    valid = [Contribution(i, sha256(bytes([i]))) for i in order[:count]]
    bad = [Contribution(1 + n % 5, sha256(b"x"), r) for n, r in enumerate(reasons)]
    acta = opening_acta_of(OPENING, [*bad, *valid])
    again = OpeningActa.from_bytes(acta.data)
    assert again == acta
    assert again.data == acta.data
    assert sorted([*acta.accepted, *acta.absent]) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("contributions", "rule"),
    [
        (GIVEN[:3], "apertura.umbral"),
        ((*GIVEN, GIVEN[0]), "apertura.repetida"),
        ((*GIVEN, Contribution(6, sha256(b"6"))), "apertura.custodio"),
        ((*GIVEN, Contribution(3, sha256(b"3"), "")), "apertura.motivo"),
    ],
)
def test_an_opening_that_does_not_add_up_is_refused(
    contributions: tuple[Contribution, ...], rule: str
) -> None:
    with pytest.raises(ActaRefusal) as caught:
        opening_acta_of(OPENING, contributions)
    assert caught.value.rule == rule


@pytest.mark.parametrize("absent", [(5, 3), (5,), (3, 4, 5), (3, 5, 7)])
def test_everyone_is_accepted_or_absent(absent: tuple[int, ...]) -> None:
    acta = opening_acta_of(OPENING, GIVEN)
    with pytest.raises(ActaRefusal, match=r"apertura\.ausentes"):
        replace(acta, absent=absent)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("acta", "computo"),
        ("umbral", 4),
        ("ausentes", []),
        ("consulta", 1),
        ("otro", 1),
        ("aportaciones", [{}]),
    ],
)
def test_altered_bytes_are_refused(name: str, value: Any) -> None:
    fields = json.loads(opening_acta_of(OPENING, GIVEN).data) | {name: value}
    with pytest.raises(Refusal):
        OpeningActa.from_bytes(canonical.encode_sorted(fields))


@pytest.mark.parametrize("change", [{"estado": "rechazada"}, {"motivo": "porque sí"}, {"estado": "otra"}])
def test_state_and_reason_must_agree(change: dict[str, Any]) -> None:
    fields = json.loads(opening_acta_of(OPENING, GIVEN).data)
    fields["aportaciones"][0] |= change
    with pytest.raises(Refusal):
        OpeningActa.from_bytes(canonical.encode_sorted(fields))
