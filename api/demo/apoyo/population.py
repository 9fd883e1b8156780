"""Who will support, and what the padrón says of each: invented people, made before anything begins."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from api.demo.apoyo.plan import ENTIDAD, SITUATIONS, ApoyoPlan, shared
from capture.device.people import Invented, invent
from keys.randomness import Randomness

CORTE = "corte.csv"
SPARE = 20
"""People beside those of the plan's records: who supports by «Mi Apoyo», or is part of a trial."""
_COLUMNS = ("clave_elector", "cic", "ocr", "situacion", "entidad")


@dataclass(frozen=True)
class Citizen:
    """Somebody who supports. `situacion`: of the padrón; empty for one that it does not have."""

    person: Invented
    situacion: str


def populate(plan: ApoyoPlan, random: Randomness) -> list[Citizen]:
    """At least as many people as there are records; situaciones in the plan's proportions, mixed."""
    total = plan.records + SPARE
    situations = [name for name, many in shared(total, SITUATIONS).items() for _ in range(many)]
    mixed = mix(situations, random)
    found: dict[str, Citizen] = {}
    while len(found) < total:
        person = invent(random, ENTIDAD)
        found.setdefault(person.values["clave_elector"], Citizen(person, str(mixed[len(found)])))
    return list(found.values())


def mix(items: Sequence[object], random: Randomness) -> list[object]:
    """In an order that chance gives (Fisher and Yates)."""
    mixed = list(items)
    for at in range(len(mixed) - 1, 0, -1):
        other = random.below(at + 1)
        mixed[at], mixed[other] = mixed[other], mixed[at]
    return mixed


def write_padron(folder: Path, citizens: Sequence[Citizen], staff: Sequence[Invented]) -> Path:
    """The file that the DERFE loads: those who support, and the auxiliares."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CORTE
    rows = [(c.person, c.situacion) for c in citizens if c.situacion]
    rows += [(person, "lista-nominal") for person in staff]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for person, situacion in rows:
            values = person.values
            writer.writerow(
                (values["clave_elector"], values.get("cic", ""), values["ocr"], situacion, ENTIDAD)
            )
    return path
