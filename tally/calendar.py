"""The instants of a consultation that the urn obeys (SEI-01, SEI-20, SEI-22). All times carry their zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import canonical
from keys.errors import FormatRefusal
from tally.errors import CastingRefusal, OpeningRefusal

FIELDS = ("opinion_inicio", "opinion_fin", "apertura_urna")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opinions from `voting_start` (included) to `voting_end` (excluded); the urn opens from `opening` on."""

    voting_start: datetime
    voting_end: datetime
    opening: datetime

    def __post_init__(self) -> None:
        if not self.voting_start < self.voting_end <= self.opening:
            raise FormatRefusal(
                "calendario.orden", "calendario", "inicio < fin ≤ apertura", str(self.to_json())
            )

    def require_voting(self, now: datetime) -> None:
        """Raises CastingRefusal, with the dates of the phase, outside of it."""
        if not self.voting_start <= now < self.voting_end:
            phase = f"de {spoken(self.voting_start)} a {spoken(self.voting_end)}"
            raise CastingRefusal("calendario.opinion", "opinión por internet", phase, spoken(now))

    def require_voting_over(self, now: datetime) -> None:
        """Raises OpeningRefusal before the end of the phase."""
        if now < self.voting_end:
            raise OpeningRefusal(
                "calendario.cierre", "cierre", f"desde {spoken(self.voting_end)}", spoken(now)
            )

    def require_opening(self, now: datetime) -> None:
        """Raises OpeningRefusal before the date of the opening."""
        if now < self.opening:
            raise OpeningRefusal(
                "calendario.apertura", "apertura", f"desde {spoken(self.opening)}", spoken(now)
            )

    def to_json(self) -> dict[str, str]:
        """RFC 3339, whole seconds."""
        instants = (self.voting_start, self.voting_end, self.opening)
        return {n: i.isoformat(timespec="seconds") for n, i in zip(FIELDS, instants, strict=True)}

    @classmethod
    def from_json(cls, value: Any, place: str) -> Calendar:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, FIELDS)
        return cls(*(instant(fields[n], f"{place}.{n}") for n in FIELDS))


def instant(value: Any, place: str) -> datetime:
    """An RFC 3339 instant with numeric offset and whole seconds."""
    text = canonical.string(value, place)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.isoformat(timespec="seconds") != text:
        raise FormatRefusal("formato.instante", place, "2023-04-28T20:00:00-06:00", text)
    return found


def spoken(moment: datetime) -> str:
    """An instant for people: «28/04/2023 20:00:00 (UTC-06:00)»."""
    return moment.strftime("%d/%m/%Y %H:%M:%S (%Z)")
