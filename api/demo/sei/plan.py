"""What a consultation through the service will be: its size, its Unidades Territoriales and its instants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from api.demo.catalogue import Row
from api.demo.people import unidades_of
from api.demo.plan import Plan
from tally.consulta.cronograma import SATURDAY, Cronograma, Fase, local
from tally.consulta.cronograma_2022 import default_of
from tally.setup import Unidad

YEAR = 2023
SEI_PEOPLE = 60
"""Opinions by internet unless more are asked for: each of them is a device that derives the own Clave."""
SEI_UNITS = 6
"""Of the catalogue that comes with the program; one more has no project and no urn."""


@dataclass(frozen=True)
class SeiPlan:
    """`base` has the sizes and places of any rehearsal; `database`: empty for SQLite."""

    base: Plan
    database: str = ""
    cronograma: Cronograma = field(default_factory=lambda: default_of(YEAR))

    @property
    def start(self) -> datetime:
        """When the service begins to work: a month before the pre-registro."""
        day = self.cronograma[Fase.PREREGISTRO].inicio - timedelta(days=30)
        return local(day).replace(hour=10, minute=0)

    @property
    def ceremony(self) -> datetime:
        """When the keys are made: a week before the pre-registro."""
        return self.cronograma[Fase.PREREGISTRO].inicio - timedelta(days=7)

    @property
    def validation(self) -> datetime:
        """When requests are looked at: the second day of the pre-registro."""
        return self.cronograma[Fase.PREREGISTRO].inicio + timedelta(days=1, hours=1)

    @property
    def checking(self) -> datetime:
        """When a sample of people is called by telephone."""
        return self.cronograma[Fase.VERIFICACION].inicio + timedelta(hours=11)

    @property
    def setting_up(self) -> datetime:
        """When the urns are installed: the day of the opinions, at noon."""
        return local(self.cronograma[Fase.OPINION].inicio).replace(hour=12)

    @property
    def first_evening(self) -> datetime:
        """An hour after opinions begin."""
        return self.cronograma[Fase.OPINION].inicio + timedelta(hours=1)

    @property
    def attended(self) -> datetime:
        """An hour in which the CAT attends: the first working day, at eleven."""
        day = self.first_evening + timedelta(days=1)
        while local(day).weekday() >= SATURDAY:
            day += timedelta(days=1)
        return datetime.combine(local(day).date(), time(11), local(day).tzinfo)

    @property
    def last_hour(self) -> datetime:
        """Half an hour before the end."""
        return self.cronograma[Fase.OPINION].fin - timedelta(minutes=30)

    @property
    def opening(self) -> datetime:
        """When the Consejo General opens the urns: at ten."""
        return self.cronograma[Fase.APERTURA].inicio + timedelta(hours=10)

    @property
    def jornada(self) -> datetime:
        """An hour in which the Mesas receive people."""
        return self.cronograma[Fase.MESAS].inicio + timedelta(hours=2)

    @property
    def counting(self) -> datetime:
        """When the Mesas have counted."""
        return self.cronograma[Fase.COMPUTO].inicio + timedelta(hours=1)


def chosen_for_service(rows: Sequence[Row]) -> list[Row]:
    """Of the catalogue that comes with the program: a few UTs, and one for which nobody proposed anything."""
    empty = replace(rows[SEI_UNITS], projects=(), population=0)
    return [*rows[:SEI_UNITS], empty]


@dataclass(frozen=True)
class Territory:
    """The UTs with their projects, and the electoral sections that touch them."""

    unidades: tuple[Unidad, ...]
    sections: dict[str, tuple[str, ...]]
    """By clave of the UT, its sections: the first is only its own, the others it shares."""

    def own(self, clave: str) -> str:
        """A section that touches this UT and no other."""
        return self.sections[clave][0]

    def shared(self, clave: str) -> tuple[str, str] | None:
        """A section that this UT shares with another one, and that one; None where it has none."""
        for section in self.sections[clave][1:]:
            for other, found in self.sections.items():
                if other != clave and section in found:
                    return section, other
        return None


def territory_of(plan: Plan) -> Territory:
    """Each UT with a section of its own; neighbours with urns of one demarcación share another (SEI-16)."""
    unidades = tuple(unidades_of(plan.rows, plan.randomness("proyectos")))
    sections = {u.clave: [f"{n:04d}"] for n, u in enumerate(unidades, 1)}
    with_urn = [u for u in unidades if u.proyectos]
    for number, (one, other) in enumerate(zip(with_urn[::2], with_urn[1::2], strict=False), 1):
        if one.demarcacion == other.demarcacion:
            for unidad in (one, other):
                sections[unidad.clave].append(f"{5000 + number:04d}")
    return Territory(unidades, {clave: tuple(found) for clave, found in sections.items()})
