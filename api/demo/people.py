"""The invented people of a rehearsal, and what each of them does. Nobody here exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.demo.catalogue import Row
from keys import credentials
from keys.errors import Refusal
from keys.randomness import Randomness
from tally.setup import Unidad

PROJECTS_PER_UT = 8
_CONSONANTS = "BCDFGHJKLMNPQRSTVXYZ"


class Conduct(StrEnum):
    """What a person with a Clave does during the days of opinion."""

    OPINES = "opina"
    BLANK = "voto nulo"
    RETRIES = "reintenta el mismo envío"
    TWICE = "intenta opinar dos veces"
    LOSES_CLAVE = "pierde la Clave y la repone"
    TWO_UTS = "tiene dos UT e intenta en ambas"
    ABSTAINS = "no opina"


# Shares of those who opine, in thousandths; the rest just opine.
_MIX = ((Conduct.BLANK, 35), (Conduct.RETRIES, 30), (Conduct.TWICE, 25), (Conduct.TWO_UTS, 15))
_LOST_CLAVES = 3
_ABSTAIN_PER_THOUSAND = 120


@dataclass(frozen=True, slots=True)
class Person:
    """`choice`: index of the project, meaningless for a blank vote. `other`: a second UT, or None."""

    clave_de_elector: str
    credential: str
    unidad: str
    conduct: Conduct
    choice: int
    other: str | None = None

    @property
    def unidades(self) -> tuple[str, ...]:
        """The UTs in whose lists the person is."""
        return (self.unidad,) if self.other is None else (self.unidad, self.other)


def unidades_of(rows: Sequence[Row], randomness: Randomness) -> list[Unidad]:
    """The UTs with the projects of their ballots: their own, and others drawn from the demarcación's.

    A demarcación of which the catalogue knows no project draws from all of them; a UT where nobody lives
    and without projects of its own has none, and no urn (SEI-17).
    """
    pools: dict[str, list[str]] = {}
    for row in rows:
        pool = pools.setdefault(row.demarcacion, [])
        pool += [p for p in row.projects if p not in pool]
    everywhere = list(dict.fromkeys(p for row in rows for p in row.projects))
    return [
        Unidad(
            r.clave,
            r.nombre,
            r.demarcacion,
            _projects(r, pools[r.demarcacion] or everywhere, randomness.child(r.clave))
            if r.population or r.projects
            else (),
        )
        for r in rows
    ]


def require_urns(rows: Sequence[Row]) -> None:
    """Raises Refusal when no UT would have an urn: there is nothing to rehearse."""
    if not any(r.population for r in rows):
        raise Refusal("catalogo.poblacion", "catálogo", "una Unidad Territorial con habitantes", "ninguna")
    if not any(r.projects for r in rows):
        raise Refusal("catalogo.proyectos", "catálogo", "una Unidad Territorial con proyectos", "ninguna")


def _projects(row: Row, pool: Sequence[str], randomness: Randomness) -> tuple[str, ...]:
    wanted = max(len(row.projects), 3 + randomness.below(PROJECTS_PER_UT - 2))
    chosen = list(row.projects)
    others = [p for p in pool if p not in row.projects]
    while others and len(chosen) < wanted:
        chosen.append(others.pop(randomness.below(len(others))))
    return tuple(chosen)


def apportion(rows: Sequence[Row], people: int) -> dict[str, int]:
    """How many people opine in each UT: by population, largest remainders; sums to `people`."""
    total = sum(r.population for r in rows) or 1
    exact = {r.clave: people * r.population / total for r in rows}
    counts = {clave: int(share) for clave, share in exact.items()}
    rest = sorted(exact, key=lambda c: (counts[c] - exact[c], c))
    for clave in rest[: people - sum(counts.values())]:
        counts[clave] += 1
    return counts


def people_of(
    unidades: Sequence[Unidad], counts: dict[str, int], randomness: Randomness
) -> dict[str, list[Person]]:
    """By clave of their first UT, everyone who got a Clave: those who opine and some who do not."""
    with_urn = [u for u in unidades if u.proyectos]
    found: dict[str, list[Person]] = {}
    for position, unidad in enumerate(with_urn):
        own = randomness.child(unidad.clave)
        opining = counts[unidad.clave]
        absent = sum(own.below(1000) < _ABSTAIN_PER_THOUSAND for _ in range(opining))
        neighbour = _neighbour(with_urn, position)
        found[unidad.clave] = [
            _person(unidad, neighbour, own, Conduct.ABSTAINS if i >= opining else None)
            for i in range(opining + absent)
        ]
    _lose_claves(found)
    return found


def _person(unidad: Unidad, neighbour: str | None, randomness: Randomness, conduct: Conduct | None) -> Person:
    conduct = conduct or _conduct(randomness)
    if conduct is Conduct.TWO_UTS and neighbour is None:
        conduct = Conduct.OPINES
    return Person(
        clave_de_elector=_clave_de_elector(randomness),
        credential=credentials.generate(randomness),
        unidad=unidad.clave,
        conduct=conduct,
        choice=_preference(len(unidad.proyectos), randomness),
        other=neighbour if conduct is Conduct.TWO_UTS else None,
    )


def _conduct(randomness: Randomness) -> Conduct:
    drawn = randomness.below(1000)
    for conduct, share in _MIX:
        if drawn < share:
            return conduct
        drawn -= share
    return Conduct.OPINES


def _preference(projects: int, randomness: Randomness) -> int:
    """Earlier projects are liked more, so that results look like results."""
    return min(randomness.below(projects), randomness.below(projects))


def _neighbour(unidades: Sequence[Unidad], position: int) -> str | None:
    """The next UT, when it is of the same demarcación and the two are worked on together."""
    follows = position + 1
    if follows >= len(unidades) or follows % ZONE == 0:
        return None
    same = unidades[follows].demarcacion == unidades[position].demarcacion
    return unidades[follows].clave if same else None


ZONE = 8
"""UTs that one process works on together: people of two UTs have both in one zone."""


def _lose_claves(people: dict[str, list[Person]]) -> None:
    """The first few who just opine lose their Clave, replace it, and opine."""
    left = _LOST_CLAVES
    for persons in people.values():
        for i, person in enumerate(persons):
            if left and person.conduct is Conduct.OPINES:
                persons[i] = Person(
                    person.clave_de_elector,
                    person.credential,
                    person.unidad,
                    Conduct.LOSES_CLAVE,
                    person.choice,
                )
                left -= 1
                break


def _clave_de_elector(randomness: Randomness) -> str:
    """18 characters with the form of the real ones; the state code 99 does not exist."""
    letters = "".join(_CONSONANTS[randomness.below(len(_CONSONANTS))] for _ in range(6))
    born = f"{randomness.below(60) + 40:02d}{randomness.below(12) + 1:02d}{randomness.below(28) + 1:02d}"
    return f"{letters}{born}99{'HM'[randomness.below(2)]}{randomness.below(1000):03d}"
