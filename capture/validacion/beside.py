"""What a person typed beside what the engines read from the credential, field by field (7.3.1). Pure.

Advice for the operator, who decides: nothing is completed and nothing corrected. A value that was not read is
empty and says why; the Unidad Territorial is on no credential.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from capture.imaging.picture import Box
from capture.preregistro.form import LABELS, RequestData
from capture.reading.merging import alike
from capture.reading.record import FILES
from capture.reading.results import CardReading, Found, Missing, RecordReading

SHOWN = tuple(name for name in LABELS if name not in ("telefono", "correo"))
"""What is compared with the credential: neither the channel of the Clave nor that of the token."""
_ADDRESS = {
    "demarcacion": "demarcacion",
    "cp": "codigo_postal",
    "calle": "calle",
    "numero_exterior": "numero_exterior",
    "numero_interior": "numero_interior",
}
"""Names of the form that `capture.credential.address.PARTS` spells in its own way, or as well."""
_NOT_ON_CREDENTIALS = frozenset({"unidad"})
_YEAR_CHARS = 4


@dataclass(frozen=True, slots=True)
class Beside:
    """One field. `read`: None where the images were not read at all; `agrees`: None where nothing can be
    compared. Spaces, capitals and accents do not count."""

    name: str
    typed: str = field(repr=False)
    read: Found | None
    agrees: bool | None

    @property
    def where(self) -> Box | None:
        """Its place on the credential; None where none was found."""
        return None if self.read is None else self.read.where

    @property
    def file(self) -> str | None:
        """The image that shows that place; None without one."""
        found = self.read
        if found is None or found.where is None or found.side is None:
            return None
        return FILES[found.side]


def beside(data: RequestData, reading: RecordReading | None) -> tuple[Beside, ...]:
    """Every field that is compared, in the order of the form."""
    return tuple(_rows(data, None if reading is None else reading.card))


def _rows(data: RequestData, card: CardReading | None) -> Iterator[Beside]:
    for name in SHOWN:
        typed = str(getattr(data, name))
        if card is None:
            yield Beside(name, typed, None, None)
            continue
        found = _found(card, name)
        yield Beside(name, typed, found, _agrees(name, typed, found))


def _found(card: CardReading, name: str) -> Found:
    if name in _NOT_ON_CREDENTIALS:
        return Found(None, missing=Missing.NOT_ON_MODEL)
    where: Mapping[str, Found] = card.address if name in _ADDRESS else card.values
    return where.get(_ADDRESS.get(name, name)) or Found(None, missing=Missing.NOT_FOUND)


def _agrees(name: str, typed: str, found: Found) -> bool | None:
    if found.value is None or not typed:
        return None
    # A credential may say from which year to which; the form has the one in which it ends.
    read = found.value[-_YEAR_CHARS:] if name == "vigencia" else found.value
    return alike(typed, read)
