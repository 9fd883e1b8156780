"""A request as it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from capture.face.challenge import Turn
from capture.preregistro.states import EstadoSolicitud


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an account in a role, the service, or the person with the request itself."""

    id: str
    role: str


SISTEMA = Actor("sistema", "sistema")
CIUDADANIA = Actor("ciudadania", "anonimo")


@dataclass(frozen=True, slots=True)
class Request:
    """A row. `giros`: the turns that are asked for now; `motivos`: stable codes; `causa`: 1 to 8 of 7.3.1."""

    folio: str
    consulta: str
    origen: str
    estado: EstadoSolicitud
    intento: int
    giros: tuple[Turn, ...]
    creado: datetime
    recibido: datetime | None
    terminado: datetime | None
    llave: bytes | None = field(repr=False)
    datos: bytes | None = field(repr=False)
    dictamen: str | None = None
    motivos: tuple[str, ...] = ()
    lista: str | None = None
    corte: date | None = None
    causa: int | None = None
    titular: str | None = None
    operador: str | None = None
    asignado: datetime | None = None
    demarcacion: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One packet at the biometric test. `cuerpo`: where its sealed body is kept; `lectura`: what was read of
    its images, sealed."""

    folio: str
    intento: int
    giros: tuple[Turn, ...]
    recibido: datetime
    sobre: bytes
    cuerpo: str
    dictamen: str | None = None
    motivos: tuple[str, ...] = ()
    lectura: bytes | None = field(default=None, repr=False)


def encode_turns(turns: tuple[Turn, ...]) -> str:
    """As they are stored."""
    return ",".join(turn.value for turn in turns)


def decode_turns(text: str) -> tuple[Turn, ...]:
    """What `encode_turns` made; none for a request without a test."""
    return tuple(Turn(name) for name in text.split(",") if name)


def encode_codes(codes: tuple[str, ...]) -> str | None:
    """Stable codes, as they are stored: as many as fit."""
    return ",".join(codes)[:400] or None


def decode_codes(text: str | None) -> tuple[str, ...]:
    """What `encode_codes` made."""
    return tuple((text or "").split(",")) if text else ()
