"""The entries of a consultation's log (docs/formats.md, «log/»)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from certeza_verifier.consulta import Instant, instant
from certeza_verifier.errors import Failure

_HASH = re.compile("[0-9a-f]{64}")
_HEIGHT = re.compile("0|[1-9][0-9]{0,15}")
_URN, _ACT, _SUPPORT = "certeza/urna/v1", "certeza/acto/v1", "certeza/apoyo/v1"
_FORMS = {_URN: 4, _ACT: 4, _SUPPORT: 2}


@dataclass(frozen=True, slots=True)
class UrnEntry:
    """An event of an urn."""

    uuid: str
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class ActEntry:
    """An administrative act and the hash of its document."""

    kind: str
    instant: Instant
    digest: str


@dataclass(frozen=True, slots=True)
class SupportEntry:
    """The código de integridad of an acuse."""

    code: str


def parse_entry(data: bytes, place: str) -> UrnEntry | ActEntry | SupportEntry:
    """An entry in one of the three forms, exactly."""
    rule = "registro-entrada"
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Failure(rule, place, "UTF-8", f"byte {error.start}") from None
    form = lines[0]
    if _FORMS.get(form) != len(lines):
        expected = ", ".join(f"{name} y {lines - 1} líneas" for name, lines in _FORMS.items())
        raise Failure(rule, place, expected, f"{form} y {len(lines) - 1} líneas")
    if not _HASH.fullmatch(lines[-1]):
        raise Failure(rule, place, "64 cifras hexadecimales minúsculas", lines[-1])
    if form == _SUPPORT:
        return SupportEntry(lines[1])
    if form == _ACT:
        return ActEntry(lines[1], instant(lines[2], f"{place}, instante"), lines[3])
    if not _HEIGHT.fullmatch(lines[2]):
        raise Failure(rule, place, "altura decimal", lines[2])
    return UrnEntry(lines[1], int(lines[2]), lines[3])
