"""What a compulsa asks of whoever holds the padrón: the table loaded here, or a remote service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from capture.padron.situacion import Situacion

NumberKind = Literal["cic", "ocr"]


@dataclass(frozen=True, slots=True)
class Pregunta:
    """One person, by what the credential says."""

    clave_elector: str = field(repr=False)
    """18 characters."""
    tipo: NumberKind | None = None
    numero: str | None = field(default=None, repr=False)
    """CIC: 9 digits; OCR: 12 or 13. Without one, only the clave is asked about."""
    entidad: str | None = None
    """Two digits of the entidad that the process asks for; None when any will do."""


@dataclass(frozen=True, slots=True)
class Respuestas:
    """Answers in the order of the questions, all from the corte of this date."""

    corte: date
    situaciones: tuple[Situacion, ...]


class Padron(Protocol):
    """The padrón at its newest cut-off. Raises PadronRefusal when there is none to ask."""

    def consulta(self, pregunta: Pregunta) -> tuple[Situacion, date]:
        """The situación registral of one person, and the cut-off date of who says it."""

    def consultas(self, preguntas: Sequence[Pregunta]) -> Respuestas:
        """Many at once."""
