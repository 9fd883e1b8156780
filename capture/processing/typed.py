"""Form data that a person types, in captura manual or in an audiencia. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import cic, ocr, section
from capture.processing.datos import require_field
from keys.errors import FormatRefusal

_CHECKED: dict[str, Callable[[str], object]] = {
    "clave_elector": clave_elector,
    "cic": cic,
    "ocr": ocr,
    "seccion": section,
}
_DIGITS = {"entidad": 2, "municipio": 3}


def require_typed(campos: Mapping[str, str]) -> None:
    """Refuse a name that no form has and a value that is not of its form, without repeating the value.

    Raises FormatRefusal, IdentityRefusal.
    """
    for name, value in campos.items():
        require_field(name, value)
        if name in _CHECKED:
            _CHECKED[name](value)
        digits = _DIGITS.get(name)
        if digits is not None and not re.fullmatch(rf"[0-9]{{{digits}}}", value, re.ASCII):
            expected, got = f"{digits} cifras", f"{len(value)} caracteres"
            raise FormatRefusal("datos.valor", f"formulario, {name}", expected, got)
