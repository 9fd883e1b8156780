"""registro.json: what the device knows of one apoyo, in the body that only the bóveda opens. Pure.

Canonical JSON with whole numbers only: coordinates in microdegrees, accuracy in metres.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from capture.limits import MAX_CODES, MAX_RECORD_BYTES, MAX_VALUE_CHARS
from capture.packet.envelope import encode_instant, parse_instant
from keys import canonical
from keys.errors import FormatRefusal

VERSION = 1
MODALITIES = ("auxiliar", "mi-apoyo", "manual")
MODELS = "ABCDEFGHIJ"
SYMBOLOGIES = ("qr", "pdf417", "code128", "mrz", "ocr", "manual")
FIELDS = (
    "nombre",
    "apellido_paterno",
    "apellido_materno",
    "clave_elector",
    "numero_emision",
    "cic",
    "ocr",
    "curp",
    "entidad",
    "municipio",
    "seccion",
    "vigencia",
)
IMAGES = ("anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png")
VIDEO, STROKES = "video.webm", "firma-trazos.json"
OPTIONAL = (VIDEO, STROKES)
"""What came later is last: a body without it has the bytes that it always had."""
SHOWN = (*IMAGES, VIDEO)
"""What a person can look at."""
READ = (*IMAGES, STROKES)
"""What the engines look at."""
_MEMBERS = (
    "aplicacion",
    "archivos",
    "aviso",
    "campos",
    "capturado",
    "codigos",
    "credencial",
    "folio",
    "modalidad",
    "modelo",
    "original",
    "proceso",
    "ubicacion",
    "version",
)
_LATITUDE, _LONGITUDE = 90_000_000, 180_000_000


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the credential as it was read; it cannot be edited (002 §4.3)."""

    symbology: str
    text: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where it was captured: microdegrees, and metres of accuracy."""

    latitude: int
    longitude: int
    accuracy: int


@dataclass(frozen=True, slots=True)
class CapturedRecord:
    """`files` gives the SHA-256 (32 bytes) of each other file of the body by its name.

    `notice` is the version of the aviso de privacidad that was shown; `original` says that the box was
    ticked.
    """

    folio: str
    proceso: str
    modalidad: str
    model: str
    credencial: str
    numero: str
    captured: datetime
    original: bool
    notice: int
    application: str
    fields: Mapping[str, str]
    files: Mapping[str, bytes]
    codes: tuple[Code, ...] = ()
    location: Location | None = None
    version: int = field(default=VERSION)

    def encode(self) -> bytes:
        """The canonical bytes."""
        where = self.location
        place = None if where is None else [where.latitude, where.longitude, where.accuracy]
        return canonical.encode_sorted(
            {
                "version": self.version,
                "folio": self.folio,
                "proceso": self.proceso,
                "modalidad": self.modalidad,
                "modelo": self.model,
                "credencial": {self.credencial: self.numero},
                "capturado": encode_instant(self.captured),
                "original": self.original,
                "aviso": self.notice,
                "aplicacion": self.application,
                "campos": dict(self.fields),
                "archivos": {name: digest.hex() for name, digest in self.files.items()},
                "codigos": [{"simbologia": c.symbology, "texto": c.text} for c in self.codes],
                "ubicacion": place,
            }
        )


def parse_record(data: bytes, place: str = "registro.json") -> CapturedRecord:
    """Read the one spelling.

    Raises FormatRefusal naming the field, never with a value that a person wrote.
    """
    if len(data) > MAX_RECORD_BYTES:
        expected = f"a lo más {MAX_RECORD_BYTES} bytes"
        raise FormatRefusal("registro.tamano", place, expected, f"{len(data)} bytes")
    found = canonical.record(canonical.parse(data, place), place, _MEMBERS)
    credencial, numero = _credential(found["credencial"], f"{place}, credencial")
    record = CapturedRecord(
        folio=_text(found, "folio", place, 36),
        proceso=_text(found, "proceso", place, 64),
        modalidad=_one_of(found, "modalidad", MODALITIES, place),
        model=_one_of(found, "modelo", tuple(MODELS), place),
        credencial=credencial,
        numero=numero,
        captured=parse_instant(_text(found, "capturado", place, 24), f"{place}, capturado"),
        original=canonical.boolean(found["original"], f"{place}, original"),
        notice=canonical.small_int(found["aviso"], f"{place}, aviso"),
        application=_text(found, "aplicacion", place, 60),
        fields=_values(found["campos"], f"{place}, campos"),
        files=_files(found["archivos"], f"{place}, archivos"),
        codes=_codes(found["codigos"], f"{place}, codigos"),
        location=_location(found["ubicacion"], f"{place}, ubicacion"),
        version=_version(found["version"], place),
    )
    canonical.require_same(data, record.encode().decode(), place)
    return record


def _version(value: Any, place: str) -> int:
    if type(value) is not int or value != VERSION:
        raise FormatRefusal("registro.version", place, f"versión {VERSION}", "otra")
    return value


def _text(found: Mapping[str, Any], name: str, place: str, most: int) -> str:
    value = canonical.string(found[name], f"{place}, {name}")
    if not 0 < len(value) <= most or not value.isprintable():
        expected = f"texto de 1 a {most} caracteres"
        raise FormatRefusal("registro.campo", f"{place}, {name}", expected, "otra cosa")
    return value


def _one_of(found: Mapping[str, Any], name: str, allowed: tuple[str, ...], place: str) -> str:
    if found[name] not in allowed:
        raise FormatRefusal("registro.campo", f"{place}, {name}", ", ".join(allowed), "otra cosa")
    return str(found[name])


def _credential(value: Any, place: str) -> tuple[str, str]:
    forms = {"cic": r"[0-9]{9}", "ocr": r"[0-9]{12,13}"}
    if isinstance(value, dict) and len(value) == 1:
        name, number = next(iter(value.items()))
        if name in forms and isinstance(number, str) and re.fullmatch(forms[name], number, re.ASCII):
            return name, number
    raise FormatRefusal("registro.credencial", place, "el CIC o el OCR", "otra cosa")


def _values(value: Any, place: str) -> dict[str, str]:
    found = canonical.record(value, place, FIELDS, optional=FIELDS)
    return {name: _text(found, name, place, MAX_VALUE_CHARS) for name in found}


def _files(value: Any, place: str) -> dict[str, bytes]:
    found = canonical.record(value, place, (*IMAGES, *OPTIONAL), optional=(*IMAGES, *OPTIONAL))
    return {name: bytes.fromhex(canonical.digest(found[name], f"{place}, {name}")) for name in found}


def _codes(value: Any, place: str) -> tuple[Code, ...]:
    codes = canonical.items(value, place, _code)
    if len(codes) > MAX_CODES:
        raise FormatRefusal("registro.codigos", place, f"a lo más {MAX_CODES}", len(codes))
    return tuple(codes)


def _code(value: Any, place: str) -> Code:
    found = canonical.record(value, place, ("simbologia", "texto"))
    text = canonical.string(found["texto"], f"{place}, texto")
    if len(text) > 4 * MAX_VALUE_CHARS:
        raise FormatRefusal(
            "registro.codigos", place, f"a lo más {4 * MAX_VALUE_CHARS} caracteres", len(text)
        )
    return Code(_one_of(found, "simbologia", SYMBOLOGIES, place), text)


def _location(value: Any, place: str) -> Location | None:
    if value is None:
        return None
    expected = "[latitud y longitud en millonésimas de grado, metros]"
    if not isinstance(value, list) or [type(v) for v in value] != [int, int, int]:
        raise FormatRefusal("registro.ubicacion", place, expected, "otra cosa")
    latitude, longitude, accuracy = value
    on_earth = abs(latitude) <= _LATITUDE and abs(longitude) <= _LONGITUDE
    if not on_earth or not 0 <= accuracy <= canonical.MAX_SMALL_INT:
        raise FormatRefusal("registro.ubicacion", place, expected, "fuera de la Tierra")
    return Location(latitude, longitude, accuracy)
