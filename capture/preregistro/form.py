"""What a person gives in pre-registro (source 000, 7.2.1 III), read and checked all at once. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from capture.identity import contact
from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import ocr, section
from capture.identity.errors import IdentityRefusal
from capture.identity.findings import Findings
from capture.identity.names import line, person_name
from keys.canonical import encode_sorted
from keys.errors import FormatRefusal

MAX_LINE_CHARS = 120
_CP = re.compile(r"[0-9]{5}")
_VIGENCIA = re.compile(r"([0-9]{4}-)?([0-9]{4})")
LABELS = {
    "nombre": "Nombre(s)",
    "apellido_paterno": "Primer apellido",
    "apellido_materno": "Segundo apellido",
    "clave_elector": "Clave de elector",
    "ocr": "OCR",
    "vigencia": "Vigencia",
    "seccion": "Sección",
    "demarcacion": "Demarcación (Alcaldía)",
    "unidad": "Unidad Territorial",
    "cp": "Código Postal",
    "calle": "Calle",
    "numero_exterior": "Número Exterior",
    "numero_interior": "Número Interior",
    "telefono": "Teléfono celular",
    "correo": "Correo electrónico",
}
"""Each field as the application shows it."""
OPTIONAL = frozenset({"apellido_materno", "vigencia", "numero_interior"})


@dataclass(frozen=True, slots=True)
class RequestData:
    """Personal data of one request, in their canonical spelling.

    `unidad`: name of the Unidad Territorial; `telefono`: 10 digits, to which the token goes; `complete`: the
    credential shows the whole address.
    """

    nombre: str = field(repr=False)
    apellido_paterno: str = field(repr=False)
    apellido_materno: str = field(repr=False)
    clave_elector: str = field(repr=False)
    ocr: str = field(repr=False)
    vigencia: str
    seccion: str
    demarcacion: str
    unidad: str
    cp: str
    calle: str = field(repr=False)
    numero_exterior: str = field(repr=False)
    numero_interior: str = field(repr=False)
    telefono: str = field(repr=False)
    correo: str = field(repr=False)
    domicilio_completo: bool = True

    @property
    def full_name(self) -> str:
        """Name and surnames."""
        return " ".join(filter(None, (self.nombre, self.apellido_paterno, self.apellido_materno)))

    def encode(self) -> bytes:
        """What is sealed."""
        return encode_sorted(asdict(self))

    @classmethod
    def decode(cls, data: bytes) -> RequestData:
        """What `encode` made."""
        return cls(**json.loads(data))


def read_data(given: Mapping[str, Any], place: str = "campos") -> RequestData:
    """Check what was typed. Raises FormatRefusal for another shape, FormRefusal with every wrong field."""
    complete = given.get("domicilio_completo", True)
    texts = {name: value for name, value in given.items() if name != "domicilio_completo"}
    known = set(texts) <= set(LABELS) and all(isinstance(value, str) for value in texts.values())
    if not known or not isinstance(complete, bool):
        raise FormatRefusal("preregistro.campos", place, "los campos del formulario, como texto", "otra cosa")
    findings, read = Findings(), {}
    for name, label in LABELS.items():
        take = findings.take_optional if name in OPTIONAL else findings.take
        read[name] = take(_PARSERS.get(name, _line), texts.get(name), label) or ""
    findings.settle()
    return RequestData(**read, domicilio_completo=complete)


def _line(text: str, name: str) -> str:
    return line(text, name, MAX_LINE_CHARS)


def _postcode(text: str, name: str) -> str:
    typed = "".join(text.split())
    if not _CP.fullmatch(typed):
        raise IdentityRefusal("preregistro.cp", name, "5 dígitos", "otra forma")
    return typed


def _validity(text: str, name: str) -> str:
    found = _VIGENCIA.fullmatch("".join(text.split()))
    if found is None:
        raise IdentityRefusal("preregistro.vigencia", name, "un año, como 2031", "otra forma")
    return found[2]


def _clave(text: str, name: str) -> str:
    return clave_elector(text, name).text


_PARSERS: Mapping[str, Callable[[str, str], str]] = {
    "nombre": person_name,
    "apellido_paterno": person_name,
    "apellido_materno": person_name,
    "clave_elector": _clave,
    "ocr": ocr,
    "vigencia": _validity,
    "seccion": section,
    "cp": _postcode,
    "telefono": contact.phone,
    "correo": contact.email,
}
