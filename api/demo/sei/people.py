"""The invented people of a consultation, and what each of them does. Nobody here exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from api.demo.people import apportion
from api.demo.plan import Plan
from api.demo.sei.plan import Territory
from capture.device.people import invent
from keys.randomness import Randomness

ENTIDAD = "09"
_ABSTAIN_PER_THOUSAND = 90


class Conduct(StrEnum):
    """What a person with a Clave does during the days of opinion. The values are told."""

    OPINES = "opina"
    BLANK = "confirma sin elegir: voto nulo"
    RETRIES = "pierde la respuesta y reenvía la misma boleta"
    TWICE = "quiere opinar otra vez"
    RACES = "envía desde dos dispositivos a la vez"
    TWO_UTS = "elige una de las dos UT de su sección, y quiere también la otra"
    CHALLENGES = "audita su boleta antes de enviarla"
    MISTYPES = "escribe mal la Clave"
    COPIES = "envía una copia de la boleta de otra persona"
    LOSES_CLAVE = "pierde la Clave y el CAT se la repone"
    EXHAUSTS = "agota los tokens y el CAT la desbloquea"
    DENIES = "no pidió su Clave, que se deshabilita"
    NO_PROJECTS = "vive en una UT sin proyectos"
    EARLY = "entra antes de la apertura, y después opina"
    LATE = "llega después del cierre"
    ABSTAINS = "no opina"


MAY_OPINE = frozenset(Conduct) - {Conduct.DENIES, Conduct.NO_PROJECTS, Conduct.LATE, Conduct.ABSTAINS}
"""Conducts that end with a ballot in an urn."""
AT_THE_CAT = frozenset({Conduct.LOSES_CLAVE, Conduct.EXHAUSTS})
_FEW = {
    Conduct.BLANK: 4,
    Conduct.RETRIES: 3,
    Conduct.TWICE: 2,
    Conduct.RACES: 3,
    Conduct.CHALLENGES: 2,
    Conduct.MISTYPES: 2,
    Conduct.COPIES: 1,
    Conduct.LOSES_CLAVE: 2,
    Conduct.EXHAUSTS: 2,
    Conduct.EARLY: 1,
}
"""How many of those who opine do something else than that; with few people, one of each as far as they go."""
_ORDER = (
    *(Conduct.RACES, Conduct.LOSES_CLAVE, Conduct.EXHAUSTS, Conduct.BLANK, Conduct.RETRIES),
    *(Conduct.CHALLENGES, Conduct.TWICE, Conduct.MISTYPES, Conduct.COPIES, Conduct.EARLY),
)


@dataclass(frozen=True, slots=True)
class Voter:
    """`unidad`: the UT whose ballot the person fills in; `choice`: index of the project."""

    clave_elector: str
    ocr: str
    nombre: str
    telefono: str
    correo: str
    seccion: str
    unidad: str
    conduct: Conduct
    choice: int
    other: str | None = None
    """The second UT of the section, where the person tries too."""

    @property
    def opines(self) -> bool:
        """Whether a ballot ends in the urn."""
        return self.conduct in MAY_OPINE


def voters_of(plan: Plan, territory: Territory) -> list[Voter]:
    """Everyone who gets a Clave: exactly `plan.people` will opine, and some others will not."""
    random = plan.randomness("personas-sei")
    with_urn = [u for u in territory.unidades if u.proyectos]
    population = [row for row in plan.rows if row.clave in {u.clave for u in with_urn}]
    counts = apportion(population, plan.people)
    made = Register(random)
    voters = [
        made.voter(territory.own(u.clave), u.clave, len(u.proyectos))
        for u in with_urn
        for _ in range(counts[u.clave])
    ]
    voters = _with_borders(_with_conducts(voters, random), territory)
    absent = [
        Conduct.LATE,
        Conduct.DENIES,
        *[Conduct.ABSTAINS] * (plan.people * _ABSTAIN_PER_THOUSAND // 1000),
    ]
    for conduct in absent:
        unidad = with_urn[random.below(len(with_urn))]
        voters.append(made.voter(territory.own(unidad.clave), unidad.clave, len(unidad.proyectos), conduct))
    for unidad in [u for u in territory.unidades if not u.proyectos][:1]:
        voters.append(made.voter(territory.own(unidad.clave), unidad.clave, 1, Conduct.NO_PROJECTS))
    return voters


class Register:
    """Nobody has the number, telephone or e-mail of somebody else."""

    def __init__(self, random: Randomness, known: Sequence[str] = ()) -> None:
        """`known`: claves de elector of those who are there."""
        self._random = random
        self._known = set(known)

    def voter(self, section: str, unidad: str, projects: int, conduct: Conduct = Conduct.OPINES) -> Voter:
        """Somebody new."""
        person = invent(self._random, ENTIDAD)
        while person.values["clave_elector"] in self._known:
            person = invent(self._random, ENTIDAD)
        self._known.add(person.values["clave_elector"])
        number = len(self._known)
        names = (person.values[name] for name in ("nombre", "apellido_paterno", "apellido_materno"))
        return Voter(
            clave_elector=person.values["clave_elector"],
            ocr=section + person.values["ocr"][4:],
            nombre=" ".join(names),
            telefono=f"55{10_000_000 + number}",
            correo=f"persona{number}@ejemplo.mx",
            seccion=section,
            unidad=unidad,
            conduct=conduct,
            choice=_preference(projects, self._random),
        )


def _with_conducts(voters: Sequence[Voter], random: Randomness) -> list[Voter]:
    """The first rounds give one of each conduct, so that a small rehearsal shows as many as it can."""
    wanted = [c for n in range(max(_FEW.values())) for c in _ORDER if _FEW[c] > n]
    found, places = list(voters), list(range(len(voters)))
    for conduct in wanted[: len(voters) // 2]:
        fit = _in_a_crowd(found, places) if conduct is Conduct.COPIES else places
        place = fit[random.below(len(fit))]
        places.remove(place)
        found[place] = replace(found[place], conduct=conduct)
    return found


def _in_a_crowd(voters: Sequence[Voter], places: Sequence[int]) -> list[int]:
    """Places of people of the UT with most of them: there is a ballot to copy."""
    (crowd, _), *_ = Counter(voters[place].unidad for place in places).most_common(1)
    return [place for place in places if voters[place].unidad == crowd]


def _with_borders(voters: Sequence[Voter], territory: Territory) -> list[Voter]:
    """In each pair of neighbours one person lives in the section that both share."""
    found, done = list(voters), set[str]()
    for place, voter in enumerate(found):
        border = territory.shared(voter.unidad)
        if border is None or border[0] in done or voter.conduct is not Conduct.OPINES:
            continue
        section, other = border
        done.add(section)
        ocr = section + voter.ocr[4:]
        found[place] = replace(voter, seccion=section, ocr=ocr, other=other, conduct=Conduct.TWO_UTS)
    return found


def _preference(projects: int, random: Randomness) -> int:
    """Earlier projects are liked more, so that results look like results."""
    return min(random.below(projects), random.below(projects))
