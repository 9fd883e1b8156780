"""One line of the padrón's CSV: `clave_elector,cic,ocr,situacion,entidad`, UTF-8, with that header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from capture.padron.keyed import PadronKey
from capture.padron.ports import NumberKind
from capture.padron.situacion import IN_FILE

COLUMNS = ("clave_elector", "cic", "ocr", "situacion", "entidad")
MAX_LINE = 200
"""Characters of a line; a longer one is refused unread."""
_CLAVE = re.compile(r"[A-Z]{6}[0-9]{8}[HM][0-9]{3}")
_CIC = re.compile(r"[0-9]{9}")
_OCR = re.compile(r"[0-9]{12,13}")
_ENTIDAD = re.compile(r"0[1-9]|[12][0-9]|3[0-2]")
_SITUACIONES = {one.value: number for number, one in enumerate(IN_FILE, 1)}
SITUACION_BY_NUMBER = dict(enumerate(IN_FILE, 1))
"""How a situación is kept in the table: a small number. Numbers are never reused."""
_SHOWN = 40

Row = tuple[bytes, bytes | None, bytes | None, int, int]
"""clave, cic, ocr (keyed), number of the situación, entidad: what the table holds of a person."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line is not in the padrón. What was found is described, never quoted when it is personal."""

    renglon: int
    """1 is the header."""
    columna: str
    esperado: str
    encontrado: str


class _Wrong(Exception):  # noqa: N818 - becomes a `Refused`
    """Column, expected, found."""


def keyed_row(fields: Sequence[str], number: int, key: PadronKey) -> Row | Refused:
    """The row of line `number`, or why there is none."""
    try:
        clave, cic, ocr, situacion, entidad = _checked(fields)
    except _Wrong as wrong:
        return Refused(number, *wrong.args)
    return (
        key.clave(clave),
        _tag(key, clave, "cic", cic),
        _tag(key, clave, "ocr", ocr),
        _SITUACIONES[situacion],
        int(entidad),
    )


def _tag(key: PadronKey, clave: str, kind: NumberKind, number: str) -> bytes | None:
    return key.number(clave, kind, number) if number else None


def _checked(fields: Sequence[str]) -> Sequence[str]:
    if len(fields) != len(COLUMNS):
        raise _Wrong("(renglón)", f"{len(COLUMNS)} columnas", f"{len(fields)}")
    clave, cic, ocr, situacion, entidad = fields
    if not _CLAVE.fullmatch(clave):
        raise _Wrong("clave_elector", "6 letras, 8 dígitos, H o M y 3 dígitos", outline(clave))
    if cic and not _CIC.fullmatch(cic):
        raise _Wrong("cic", "9 dígitos", outline(cic))
    if ocr and not _OCR.fullmatch(ocr):
        raise _Wrong("ocr", "12 o 13 dígitos", outline(ocr))
    if not cic and not ocr:
        raise _Wrong("cic", "CIC u OCR", "los dos vacíos")
    if situacion not in _SITUACIONES:
        raise _Wrong("situacion", " | ".join(_SITUACIONES), outline(situacion))
    if not _ENTIDAD.fullmatch(entidad):
        raise _Wrong("entidad", "de 01 a 32", outline(entidad))
    return fields


def outline(text: str) -> str:
    """The shape of a value that may be somebody's: letters as A, digits as 9, the rest as it is."""
    if not text:
        return "vacío"
    shape = "".join(_shape(character) for character in text[:_SHOWN])
    return f"{shape}… ({len(text)} caracteres)" if len(text) > _SHOWN else shape


def _shape(character: str) -> str:
    if character.isdigit():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return character if character.isprintable() else "?"
