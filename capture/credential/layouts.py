"""Where things lie on each model of the Credencial para Votar, C to J: hints for reading, and a drawing plan.

From public descriptions of the models, never from a real card: a reader uses the places as hints and lets
labels and forms decide. Measured in pixels of a card of 1586 × 1000 (ID-1, 85.60 × 53.98 mm), given in
shares of the card. Pure.

    C, D  header of the IFE, photograph on the right; D adds CURP, vigencia, PDF417, machine-readable lines
    E, F  header of the INE, photograph on the left; small QR and Code128 on the back
    G-J   two dense QR and the small one on the back, signature on the front; no estado, municipio, localidad
    F, H, J  issued to live abroad: no domicilio, «DESDE EL EXTRANJERO»
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from capture.credential import layout_rows as rows
from capture.imaging.picture import Box
from capture.reading.results import Side

CARD_WIDTH, CARD_HEIGHT = 1586, 1000
"""Pixels of a rectified card."""
DRAWN_MODELS = "CDEFGHIJ"
ABROAD = frozenset("FHJ")
"""Models for people who live in another country."""


class Kind(StrEnum):
    """What a region holds."""

    HEADER = "encabezado"
    LABEL = "etiqueta"
    TEXT = "texto"
    PHOTO = "fotografia"
    GHOST = "fotografia-fantasma"
    SIGNATURE = "firma"
    FINGERPRINT = "huella"
    CODE = "codigo"
    MRZ = "mrz"
    MARK = "muestra"
    """Free of anything to read: a specimen is marked here."""


@dataclass(frozen=True, slots=True)
class Region:
    """One thing on a side.

    `name`: of a text, its field (those of `capture.packet.record.FIELDS`, and `domicilio`, `anio_registro`,
    `localidad`, `emision`, `fecha_nacimiento`, `sexo`, `edad`, `folio`); of a label, the field that it
    announces; of a code, `qr`, `qr_denso_1`, `qr_denso_2`, `code128` or `pdf417`; else the kind.
    `text`: what is printed of a label or header. `lines` share the height of the box. `turned`: printed
    from the bottom up (a quarter turn to the left).
    """

    kind: Kind
    name: str
    box: Box
    text: str = ""
    lines: int = 1
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """One side of one model."""

    model: str
    side: Side
    regions: tuple[Region, ...]

    def of_kind(self, *kinds: Kind) -> Iterator[Region]:
        """The regions of these kinds, in the order of printing."""
        return (region for region in self.regions if region.kind in kinds)

    def find(self, kind: Kind, name: str | None = None) -> Region | None:
        """The first region of that kind (and name), if the side has one."""
        return next((r for r in self.of_kind(kind) if name is None or r.name == name), None)

    @property
    def fields(self) -> frozenset[str]:
        """Names of the texts that are printed."""
        return frozenset(region.name for region in self.of_kind(Kind.TEXT))


@cache
def layout(model: str, side: Side) -> Layout:
    """The plan of a model C to J. Raises KeyError for another letter (A and B have no drawing)."""
    table = (rows.FRONTS if side is Side.ANVERSO else rows.BACKS)[model]
    return Layout(model, side, tuple(map(_region, table)))


def _region(row: rows.Row) -> Region:
    kind, name, (left, top, width, height), text, lines, turned = row
    box = Box(left / CARD_WIDTH, top / CARD_HEIGHT, width / CARD_WIDTH, height / CARD_HEIGHT)
    return Region(Kind(kind), name, box, text, lines, turned)
