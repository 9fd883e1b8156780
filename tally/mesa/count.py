"""What a Mesa counted of one Unidad Territorial, with its arithmetic (SEI-25). Values in, values out.

It exists only when it adds up. Of a small urn it never leaves the device where it was captured: what is
handed in is encrypted (tally/small_urns_mesa.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keys import canonical
from tally.mesa.errors import MesaRefusal
from tally.setup import Unidad

FIELDS = ("recibidas", "sobrantes", "opiniones", "nulas", "total", "observaciones")
MOST_NOTES = 1000
"""Characters of `observaciones`."""


def require(holds: bool, rule: str, place: str, expected: object, got: object) -> None:
    """Raises MesaRefusal unless `holds`."""
    if not holds:
        raise MesaRefusal(rule, place, expected, got)


@dataclass(frozen=True, slots=True)
class MesaCount:
    """Ballots on paper: `received`, `spare` (left over), `opinions` per project, `nulas` and their `total`.

    `notes`: due when fewer ballots were counted than were given to people.
    """

    clave: str
    received: int
    spare: int
    opinions: tuple[int, ...]
    nulas: int
    total: int
    notes: str = ""

    def __post_init__(self) -> None:
        place = self.place
        for number in (self.received, self.spare, *self.opinions, self.nulas, self.total):
            canonical.small_int(number, place)
        counted = sum(self.opinions) + self.nulas
        require(self.total == counted, "mesa.suma", f"{place}.total", counted, self.total)
        fits = self.spare <= self.received
        require(fits, "mesa.sobrantes", f"{place}.sobrantes", f"a lo más {self.received}", self.spare)
        require(
            self.total <= self.given, "mesa.boletas", f"{place}.total", f"a lo más {self.given}", self.total
        )
        require(len(self.notes) <= MOST_NOTES, "mesa.observaciones", place, f"{MOST_NOTES} caracteres", "más")
        explained = self.missing == 0 or bool(self.notes.strip())
        expected = "observaciones que lo expliquen"
        require(
            explained, "mesa.faltantes", f"{place}.observaciones", expected, f"faltan {self.missing} boletas"
        )

    @property
    def place(self) -> str:
        """Where refusals say that they are."""
        return f"Mesa de la UT {self.clave}"

    @property
    def given(self) -> int:
        """Ballots that people received."""
        return self.received - self.spare

    @property
    def missing(self) -> int:
        """Ballots that people received and that were not in the urn."""
        return self.given - self.total

    @property
    def numbers(self) -> tuple[int, ...]:
        """In the order of the urn's question: nulas first."""
        return (self.nulas, *self.opinions)

    def require_fits(self, unidad: Unidad) -> None:
        """One number for each project of the UT. Raises MesaRefusal."""
        require(unidad.clave == self.clave, "mesa.unidad", self.place, unidad.clave, self.clave)
        projects, got = len(unidad.proyectos), len(self.opinions)
        require(got == projects, "mesa.proyectos", self.place, f"{projects} proyectos", got)

    @property
    def data(self) -> bytes:
        """Canonical bytes."""
        return canonical.encode_sorted(
            {
                "recibidas": self.received,
                "sobrantes": self.spare,
                "opiniones": list(self.opinions),
                "nulas": self.nulas,
                "total": self.total,
                "observaciones": self.notes,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, clave: str) -> MesaCount:
        """Read strictly. Raises Refusal."""
        place = f"Mesa de la UT {clave}"
        fields: dict[str, Any] = canonical.record(canonical.parse(data, place), place, FIELDS)
        made = cls(
            clave,
            fields["recibidas"],
            fields["sobrantes"],
            tuple(canonical.items(fields["opiniones"], place, canonical.small_int)),
            fields["nulas"],
            fields["total"],
            canonical.string(fields["observaciones"], place),
        )
        canonical.require_same(data, made.data.decode(), place)
        return made
