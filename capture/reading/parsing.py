"""Reading the one spelling of a reading again. Who wrote it has just read a stranger's images. Pure."""

from __future__ import annotations

from typing import Any

from capture.credential.address import PARTS
from capture.limits import MAX_VALUE_CHARS
from capture.packet.record import FIELDS, MODELS, READ, SYMBOLOGIES
from capture.processing.datos import Fuente
from capture.reading import strict
from capture.reading.encoding import (
    EMBEDDING_BYTES,
    MAX_BYTES,
    MAX_CODE_CHARS,
    PRINT_BYTES,
    VERSION,
    encode_reading,
)
from capture.reading.results import (
    Band,
    CardReading,
    CodeRead,
    Contradiction,
    Defect,
    FaceDefect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureDefect,
    SignatureReading,
    Unopened,
)
from keys import canonical


def parse_reading(data: bytes, place: str = "lectura") -> RecordReading:
    """Read the one spelling. Raises FormatRefusal, ReadingRefusal; never with a value that was read."""
    if len(data) > MAX_BYTES:
        strict.refuse("tamano", place, f"a lo más {MAX_BYTES} bytes", f"{len(data)} bytes")
    reading = parse_value(canonical.parse(data, place), place)
    if encode_reading(reading) != data:
        strict.refuse("canonica", place, "la única forma de escribirla", "otra")
    return reading


def parse_value(value: Any, place: str) -> RecordReading:
    """What `reading_value` gives. Raises ReadingRefusal."""
    names = ("credencial", "firma", "huellas", "motores", "rostro", "sin_abrir", "version")
    found = strict.record(value, place, names)
    if type(found["version"]) is not int or found["version"] != VERSION:
        strict.refuse("version", place, f"versión {VERSION}", "otra")
    return RecordReading(
        card=_parse_card(found["credencial"], f"{place}, credencial"),
        face=_parse_face(found["rostro"], f"{place}, rostro"),
        signature=_parse_signature(found["firma"], f"{place}, firma"),
        prints=strict.mapping(found["huellas"], f"{place}, huellas", None, _print),
        engines=strict.mapping(found["motores"], f"{place}, motores", None, strict.name),
        unopened=strict.mapping(found["sin_abrir"], f"{place}, sin_abrir", READ, _unopened),
    )


def _parse_card(value: Any, place: str) -> CardReading:
    names = ("codigos", "contradicciones", "domicilio", "lados", "misma", "modelo", "muestra", "valores")
    found = strict.record(value, place, names)
    sides = tuple(side.value for side in Side)
    if found["modelo"] is not None and found["modelo"] not in tuple(MODELS):
        strict.refuse("modelo", place, " | ".join(MODELS), "otra cosa")
    if found["misma"] not in (None, True, False) or type(found["misma"]) is int:
        strict.refuse("campo", f"{place}, misma", "true, false o null", "otra cosa")
    shown = strict.mapping(
        found["muestra"], f"{place}, muestra", sides, lambda v, p: strict.optional_one(Side, v, p)
    )
    values = strict.mapping(found["valores"], f"{place}, valores", FIELDS, parse_found)
    return CardReading(
        model=found["modelo"],
        sides=strict.by(Side, strict.mapping(found["lados"], f"{place}, lados", sides, _parse_quality)),
        shown=strict.by(Side, shown),
        values=values,
        codes=strict.items(found["codigos"], f"{place}, codigos", _parse_code),
        contradictions=strict.items(
            found["contradicciones"], f"{place}, contradicciones", _parse_contradiction
        ),
        same_card=found["misma"],
        address=strict.mapping(found["domicilio"], f"{place}, domicilio", PARTS, parse_found),
    )


def _parse_quality(value: Any, place: str) -> Quality:
    found = strict.record(value, place, ("defectos", "medidas"))
    figures = strict.mapping(found["medidas"], f"{place}, medidas", None, strict.number)
    return Quality(strict.all_of(Defect, found["defectos"], place), figures)


def parse_found(value: Any, place: str) -> Found:
    """What `found_value` gives. Raises ReadingRefusal."""
    found = strict.record(value, place, ("caja", "certeza", "falta", "fuente", "lado", "valor"))
    text, missing = found["valor"], strict.optional_one(Missing, found["falta"], place)
    if (text is None) is (missing is None):
        strict.refuse("campo", place, "un valor, o por qué no lo hay", "ambos o ninguno")
    return Found(
        value=None if text is None else strict.line(text, place, MAX_VALUE_CHARS),
        source=strict.optional_one(Fuente, found["fuente"], place),
        sure=strict.share(found["certeza"], place),
        side=strict.optional_one(Side, found["lado"], place),
        where=strict.box(found["caja"], place),
        missing=missing,
    )


def _parse_code(value: Any, place: str) -> CodeRead:
    found = strict.record(value, place, ("caja", "cifrado", "lado", "simbologia", "texto"))
    if found["simbologia"] not in SYMBOLOGIES:
        strict.refuse("campo", place, " | ".join(SYMBOLOGIES), "otra cosa")
    return CodeRead(
        symbology=found["simbologia"],
        text=strict.text(found["texto"], place, MAX_CODE_CHARS),
        side=strict.one_of(Side, found["lado"], place),
        where=strict.box(found["caja"], place),
        encrypted=strict.boolean(found["cifrado"], place),
    )


def _parse_contradiction(value: Any, place: str) -> Contradiction:
    found = strict.record(value, place, ("entre", "regla"))
    between = strict.items(found["entre"], place, strict.name)
    if len(between) != 2:
        strict.refuse("campo", place, "dos nombres", f"{len(between)}")
    return Contradiction(strict.name(found["regla"], place), (between[0], between[1]))


def _parse_face(value: Any, place: str) -> FaceReading:
    names = ("banda", "caja", "caja_credencial", "defectos", "parecido", "vector")
    found = strict.record(value, place, names)
    return FaceReading(
        defects=strict.all_of(FaceDefect, found["defectos"], place),
        where=strict.box(found["caja"], place),
        card_face=strict.box(found["caja_credencial"], place),
        similarity=strict.optional(found["parecido"], lambda v: strict.number(v, place)),
        band=strict.optional_one(Band, found["banda"], place),
        embedding=strict.optional(
            found["vector"], lambda v: strict.raw(v, place, EMBEDDING_BYTES, EMBEDDING_BYTES)
        ),
    )


def _parse_signature(value: Any, place: str) -> SignatureReading:
    found = strict.record(value, place, ("defectos", "parecido"))
    similarity = strict.optional(found["parecido"], lambda v: strict.share(v, place))
    return SignatureReading(strict.all_of(SignatureDefect, found["defectos"], place), similarity)


def _unopened(value: Any, place: str) -> Unopened:
    return strict.one_of(Unopened, value, place)


def _print(value: Any, place: str) -> bytes:
    return strict.raw(value, place, 1, PRINT_BYTES)
