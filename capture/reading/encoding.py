"""A reading as canonical JSON: how it crosses from one process to another and how it rests, sealed. Pure.

There are whole numbers only: shares, certainties and measurements are in millionths, shares held to 0 and 1.
`capture.reading.parsing` takes nothing but what is written here.
"""

from __future__ import annotations

import math
from typing import Any

from capture.imaging.picture import Box
from capture.reading import strict
from capture.reading.results import (
    CardReading,
    CodeRead,
    FaceReading,
    Found,
    Quality,
    RecordReading,
    SignatureReading,
)
from keys import canonical

VERSION = 1
MAX_BYTES = 128 * 1024
MAX_CODE_CHARS = 4300  # a QR holds at most 4,296
PRINT_BYTES = 64  # at most
EMBEDDING_BYTES = 512


def encode_reading(reading: RecordReading) -> bytes:
    """The canonical bytes. Raises ReadingRefusal for a number that is none and for more than MAX_BYTES."""
    data = canonical_bytes(reading_value(reading))
    if len(data) > MAX_BYTES:
        strict.refuse("tamano", "lectura", f"a lo más {MAX_BYTES} bytes", f"{len(data)} bytes")
    return data


def reading_value(reading: RecordReading) -> dict[str, Any]:
    """What is written, before it is text."""
    return {
        "version": VERSION,
        "credencial": _card(reading.card),
        "rostro": _face(reading.face),
        "firma": _signature(reading.signature),
        "huellas": {name: value.hex() for name, value in reading.prints.items()},
        "motores": dict(reading.engines),
        "sin_abrir": {name: why.value for name, why in reading.unopened.items()},
    }


def box_value(box: Box | None) -> list[int] | None:
    """Left, top, width and height in millionths."""
    return None if box is None else [share_value(n) for n in (box.left, box.top, box.width, box.height)]


def share_value(value: float) -> int:
    """In millionths, from none to all: a box may reach a little beyond its image."""
    return min(max(_number(value), 0), strict.MILLION)


def canonical_bytes(whole: dict[str, Any]) -> bytes:
    """The one spelling. Raises ReadingRefusal for text that is none."""
    try:
        return canonical.encode_sorted(whole)
    except UnicodeEncodeError:
        strict.refuse("texto", "lectura", "texto en Unicode", "medios caracteres")


def _card(card: CardReading) -> dict[str, Any]:
    return {
        "modelo": card.model,
        "lados": {side.value: _quality(quality) for side, quality in card.sides.items()},
        "muestra": {side.value: shown and shown.value for side, shown in card.shown.items()},
        "valores": {name: found_value(value) for name, value in card.values.items()},
        "codigos": [_code(code) for code in card.codes],
        "contradicciones": [{"regla": c.rule, "entre": list(c.between)} for c in card.contradictions],
        "misma": card.same_card,
        "domicilio": {name: found_value(value) for name, value in card.address.items()},
    }


def _quality(quality: Quality) -> dict[str, Any]:
    figures = {name: _number(value) for name, value in quality.figures.items()}
    return {"defectos": [one.value for one in quality.defects], "medidas": figures}


def found_value(found: Found) -> dict[str, Any]:
    """A value with its source, or why there is none."""
    return {
        "valor": found.value,
        "fuente": found.source and found.source.value,
        "certeza": share_value(found.sure),
        "lado": found.side and found.side.value,
        "caja": box_value(found.where),
        "falta": found.missing and found.missing.value,
    }


def _code(code: CodeRead) -> dict[str, Any]:
    return {
        "simbologia": code.symbology,
        "texto": code.text,
        "lado": code.side.value,
        "caja": box_value(code.where),
        "cifrado": code.encrypted,
    }


def _face(face: FaceReading) -> dict[str, Any]:
    return {
        "defectos": [one.value for one in face.defects],
        "caja": box_value(face.where),
        "caja_credencial": box_value(face.card_face),
        "parecido": strict.optional(face.similarity, _number),
        "banda": face.band and face.band.value,
        "vector": strict.optional(face.embedding, bytes.hex),
    }


def _signature(signature: SignatureReading) -> dict[str, Any]:
    return {
        "defectos": [one.value for one in signature.defects],
        "parecido": strict.optional(signature.similarity, share_value),
    }


def _number(value: float) -> int:
    """In millionths."""
    if not math.isfinite(value) or abs(value) * strict.MILLION > strict.MAX_NUMBER:
        strict.refuse("numero", "lectura", "un número", "ninguno que se pueda escribir")
    return round(value * strict.MILLION)
