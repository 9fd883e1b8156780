"""All that is known of a record's images, as it rests: sealed to the process. Pure.

Canonical JSON, in whole numbers: the reading, what differs from the device, and what was suggested, as it was
shown, so that it can be compared with what the mesa decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from capture.limits import MAX_VALUE_CHARS
from capture.packet.record import FIELDS, IMAGES
from capture.processing.datos import Fuente, Valor
from capture.reading import strict
from capture.reading.encoding import box_value, canonical_bytes, found_value, reading_value, share_value
from capture.reading.errors import Unread
from capture.reading.merging import Difference
from capture.reading.parsing import parse_found, parse_value
from capture.reading.results import RecordReading
from capture.reading.suggestion import MAX_WHY_CHARS, Plane, Strength, Suggestion
from keys import canonical

VERSION = 1
MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """`unread`: why the engines gave nothing; then the reading is empty."""

    reading: RecordReading
    unread: Unread | None = None
    differences: tuple[Difference, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    def encode(self) -> bytes:
        """The canonical bytes. Raises ReadingRefusal."""
        return canonical_bytes(
            {
                "version": VERSION,
                "lectura": reading_value(self.reading),
                "sin_lectura": self.unread and self.unread.value,
                "diferencias": [_difference(one) for one in self.differences],
                "sugerencias": [_suggestion(one) for one in self.suggestions],
            }
        )


def parse_document(data: bytes, place: str = "lectura sellada") -> Document:
    """Read what `encode` wrote. Raises FormatRefusal, ReadingRefusal."""
    if len(data) > MAX_BYTES:
        strict.refuse("tamano", place, f"a lo más {MAX_BYTES} bytes", f"{len(data)} bytes")
    names = ("diferencias", "lectura", "sin_lectura", "sugerencias", "version")
    found = strict.record(canonical.parse(data, place), place, names)
    if type(found["version"]) is not int or found["version"] != VERSION:
        strict.refuse("version", place, f"versión {VERSION}", "otra")
    return Document(
        reading=parse_value(found["lectura"], place),
        unread=strict.optional_one(Unread, found["sin_lectura"], place),
        differences=strict.items(found["diferencias"], place, _parse_difference),
        suggestions=strict.items(found["sugerencias"], place, _parse_suggestion),
    )


def _difference(one: Difference) -> dict[str, Any]:
    said = one.device
    certeza = share_value(said.certeza)
    return {
        "campo": one.name,
        "dispositivo": {"valor": said.valor, "fuente": said.fuente.value, "certeza": certeza},
        "leido": found_value(one.read),
        "queda": one.device_stays,
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "inciso": one.inciso,
        "regla": one.rule,
        "porque": one.why,
        "fuerza": one.strength.value,
        "archivo": one.file,
        "caja": box_value(one.box),
        "plano": one.plane.value,
    }


def _parse_difference(value: Any, place: str) -> Difference:
    found = strict.record(value, place, ("campo", "dispositivo", "leido", "queda"))
    if found["campo"] not in FIELDS:
        strict.refuse("campo", place, ", ".join(FIELDS))
    said = strict.record(found["dispositivo"], place, ("certeza", "fuente", "valor"))
    device = Valor(
        strict.line(said["valor"], place, MAX_VALUE_CHARS),
        strict.one_of(Fuente, said["fuente"], place),
        strict.share(said["certeza"], place),
    )
    stays = strict.boolean(found["queda"], place)
    return Difference(found["campo"], device, parse_found(found["leido"], place), stays)


def _parse_suggestion(value: Any, place: str) -> Suggestion:
    names = ("archivo", "caja", "fuerza", "inciso", "plano", "porque", "regla")
    found = strict.record(value, place, names)
    if found["archivo"] is not None and found["archivo"] not in IMAGES:
        strict.refuse("campo", place, ", ".join(IMAGES))
    return Suggestion(
        inciso=strict.line(found["inciso"], place, 1),
        rule=strict.name(found["regla"], place),
        why=strict.line(found["porque"], place, MAX_WHY_CHARS),
        strength=strict.one_of(Strength, found["fuerza"], place),
        file=found["archivo"],
        box=strict.box(found["caja"], place),
        plane=strict.one_of(Plane, found["plano"], place),
    )
