"""An acta de cómputo exists only when it adds up, and has one spelling."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import canonical
from keys.errors import FormatRefusal, Refusal
from tally.acta import Acta, ActaRefusal, Opening, acta_of
from tally.archive import sha256
from tally.errors import OpeningRefusal
from tally.setup import Unidad, uuid_of
from tally.small_urns import RESERVA

from .acta_making import (
    CALENDAR,
    INSTANT,
    OPENING,
    PROJECTS,
    UNIDAD,
    WITH_SMALL,
    evidence,
    make_acta,
    make_reserve,
)

pytestmark = [pytest.mark.req("SEI-23"), pytest.mark.req("VER-06")]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
UNIDADES = st.builds(Unidad, TEXT, TEXT, TEXT, st.lists(TEXT, min_size=1, max_size=8).map(tuple))


def refused(rule: str, **changes: Any) -> None:
    """The acta with these changes is refused by this rule."""
    with pytest.raises(ActaRefusal) as caught:
        replace(make_acta([1, 2, 3, 4]), **changes)
    assert caught.value.rule == rule


def altered(path: list[str], value: Any) -> bytes:
    """Canonical bytes of a right acta with one field changed."""
    fields = json.loads(make_acta([1, 2, 3, 4]).data)
    inner = fields
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return canonical.encode_sorted(fields)


def test_the_first_vote_is_the_nulo_and_the_rest_follow_the_ballot() -> None:
    acta = make_acta([7, 10, 20, 30], listado=sha256(b"l"))
    fields = json.loads(acta.data)
    assert fields["votos_nulos"] == 7
    assert fields["resultados"] == [
        {"proyecto": p, "opiniones": n} for p, n in zip(PROJECTS, [10, 20, 30], strict=True)
    ]
    assert fields["total"] == fields["personas_en_listado"] == fields["urna"]["boletas"] == 67
    assert fields["uuid"] == uuid_of("pp-2022", "02-001")
    assert (fields["custodios"], fields["umbral"]) == ([1, 2, 4], 3)
    assert fields["instante"] == "2022-04-29T10:04:31-05:00"
    assert fields["listado"] == sha256(b"l")


@pytest.mark.parametrize("votes", [[1, 0, 0, 0], [0, 4, 0, 0], [0, 2, 1, 1]])
def test_a_small_urn_that_was_opened_alone_gets_no_acta(votes: list[int]) -> None:
    with pytest.raises(OpeningRefusal, match=r"urna\.pequena"):
        make_acta(votes, opening=WITH_SMALL)


@pytest.mark.parametrize("votes", [[0, 0, 0, 0], [0, 5, 0, 0], [5, 0, 0, 0]])
def test_an_empty_urn_and_one_of_exactly_k_are_opened(votes: list[int]) -> None:
    assert make_acta(votes, opening=WITH_SMALL).advertencia is None


def test_the_acta_of_an_urn_that_stays_closed_tells_how_many_and_nothing_else() -> None:
    fields = json.loads(make_reserve(3).data)
    assert (fields["acta"], fields["advertencia"]) == ("reserva", RESERVA)
    assert [r["opiniones"] for r in fields["resultados"]] == [None, None, None]
    assert fields["votos_nulos"] is None and fields["custodios"] == []
    assert fields["total"] == fields["personas_en_listado"] == fields["urna"]["boletas"] == 3
    assert Acta.from_bytes(make_reserve(3).data) == make_reserve(3)


@pytest.mark.parametrize("ballots", [0, 5, 6])
def test_an_urn_that_is_not_small_is_not_kept_closed(ballots: int) -> None:
    with pytest.raises(ActaRefusal, match=r"acta\.reserva"):
        make_reserve(ballots)


@pytest.mark.parametrize(
    "changes",
    [
        {"votos_nulos": 0},
        {"advertencia": None},
        {"custodios": [1, 2, 3]},
        {"acta": "computo"},
        {"resultados": [{"proyecto": p, "opiniones": 1} for p in PROJECTS]},
    ],
)
def test_an_acta_that_tells_a_part_of_what_is_closed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Acta.from_bytes(canonical.encode_sorted(json.loads(make_reserve(3).data) | changes))


@given(UNIDADES, st.data())
def test_what_is_written_is_read_back_to_the_same_bytes(unidad: Unidad, data: st.DataObject) -> None:
    count = len(unidad.proyectos) + 1
    votes = data.draw(st.lists(st.integers(0, 10**6), min_size=count, max_size=count))
    acta = make_acta(votes, unidad)
    again = Acta.from_bytes(acta.data)
    assert again == acta
    assert again.data == acta.data


def test_sums_that_differ_are_refused() -> None:
    refused("acta.boletas", opinions=(2, 3, 5))
    refused("acta.boletas", nulos=2)
    refused("acta.boletas", urn=evidence(11))
    refused("acta.listado", persons=9)


def test_numbers_that_do_not_fit_the_ballot_are_refused() -> None:
    refused("acta.proyectos", opinions=(2, 7))
    refused("acta.proyectos", unidad=replace(UNIDAD, proyectos=()), opinions=())
    with pytest.raises(ActaRefusal, match=r"acta\.proyectos"):
        acta_of(OPENING, UNIDAD, evidence(3), [1, 2], 3, [1, 2, 3])


def test_a_negative_number_is_refused_even_when_the_sum_is_right() -> None:
    with pytest.raises(FormatRefusal, match="entero pequeño"):
        replace(make_acta([1, 2, 3, 4]), opinions=(-1, 6, 4))


def test_trustees_below_the_threshold_or_unknown_are_refused() -> None:
    refused("acta.umbral", trustees=(1, 2))
    refused("acta.umbral", threshold=0)
    refused("acta.custodios", trustees=(1, 2, 2, 3))
    refused("acta.custodios", trustees=(0, 1, 2))
    with pytest.raises(ActaRefusal, match=r"acta\.custodios"):
        acta_of(OPENING, UNIDAD, evidence(10), [1, 2, 3, 4], 10, [1, 2, 6])


def test_another_urns_identifier_is_refused() -> None:
    refused("acta.uuid", uuid=uuid_of("pp-2022", "02-002"))


def test_a_notice_on_an_opened_urn_is_refused() -> None:
    refused("acta.advertencia", advertencia="otra cosa")
    refused("acta.advertencia", advertencia=RESERVA)


@pytest.mark.req("SEI-22")
def test_no_opening_before_its_date() -> None:
    Opening("pp-2022", CALENDAR, CALENDAR.opening, 3, 5, 5)
    with pytest.raises(Refusal, match=r"calendario\.apertura"):
        Opening("pp-2022", CALENDAR, CALENDAR.opening - timedelta(seconds=1), 3, 5, 5)


def test_instants_carry_their_zone_and_no_fractions() -> None:
    refused("acta.instante", instant=INSTANT.replace(microsecond=1))
    refused("acta.instante", instant=datetime(2022, 4, 29, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["acta"], "apertura"),
        (["version"], 2),
        (["version"], True),
        (["total"], 11),
        (["total"], "10"),
        (["votos_nulos"], True),
        (["votos_nulos"], 2),
        (["urna", "boletas"], 11),
        (["urna", "cierre"], "ab"),
        (["urna", "otro"], 1),
        (["unidad", "clave"], "02-002"),
        (["unidad", "nombre"], 7),
        (["resultados"], []),
        (["resultados"], [{"proyecto": "x"}]),
        (["listado"], "A" * 64),
        (["custodios"], [2, 1, 4]),
        (["instante"], "2022-04-29T10:04:31.5-05:00"),
        (["instante"], "2022-04-29T10:04:31"),
        (["advertencia"], ""),
        (["de_mas"], None),
    ],
)
def test_altered_bytes_are_refused(path: list[str], value: Any) -> None:
    with pytest.raises(Refusal):
        Acta.from_bytes(altered(path, value))


@pytest.mark.parametrize("tail", [b"\n", b" ", b"{}"])
def test_a_second_spelling_is_refused(tail: bytes) -> None:
    with pytest.raises(FormatRefusal):
        Acta.from_bytes(make_acta([1, 2, 3, 4]).data + tail)


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(FormatRefusal):
        make_acta([1, 2], Unidad("02-001", "\ud800", "x", ("p",)))
