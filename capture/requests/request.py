"""What a request of an authority has to say, and until when it is to be answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum

from capture.requests.errors import RequestRefusal
from capture.results.deadlines import TERMS, Terms

MAX_RECORDS = 500
MAX_TEXT_CHARS = 300


class Answer(StrEnum):
    """How a request stands; the values are stored."""

    PENDIENTE = "pendiente"
    ATENDIDO = "atendido"
    IMPROCEDENTE = "improcedente"


@dataclass(frozen=True, slots=True)
class Form:
    """What the oficio says (001 §14.2). Raises RequestRefusal naming the field."""

    proceso: str
    oficio: str
    fecha_oficio: date
    autoridad: str
    """Who asks: the OPL, a court."""
    expediente: str
    """Of the juicio or procedimiento."""
    fundamento: str
    folios: tuple[str, ...]

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, str) and not (value.strip() and len(value) <= MAX_TEXT_CHARS):
                expected = f"de 1 a {MAX_TEXT_CHARS} caracteres"
                raise RequestRefusal("requerimiento.campo", one.name, expected, f"{len(value)} caracteres")
        if not 1 <= len(self.folios) <= MAX_RECORDS or len(set(self.folios)) != len(self.folios):
            expected = f"de 1 a {MAX_RECORDS} folios distintos"
            raise RequestRefusal("requerimiento.folios", "folios", expected, f"{len(self.folios)} folios")


def due(received: datetime, terms: Terms = TERMS) -> datetime:
    """Until when it is to be answered: 72 hours, of any day (001 §14.2)."""
    return received + timedelta(hours=terms.request_hours)
