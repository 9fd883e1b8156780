"""What is told of what the engines read, to whoever reviews a record or a request."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from capture.reading.document import Document
from capture.reading.errors import Unread
from capture.reading.record import FAULT
from capture.reading.results import CardReading, Found, RecordReading
from capture.reading.suggestions_files import NAMES, REASONS

_UNREAD = {
    Unread.TIME: "La lectura de las imágenes tardó demasiado y se detuvo; revíselas a la vista.",
    Unread.CPU: "La lectura de las imágenes pidió demasiado tiempo de procesador; revíselas a la vista.",
    Unread.ENDED: "La lectura de las imágenes se interrumpió; revíselas a la vista.",
    Unread.GARBAGE: "La lectura de las imágenes dio un resultado que no se entiende; revíselas a la vista.",
    Unread.FAULT: "Las imágenes no se pudieron leer; revíselas a la vista.",
}
_FAILED = "Su lector falló con esta imagen; revísela a la vista."


class ValorLeido(BaseModel):
    """A value in the images, or why there is none. `certeza` from 0 to 1."""

    valor: str | None
    fuente: str | None
    certeza: float
    lado: str | None
    falta: str | None

    @staticmethod
    def told(found: Found) -> dict[str, Any]:
        """These fields, as they are told."""
        return {
            "valor": found.value,
            "fuente": found.source and found.source.value,
            "certeza": found.sure,
            "lado": found.side and found.side.value,
            "falta": found.missing and found.missing.value,
        }


class Lado(BaseModel):
    """One image of the credential: what it shows, what is against it, and the measurements."""

    lado: str
    muestra: str | None
    defectos: list[str]
    medidas: dict[str, float]


class PiezaSinLeer(BaseModel):
    """A file that could not be looked at, or a part whose engine failed over it; nothing is known of it."""

    pieza: str
    regla: str
    motivo: str

    @classmethod
    def all_of(cls, read: RecordReading, files: Collection[str]) -> list[PiezaSinLeer]:
        """As they are told. `files`: those that the packet of whoever captured may have."""
        unopened = [
            cls(pieza=name, regla=why.value, motivo=f"{NAMES[name]}: {REASONS[why]}.")
            for name, why in read.unopened.items()
            if name in files
        ]
        failed = [name.removeprefix(FAULT) for name in read.engines if name.startswith(FAULT)]
        return unopened + [cls(pieza=name, regla=FAULT + name, motivo=_FAILED) for name in failed]


class Lectura(BaseModel):
    """What the engines say of the images as a whole."""

    aviso: str | None
    """Why nothing was read, if so."""
    sin_leer: list[PiezaSinLeer]
    """What could not be read of images that were; the rest of them was."""
    modelo: str | None
    misma_credencial: bool | None
    lados: list[Lado]
    contradicciones: list[str]
    motores: dict[str, str]

    @staticmethod
    def told(document: Document, files: Collection[str] = NAMES) -> dict[str, Any]:
        """These fields, as they are told. `files`: those that the packet may have."""
        read = document.reading
        return {
            "aviso": None if document.unread is None else _UNREAD[document.unread],
            "sin_leer": PiezaSinLeer.all_of(read, files),
            "modelo": read.card.model,
            "misma_credencial": read.card.same_card,
            "lados": _sides(read.card),
            "contradicciones": [one.rule for one in read.card.contradictions],
            "motores": dict(read.engines),
        }


def _sides(card: CardReading) -> list[Lado]:
    return [
        Lado(
            lado=side.value,
            muestra=shown.value if (shown := card.shown.get(side)) else None,
            defectos=[one.value for one in quality.defects],
            medidas=dict(quality.figures),
        )
        for side, quality in card.sides.items()
    ]
