"""An official document as data: what it says, apart from how it is drawn (APO-29).

The same content is printed (`ledger.document_pdf`) and written as canonical JSON, whose SHA-256 is printed on
the page and goes in the log. Only texts and whole numbers: two programs that read it cannot disagree.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from keys.canonical import encode_sorted

SCHEMA = "certeza/documento/v1"
INE = "Instituto Nacional Electoral"
LEGEND_INE = (
    "El presente documento está firmado electrónicamente, produciendo los mismos efectos que los "
    "presentados con firma autógrafa y, en consecuencia, con el mismo valor probatorio jurídico-"
    "administrativo que las disposiciones correspondientes les otorgan a éstos, garantía de la autoría "
    "del firmante, integridad del documento y, por ende, el contenido del mismo no podrá desconocerse ni "
    "admitirá prueba en contrario; de conformidad con lo previsto en los artículos 10, 11, 12 y 22 del "
    "Reglamento para el Uso y Operación de la Firma Electrónica Avanzada en el Instituto Nacional "
    "Electoral."
)
"""Word for word as on the INE's documents (source 004). It cites the INE's rules: only it may print it."""


class Tone(StrEnum):
    """How a paragraph is set."""

    NORMAL = "normal"
    NOTICE = "aviso"
    QUOTE = "cita"
    SMALL = "nota"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text; `lead` is set in bold before it. A line feed breaks the line."""

    text: str
    lead: str | None = None
    tone: Tone = Tone.NORMAL

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {"parte": "parrafo", "texto": self.text, "entrada": self.lead, "tono": str(self.tone)}


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered (1, 2, 3) or with bullets."""

    texts: tuple[str, ...]
    numbered: bool = True

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {"parte": "lista", "textos": list(self.texts), "numerada": self.numbered}


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and its value: «Folio», «F220617000000021»."""

    rows: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {"parte": "datos", "filas": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header that is repeated on each page.

    `numeric`: indices of the columns whose cells are set to the right. `foot`: the row of totals.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    foot: tuple[str, ...] | None = None
    caption: str | None = None

    def __post_init__(self) -> None:
        for row in (*self.rows, *([self.foot] if self.foot is not None else [])):
            if len(row) != len(self.headers):
                raise ValueError(
                    f"una fila de {len(row)} celdas en una tabla de {len(self.headers)} columnas"
                )

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {
            "parte": "tabla",
            "titulo": self.caption,
            "encabezados": list(self.headers),
            "numericas": list(self.numeric),
            "filas": [list(row) for row in self.rows],
            "pie": None if self.foot is None else list(self.foot),
        }


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars, one a row: what it is, and how many. The longest takes the whole width."""

    title: str
    bars: tuple[tuple[str, int], ...]
    unit: str = "registros"

    def __post_init__(self) -> None:
        if any(value < 0 for _, value in self.bars):
            raise ValueError("una barra no puede medir menos que cero")

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        bars = [list(bar) for bar in self.bars]
        return {"parte": "grafica", "titulo": self.title, "unidad": self.unit, "barras": bars}


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines on which people sign by hand: what is printed under each (name, then office)."""

    lines: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {"parte": "firmas", "lineas": [list(line) for line in self.lines]}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it; sections nest twice at most."""

    title: str
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        inner = [part.as_json() for part in self.parts]
        return {"parte": "seccion", "titulo": self.title, "partes": inner}


Part: TypeAlias = Paragraph | Items | Facts | Table | Chart | Signatures | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A document that an institute issues.

    `kind`: a stable code («cedula-de-confirmacion»). `issued`: the aware instant it is dated with, printed in
    the hour of central Mexico. `area`: the office that issues it. `reference`: its number or folio. `legend`:
    the legal text above the seals, such as LEGEND_INE. `page`: the public page where it can be checked.
    `nonce`: random text in the JSON alone, so that nobody guesses what a hash in the log says.
    """

    kind: str
    title: str
    institute: str
    issued: datetime
    parts: tuple[Part, ...]
    subtitle: str | None = None
    area: str | None = None
    reference: str | None = None
    legend: str | None = None
    page: str | None = None
    nonce: str | None = None

    def __post_init__(self) -> None:
        if self.issued.tzinfo is None:
            raise ValueError(f"instante sin zona horaria: {self.issued.isoformat()}")

    def as_json(self) -> dict[str, Any]:
        """Everything that it says, as the fields of docs/formats.md; absent ones are null."""
        return {
            "esquema": SCHEMA,
            "tipo": self.kind,
            "titulo": self.title,
            "subtitulo": self.subtitle,
            "instituto": self.institute,
            "area": self.area,
            "referencia": self.reference,
            "emitido": self.issued.isoformat(timespec="milliseconds"),
            "leyenda": self.legend,
            "pagina": self.page,
            "nonce": self.nonce,
            "partes": [part.as_json() for part in self.parts],
        }

    def encode(self) -> bytes:
        """The canonical JSON."""
        return encode_sorted(self.as_json())

    @property
    def sha256(self) -> str:
        """SHA-256 of `encode()`, in hexadecimal."""
        return hashlib.sha256(self.encode()).hexdigest()
