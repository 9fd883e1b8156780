"""How a consultation through the service ended, as a Consejo General reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rich.table import Table
from rich.text import Text

from api.demo.screen import Screen
from api.demo.sei.judging import Belenios
from api.demo.sei.stages import Published
from tally.acta_results import Results
from tally.consultation import Consultation
from tally.setup import Unidad


@dataclass(frozen=True)
class Line:
    """One UT. `nulos` and `winner` are None where the urn stays closed."""

    clave: str
    nombre: str
    internet: int
    nulos: int | None
    winner: str | None


@dataclass(frozen=True)
class SeiSummary:
    """`verdict`: the document that certeza-verify prints; `checks`: what added up, in words."""

    lines: tuple[Line, ...]
    results: Results
    verdict: dict[str, Any]
    exit_code: int
    belenios: Belenios
    checks: tuple[str, ...] = field(default_factory=tuple)


def summary_of(
    consultation: Consultation, found: Published, verdict: dict[str, Any], code: int, belenios: Belenios
) -> SeiSummary:
    """From what was published, and what the judges said of it."""
    actas = found.actas
    lines = tuple(_line(u, actas[u.clave]) for u in consultation.unidades if u.clave in actas)
    return SeiSummary(lines, found.results, verdict, code, belenios, found.checks)


def _line(unidad: Unidad, acta: dict[str, Any]) -> Line:
    people = int(acta["personas_en_listado"])
    if acta["acta"] == "reserva":
        return Line(unidad.clave, unidad.nombre, people, None, None)
    first = max(acta["resultados"], key=lambda one: int(one["opiniones"]))
    return Line(unidad.clave, unidad.nombre, people, int(acta["votos_nulos"]), str(first["proyecto"]))


def show(screen: Screen, summary: SeiSummary) -> None:
    """The table of the UTs, what added up, and what the independent programs said."""
    table = Table(title="Resultados por Unidad Territorial", title_justify="left")
    for name in ("UT", "Nombre", "Opiniones", "Nulos", "Más opiniones"):
        right = name in ("Opiniones", "Nulos")
        table.add_column(name, justify="right" if right else "left", no_wrap=right)
    for line in summary.lines:
        nulos = "—" if line.nulos is None else f"{line.nulos:,}"
        table.add_row(
            line.clave, Text(line.nombre), f"{line.internet:,}", nulos, Text(line.winner or "reservada")
        )
    table.add_section()
    total = summary.results.total
    table.add_row("Total", "", f"{total.ballots:,}", f"{total.nulos:,}", "", style="bold")
    screen.say()
    screen.console.print(table)
    for check in summary.checks:
        screen.fact(check)
