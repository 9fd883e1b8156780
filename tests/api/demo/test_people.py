"""Invented people: as many as asked for, distributed by population, repeatable."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from api.demo.catalogue import Row, read_catalogue
from api.demo.people import ZONE, Conduct, apportion, people_of, unidades_of
from keys.randomness import SeededRandomness


@given(
    populations=st.lists(st.integers(0, 50_000), min_size=1, max_size=40),
    people=st.integers(0, 5_000),
)
def test_apportionment_sums_and_is_within_one_of_the_exact_share(populations: list[int], people: int) -> None:
    if sum(populations) == 0:
        return
    rows = [Row(f"{i:02d}", "D", "N", p, ("x",)) for i, p in enumerate(populations)]
    counts = apportion(rows, people)
    assert sum(counts.values()) == people
    for row in rows:
        assert abs(counts[row.clave] - people * row.population / sum(populations)) < 1


def test_as_many_opine_as_apportioned_and_some_abstain() -> None:
    rows = read_catalogue(None)
    random = SeededRandomness("personas")
    unidades = unidades_of(rows, random)
    counts = apportion(rows, 400)
    people = people_of(unidades, counts, random)
    for clave, persons in people.items():
        assert sum(p.conduct is not Conduct.ABSTAINS for p in persons) == counts[clave]
    did = Counter(p.conduct for persons in people.values() for p in persons)
    assert all(did[c] > 0 for c in Conduct)


def test_credentials_and_claves_de_elector_are_all_different() -> None:
    rows = read_catalogue(None)
    random = SeededRandomness("personas")
    people = people_of(unidades_of(rows, random), apportion(rows, 600), random)
    everyone = [p for persons in people.values() for p in persons]
    assert len({p.credential for p in everyone}) == len(everyone)
    assert len({p.clave_de_elector for p in everyone}) == len(everyone)
    assert all(len(p.clave_de_elector) == 18 for p in everyone)


def test_people_of_two_units_have_both_in_the_zone_that_one_process_works_on() -> None:
    rows = [Row(f"{i:03d}", "D", "N", 100, ("x", "y")) for i in range(3 * ZONE)]
    random = SeededRandomness("zonas")
    unidades = unidades_of(rows, random)
    people = people_of(unidades, apportion(rows, 3_000), random)
    position = {u.clave: i for i, u in enumerate(unidades)}
    two = [p for persons in people.values() for p in persons if p.other is not None]
    assert two
    assert all(position[p.unidad] // ZONE == position[p.other or ""] // ZONE for p in two)


def test_same_seed_gives_the_same_people() -> None:
    rows = read_catalogue(None)

    def made() -> object:
        random = SeededRandomness("otra vez")
        return people_of(unidades_of(rows, random), apportion(rows, 50), random)

    assert made() == made()
