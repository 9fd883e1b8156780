"""What is asked about a record. Pure."""

from __future__ import annotations

from capture.padron.ports import NumberKind, Pregunta
from capture.processing.datos import Datos
from capture.records.record import Record

NATIONAL = "00"
"""The entidad of a period of the whole country: any will do."""


def question(record: Record, datos: Datos | None, entidad: str) -> Pregunta | None:
    """The question, with the data as the mesa or an audiencia left them; None when no clave was read.

    The number is the one in the data, which an audiencia may have corrected; else the one on the envelope.
    """
    clave = None if datos is None else datos.text("clave_elector")
    if datos is None or clave is None:
        return None
    kind: NumberKind = "cic" if record.credencial == "cic" else "ocr"
    number = datos.text(kind) or record.numero
    place = None if entidad == NATIONAL else entidad
    return Pregunta(_plain(clave), kind, _plain(number), place)


def _plain(text: str) -> str:
    return "".join(text.split()).upper()
