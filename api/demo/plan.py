"""What a rehearsal will do: sizes, dates and places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from api.demo.catalogue import Row
from keys.group.choice import Arithmetic
from keys.randomness import Randomness, SeededRandomness, SystemRandomness
from tally.calendar import Calendar

HORA_CENTRO = timezone(timedelta(hours=-6), "hora centro")
CITY_PEOPLE = 22_227
"""Registered internet voters of 2023."""
PEOPLE_PER_UT = 20
OFFICES = ("Presidencia del Consejo General", *(f"Consejería Electoral {i}" for i in range(1, 7)))
ABSENT = 6
WRONG = 3
"""Numbers of the trustee who does not come and of the one who hands in a wrong share."""
THRESHOLD = 5
CALENDAR = Calendar(
    datetime(2023, 4, 28, 20, tzinfo=HORA_CENTRO),
    datetime(2023, 5, 4, 20, tzinfo=HORA_CENTRO),
    datetime(2023, 5, 5, 10, tzinfo=HORA_CENTRO),
)


@dataclass(frozen=True)
class Plan:
    """Everything a rehearsal depends on. `people`: how many opine by internet."""

    output: Path
    rows: tuple[Row, ...]
    people: int
    seed: str | None
    group: str = "Ed25519"
    arithmetic: Arithmetic = "auto"
    processes: int | None = None
    id: str = "ensayo-2023"
    title: str = "Consulta de Presupuesto Participativo 2023 (ensayo)"
    calendar: Calendar = CALENDAR

    @property
    def public(self) -> Path:
        """The folder of the consultation that anyone may copy."""
        return self.public_root / self.id

    @property
    def public_root(self) -> Path:
        """Everything public: a folder for each process."""
        return self.output / "publico"

    @property
    def ceremony(self) -> Path:
        """The folder that travelled between the trustees."""
        return self.output / "ceremonia"

    @property
    def custodios(self) -> Path:
        """The trustees' own machines, as folders."""
        return self.output / "custodios"

    @property
    def direcciones(self) -> Path:
        """What the Direcciones Distritales receive, and their keys."""
        return self.output / "direcciones-distritales"

    def randomness(self, label: str) -> Randomness:
        """The stream of one task: the system's generator, or one that follows from the seed."""
        root: Randomness = SystemRandomness() if self.seed is None else SeededRandomness(self.seed)
        return root.child(label)

    @property
    def opened_at(self) -> datetime:
        """When the Consejo General opens the urn: an hour into the day."""
        return self.calendar.opening + timedelta(hours=1)

    @property
    def mesas_at(self) -> datetime:
        """When the Mesas have counted: two days after the opening, in the evening."""
        return self.calendar.opening + timedelta(days=2, hours=8)

    @property
    def sums_at(self) -> datetime:
        """When the Consejo General opens the sums of the small urns."""
        return self.mesas_at + timedelta(hours=2)
