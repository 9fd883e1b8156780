"""What the rehearsed process is: dates, people, and the proportions of the informed case (source 003,
tables 4 to 7).

There, of 3,309 records at the cut: 1,392 for compulsa, 43 duplicates, 105 with an inconsistency (76
photocopies, 10 credentials, 7 signatures, 6 photos, 6 others), 1,434 in the mesa de control and 335 in
processing; 26 came from «Mi Apoyo», and 94 of 535 auxiliares had been removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.demo.apoyo.clock import CENTRO

CUT = {"revisados": 1_497, "duplicados": 43, "mesa": 1_434, "procesamiento": 335}
"""Where the records are at the cut: `revisados` are those for compulsa and those with an inconsistency."""
FAULTS = {"e": 76, "a": 10, "l": 7, "h": 6, "f": 6}
"""Records with each inciso of 002 §6.1 among REVIEWED."""
REVIEWED = 1_497
DUPLICATES, RECEIVED = 43, 3_309
SITUATIONS = {
    "lista-nominal": 90,
    "baja-de-lista-nominal": 3,
    "suspension-de-derechos-politicos": 2,
    "cancelacion-de-tramite": 1,
    "duplicado-en-padron": 1,
    "defuncion": 1,
    "perdida-de-vigencia": 1,
    "": 1,
}
"""What the padrón will answer for of 100 people; empty: it does not have them."""
OPL, ENTIDAD = "ieez", "32"
INSTITUTE = "Instituto Electoral del Estado (ensayo)"
OPERATORS = 5
CANDIDATES = ("Aspirante Uno", "Aspirante Dos", "Aspirante Tres")
SHARES = (9, 6, 5)
"""Auxiliares of each, and twentieths of the records."""
AUXILIARES = sum(SHARES)


@dataclass(frozen=True)
class ApoyoPlan:
    """Sizes and instants. `start` is when the OPL asks; all others follow from it."""

    output: Path
    records: int
    start: datetime
    readings: int = 0
    """Drawn credentials beside the records, which the engines read."""

    @property
    def opens(self) -> datetime:
        """Of the periodo of capture: three weeks after the request."""
        return _at(self.start + timedelta(days=21), 0)

    @property
    def closes(self) -> datetime:
        """30 days later."""
        return self.opens + timedelta(days=30)

    @property
    def cut(self) -> datetime:
        """Of the Nota informativa: in the middle of the periodo."""
        return _at(_workday(self.opens + timedelta(days=14)), 13)

    @property
    def preliminary(self) -> datetime:
        """Within 6 working days of the end."""
        return _at(_workday(self.closes + timedelta(days=2)), 12)

    @property
    def audiencia(self) -> datetime:
        """Within 4 days of the preliminary results, asked for 48 hours ahead."""
        return _at(_workday(self.preliminary + timedelta(days=4)), 11)

    @property
    def definitive(self) -> datetime:
        """Within 2 working days of the notice that the audiencias are over."""
        return _at(_workday(self.audiencia + timedelta(days=1)), 12)

    def records_of(self, candidate: int) -> int:
        """How many records the auxiliares of an aspirante capture; all of them add up to `records`."""
        return shared(self.records, dict(enumerate(SHARES)))[candidate]


def shared(total: int, weights: Mapping[int, int] | Mapping[str, int]) -> dict[object, int]:
    """`total` in whole parts as the weights are (largest remainder, Hare quota)."""
    whole = sum(weights.values())
    exact = {name: total * weight / whole for name, weight in weights.items()}
    parts: dict[object, int] = {name: int(value) for name, value in exact.items()}
    rest = sorted(exact, key=lambda name: parts[name] - exact[name])
    for name in rest[: total - sum(parts.values())]:
        parts[name] += 1
    return parts


def _at(day: datetime, hour: int) -> datetime:
    return day.astimezone(CENTRO).replace(hour=hour, minute=0, second=0, microsecond=0)


def _workday(day: datetime) -> datetime:
    """The day itself, or the Monday that follows."""
    local = day.astimezone(CENTRO)
    return local + timedelta(days=max(7 - local.weekday(), 0) if local.weekday() >= 5 else 0)
