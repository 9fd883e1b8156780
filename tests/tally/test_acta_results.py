"""The results of the consultation are the sum of its actas, and of nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import canonical
from keys.errors import Refusal
from tally.acta import Acta, ActaRefusal
from tally.acta_results import Results, results_of
from tally.setup import Unidad

from .acta_making import INSTANT, OPENING, make_acta, make_reserve

pytestmark = pytest.mark.req("VER-06")

UNIDADES = (
    Unidad("02-001", "Aguilera", "Azcapotzalco", ("a", "b")),
    Unidad("02-002", "Aldana", "Azcapotzalco", ("a",)),
    Unidad("02-003", "Sin proyectos", "Azcapotzalco", ()),
    Unidad("17-001", "Actipan", "Benito Juárez", ("a", "b", "c")),
)
VOTES = ([1, 10, 20], [2, 5], [0, 0, 0, 4])
BALLOTS = 42


def actas() -> list[Acta]:
    urns = [u for u in UNIDADES if u.proyectos]
    return [make_acta(v, u) for u, v in zip(urns, VOTES, strict=True)]


def results(given: list[Acta] | None = None, ballots: int = BALLOTS) -> Results:
    return results_of(OPENING, UNIDADES, actas() if given is None else given, ballots)


def refused(rule: str, given: list[Acta], ballots: int = BALLOTS) -> None:
    with pytest.raises(ActaRefusal) as caught:
        results(given, ballots)
    assert caught.value.rule == rule


def test_sums_per_borough_and_of_the_whole() -> None:
    fields = json.loads(results(actas()[::-1]).data)
    assert fields["total"] == {"unidades": 3, "boletas": 42, "votos_nulos": 3, "reservadas": 0}
    assert fields["demarcaciones"] == [
        {"demarcacion": "Azcapotzalco", "unidades": 2, "boletas": 38, "votos_nulos": 3, "reservadas": 0},
        {"demarcacion": "Benito Juárez", "unidades": 1, "boletas": 4, "votos_nulos": 0, "reservadas": 0},
    ]
    assert [u["clave"] for u in fields["unidades"]] == ["02-001", "02-002", "17-001"]
    assert [u["acta"] for u in fields["unidades"]] == [a.sha256 for a in actas()]


def test_what_stays_closed_adds_its_ballots_and_is_counted_apart() -> None:
    given = [*actas()[:2], make_reserve(4, UNIDADES[3])]
    fields = json.loads(results(given).data)
    assert fields["total"] == {"unidades": 3, "boletas": 42, "votos_nulos": 3, "reservadas": 1}
    assert [u["votos_nulos"] for u in fields["unidades"]] == [1, 2, None]
    assert Results.from_bytes(results(given).data) == results(given)


@given(st.lists(st.lists(st.integers(0, 1000), min_size=2, max_size=5), min_size=0, max_size=12), st.data())
def test_what_is_written_is_read_back_to_the_same_bytes(votes: list[list[int]], data: st.DataObject) -> None:
    names = [data.draw(st.sampled_from(["Tláhuac", "Álvaro Obregón", "Xochimilco"])) for _ in votes]
    unidades = [
        Unidad(f"{i:02}", "x", n, tuple("p" * (len(v) - 1)))
        for i, (v, n) in enumerate(zip(votes, names, strict=True))
    ]
    made = [make_acta(v, u) for v, u in zip(votes, unidades, strict=True)]
    found = results_of(OPENING, unidades, made, sum(map(sum, votes)))
    assert Results.from_bytes(found.data) == found
    assert Results.from_bytes(found.data).data == found.data


def test_the_sum_of_actas_must_be_the_ballots_accepted() -> None:
    refused("resultados.boletas", actas(), BALLOTS + 1)


def test_a_missing_or_doubled_acta_is_refused() -> None:
    refused("resultados.faltantes", actas()[1:])
    refused("resultados.repetida", [*actas(), actas()[0]])


def test_an_acta_of_elsewhere_is_refused() -> None:
    other = replace(OPENING, consultation="otra")
    refused("resultados.consulta", [make_acta([0, 1, 1], UNIDADES[0], other)])
    refused("resultados.unidad", [make_acta([0, 1], Unidad("99-999", "x", "y", ("p",)))])
    renamed = replace(UNIDADES[0], proyectos=("b", "a"))
    refused("resultados.unidad", [make_acta([1, 10, 20], renamed)])


def test_an_acta_from_after_the_results_is_refused() -> None:
    late = replace(OPENING, instant=INSTANT + timedelta(seconds=1))
    refused("resultados.instante", [make_acta([1, 10, 20], UNIDADES[0], late)])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["version"], 2),
        (["total", "boletas"], 41),
        (["total", "otro"], 1),
        (["demarcaciones", 0, "boletas"], 39),
        (["demarcaciones", 0, "demarcacion"], "Xochimilco"),
        (["unidades", 0, "votos_nulos"], 0),
        (["unidades", 0, "clave"], "99-999"),
        (["unidades", 0, "acta"], None),
        (["consulta"], None),
        (["otro"], None),
    ],
)
def test_altered_bytes_are_refused(path: list[Any], value: Any) -> None:
    fields = json.loads(results().data)
    inner = fields
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(Refusal):
        Results.from_bytes(canonical.encode_sorted(fields))
