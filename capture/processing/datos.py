"""The data of a record, each value with where it comes from and how sure it is. Pure; rests only sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from capture.limits import MAX_VALUE_CHARS
from capture.packet.record import FIELDS
from keys.errors import FormatRefusal

NAMES = FIELDS
"""What a form shows (002 §7.3.b) and what compulsa and reports need. Values are text."""
VERSION = 1


class Fuente(StrEnum):
    """Where a value comes from."""

    QR = "qr"
    BARRAS = "codigo-de-barras"
    MRZ = "mrz"
    OCR = "ocr"
    DISPOSITIVO = "dispositivo"
    MANUAL = "captura-manual"
    AUDIENCIA = "audiencia"


@dataclass(frozen=True, slots=True)
class Valor:
    """One value. `certeza` from 0 to 1: 1 for a code with a check or what a person typed."""

    valor: str
    fuente: Fuente
    certeza: float


@dataclass(frozen=True, slots=True)
class Datos:
    """All values of a record by name, and what else the device said that only the authority sees."""

    campos: Mapping[str, Valor]
    contexto: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)
    """Coordinates in degrees, accuracy in metres, version of the app."""

    def text(self, name: str) -> str | None:
        """The value called `name`, if there is one."""
        found = self.campos.get(name)
        return found.valor if found else None

    def with_values(self, values: Mapping[str, str], fuente: Fuente) -> Datos:
        """With `values` in place of what was there. Raises FormatRefusal for a name that no form has."""
        for name, value in values.items():
            require_field(name, value)
        changed = {name: Valor(value, fuente, 1.0) for name, value in values.items()}
        return replace(self, campos={**self.campos, **changed})

    def encode(self) -> bytes:
        """As JSON, before it is sealed."""
        campos = {
            name: {"valor": v.valor, "fuente": v.fuente.value, "certeza": v.certeza}
            for name, v in sorted(self.campos.items())
        }
        whole = {"version": VERSION, "campos": campos, "contexto": dict(self.contexto)}
        return json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()


def parse_datos(data: bytes, place: str = "datos") -> Datos:
    """Read what `encode` wrote. Raises FormatRefusal."""
    try:
        whole = json.loads(data)
        campos = {name: _valor(value) for name, value in whole["campos"].items()}
        return Datos(campos, whole["contexto"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FormatRefusal(
            "datos.formato", place, f"datos de un registro, versión {VERSION}", "otra cosa"
        ) from None


def require_field(name: str, value: str) -> None:
    """Refuse a name that no form has and a value that is no text of one line."""
    if name not in NAMES:
        raise FormatRefusal("datos.campo", "formulario", " | ".join(NAMES), name)
    if not value.strip() or len(value) > MAX_VALUE_CHARS or not value.isprintable():
        expected = f"texto de 1 a {MAX_VALUE_CHARS} caracteres"
        raise FormatRefusal("datos.valor", f"formulario, {name}", expected, f"{len(value)} caracteres")


def _valor(value: Any) -> Valor:
    return Valor(str(value["valor"]), Fuente(value["fuente"]), float(value["certeza"]))
