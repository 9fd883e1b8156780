"""How a consultation through the service ended, as a Consejo General reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from api.demo.screen import Screen
from api.demo.sei.stages_mesas import Counted
from tally.consultation import Consultation
from tally.setup import Unidad


@dataclass(frozen=True)
class Line:
    """One UT. What is None stays closed: of a small urn only its sum with the Mesa is told, or nothing."""

    clave: str
    nombre: str
    internet: int
    mesa: int
    nulos: int | None
    winner: str | None


@dataclass(frozen=True)
class SeiSummary:
    """`exit_code`: of certeza-verify; `checks`: what added up, in words."""

    lines: tuple[Line, ...]
    exit_code: int
    checks: tuple[str, ...]


def summary_of(consultation: Consultation, found: Counted, code: int) -> SeiSummary:
    """From what was published, and what the verifier said of it."""
    lines = tuple(_line(urn.unidad, found.actas[urn.unidad.clave]) for urn in consultation.urns)
    return SeiSummary(lines, code, found.published.checks)


def _line(unidad: Unidad, acta: dict[str, Any]) -> Line:
    total, rows = acta["total"], acta["resultados"]
    told = [row for row in rows if row["total"] is not None]
    first = max(told, key=lambda row: int(row["total"])) if told else None
    winner = None if first is None else f"{first['proyecto']} ({first['total']:,})"
    nulos = acta["votos_nulos"]["total"]
    return Line(unidad.clave, unidad.nombre, total["internet"], total["mesa"], nulos, winner)


def show(screen: Screen, summary: SeiSummary) -> None:
    """The table of the UTs, what added up, and what the independent programs said."""
    table = Table(title="Resultados: internet y Mesas", title_justify="left")
    right = ("Internet", "Mesa", "Nulos")
    for name in ("UT", "Nombre", *right, "Más opiniones"):
        table.add_column(name, justify="right" if name in right else "left", no_wrap=name in right)
    for line in summary.lines:
        nulos = "—" if line.nulos is None else f"{line.nulos:,}"
        winner = Text(line.winner or "reservada: muy pocas opiniones")
        numbers = (f"{line.internet:,}", f"{line.mesa:,}", nulos)
        table.add_row(line.clave, Text(line.nombre), *numbers, winner)
    table.add_section()
    internet, mesas = (sum(n) for n in zip(*((x.internet, x.mesa) for x in summary.lines), strict=True))
    table.add_row("Total", "", f"{internet:,}", f"{mesas:,}", "", "", style="bold")
    screen.say()
    screen.console.print(table)
    for check in summary.checks:
        screen.fact(check)
