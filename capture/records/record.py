"""A record as the database has it, what its history says, and how listings are asked for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from capture.records.errors import RecordRefusal
from capture.records.states import Estado
from keys.errors import shown

MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of a record but its blobs (envelope, acuse, sealed data)."""

    folio: str
    proceso: str
    modalidad: str
    auxiliar: str | None
    activacion: str | None
    dispositivo: str | None
    credencial: str
    numero: str
    capturado: datetime
    recibido: datetime
    tamano: int
    sha256: bytes
    cuerpo: str
    codigo: str
    estado: Estado
    inciso: str | None
    tipo_inconsistencia: str | None
    detalle_inconsistencia: str | None
    catalogo: int | None
    situacion: str | None
    acreditado: str | None
    duplicado_de: str | None


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a record's history."""

    id: int
    folio: str
    de: str | None
    a: str
    quien: str
    como: str
    cuando: datetime
    causa: str
    detalle: str | None
    acto: str | None
    hoja: int | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the next one begins right after it."""

    recibido: datetime
    folio: str

    def encode(self) -> str:
        """As it travels in an address."""
        return f"{(self.recibido - _EPOCH) // _MICROSECOND}.{self.folio}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records; None and empty mean «any». Received from `desde` on and before `hasta`."""

    procesos: tuple[str, ...] | None = None
    estados: tuple[Estado, ...] = ()
    auxiliar: str | None = None
    modalidad: str | None = None
    inciso: str | None = None
    situacion: str | None = None
    numero: str | None = None
    desde: datetime | None = None
    hasta: datetime | None = None


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_cursor(text: str, place: str = "cursor") -> Cursor:
    """Read what `Cursor.encode` wrote. Raises RecordRefusal."""
    micros, dot, folio = text.partition(".")
    if not (dot and micros.isascii() and micros.isdigit() and len(micros) <= 16 and 0 < len(folio) <= 36):
        raise RecordRefusal("registro.cursor", place, "el que dio la página anterior", shown(text))
    return Cursor(_EPOCH + int(micros) * _MICROSECOND, folio)
