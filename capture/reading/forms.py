"""What is read is a stranger's text, held to the form of its field: never more than a value. Pure.

A name that looks like a command, or like a sentence for somebody, is no name: its field is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from capture.credential.address import PARTS
from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import cic, ocr, section
from capture.identity.errors import IdentityRefusal
from capture.identity.names import person_name
from capture.limits import MAX_CODES, MAX_VALUE_CHARS
from capture.packet.record import FIELDS, SYMBOLOGIES
from capture.reading.encoding import MAX_CODE_CHARS
from capture.reading.results import CardReading, CodeRead, Found, Missing

_CHECKED: dict[str, Callable[[str, str], object]] = {
    "nombre": person_name,
    "apellido_paterno": person_name,
    "apellido_materno": person_name,
    "clave_elector": clave_elector,
    "cic": cic,
    "ocr": ocr,
    "seccion": section,
}
_PATTERNS = {
    "numero_emision": re.compile(r"[0-9]{1,2}"),
    "curp": re.compile(r"[A-Z0-9]{18}"),
    "entidad": re.compile(r"[0-9]{2}"),
    "municipio": re.compile(r"[0-9]{3}"),
    "vigencia": re.compile(r"[0-9]{4}(-[0-9]{4})?"),
}
"""A CURP whose check digit fails may be printed so: a person looks at it."""


def held_to_forms(card: CardReading) -> CardReading:
    """The same card with all of FIELDS, each a value of its form or a reason, and the codes to keep."""
    values = {name: _held(name, card.values.get(name)) for name in FIELDS}
    codes = tuple(code for code in card.codes if _is_kept(code))[:MAX_CODES]
    address = {name: found for name, found in card.address.items() if name in PARTS and _is_line(found.value)}
    return replace(card, values=values, codes=codes, address=address)


def _held(name: str, found: Found | None) -> Found:
    if found is None:
        return Found(None, missing=Missing.NOT_FOUND)
    if found.value is None:
        return found if found.missing else replace(found, missing=Missing.NOT_FOUND)
    if not _is_of_form(name, found.value):
        return Found(None, side=found.side, where=found.where, missing=Missing.UNCLEAR)
    return replace(found, missing=None)


def _is_of_form(name: str, value: str) -> bool:
    if not _is_line(value):
        return False
    if name in _PATTERNS:
        return _PATTERNS[name].fullmatch(value) is not None
    try:
        _CHECKED[name](value, name)
    except IdentityRefusal:
        return False
    return True


def _is_line(value: str | None) -> bool:
    return value is not None and value.isprintable() and 0 < len(value) <= MAX_VALUE_CHARS


def _is_kept(code: CodeRead) -> bool:
    return code.symbology in SYMBOLOGIES and len(code.text) <= MAX_CODE_CHARS and code.text.isprintable()
