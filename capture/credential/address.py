"""The domicilio of a front in its parts (SEI-03): street, numbers, colonia, CP, demarcación. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile

from capture.credential.labels import Printed, compact
from capture.processing.datos import Fuente
from capture.reading.results import Found, Side

PARTS = (
    "calle",
    "numero_exterior",
    "numero_interior",
    "colonia",
    "codigo_postal",
    "demarcacion",
    "estado",
)
_HOUSE = re.compile(r"(?<=\s)(?:[0-9]{1,5}[A-Z]?|S/?N)\b")
_INTERIOR = re.compile(r"\b(?:INT|DEPTO|DPTO|DEP|EDIF|PISO)\b[ .]*")
_BEFORE_HOUSE = re.compile(r"\s(?:N[OUÚ]M?\.?|#)$")
_STOPS = re.compile(r"[,;:]")
"""Specks of a ground between the words of a street; a town's comma is before its state."""
_GLUED = re.compile(r"^FRACC\.?(?=[A-ZÁÉÍÓÚÑ]{3})(?!I[OÓ]N)")
"""«FRACCVALLE»: no other word begins like that."""
_NUMBER = re.compile(r"[0-9]{7}")
"""More digits than an address has: the folio below it, whose label was not read."""
_POSTAL = re.compile(r"^(?P<colonia>.*?)\s*\b(?P<codigo>[0-9]{5})$")
_PLACE = re.compile(r"^(?P<demarcacion>[^,]+?)\s*,\s*(?P<estado>.+)$")
_STATES = {
    **{"AGS": "01", "BC": "02", "BCS": "03", "CAMP": "04", "COAH": "05", "COL": "06", "CHIS": "07"},
    **{"CHIH": "08", "CDMX": "09", "DF": "09", "DGO": "10", "GTO": "11", "GRO": "12", "HGO": "13"},
    **{"JAL": "14", "MEX": "15", "MICH": "16", "MOR": "17", "NAY": "18", "NL": "19", "OAX": "20"},
    **{"PUE": "21", "QRO": "22", "QROO": "23", "QR": "23", "SLP": "24", "SIN": "25", "SON": "26"},
    **{"TAB": "27", "TAMPS": "28", "TLAX": "29", "VER": "30", "YUC": "31", "ZAC": "32"},
}
"""As credentials abbreviate them."""
_MOST_SURE = 0.9
"""An address has no check and no second source."""


def address_parts(printed: Printed) -> dict[str, Found]:
    """The parts that were read, by PARTS; what is not of its form is left out and nothing is completed."""
    rows = [row for row in (" ".join(row.split()) for row in printed.text.upper().split("\n")) if row]
    rows = list(takewhile(lambda row: not _NUMBER.search(row), rows))
    if len(rows) < 2:
        return {}
    parts = dict(_street(rows[0]))
    parts.update(_quarter(" ".join(rows[1:-1]) or rows[1]))
    parts.update(_town(rows[-1]))
    sure = min(printed.sure, _MOST_SURE)
    return {
        name: Found(parts[name], Fuente.OCR, sure, Side.ANVERSO, printed.where)
        for name in PARTS
        if parts.get(name)
    }


def _street(row: str) -> Iterator[tuple[str, str]]:
    """The last number is the house's: streets have numbers in their names («C 16 DE JUNIO 40»)."""
    row = " ".join(_STOPS.sub(" ", row).split())
    interior = _INTERIOR.search(row)
    outside = row if interior is None else row[: interior.start()]
    houses = list(_HOUSE.finditer(outside))
    if not houses:
        yield "calle", row
        return
    yield "calle", _BEFORE_HOUSE.sub("", outside[: houses[-1].start()].strip())
    yield "numero_exterior", houses[-1].group()
    if interior is not None:
        yield "numero_interior", row[interior.end() :].strip(" .")


def _quarter(row: str) -> Iterator[tuple[str, str]]:
    row = _GLUED.sub("FRACC ", row)
    found = _POSTAL.match(row)
    if found is None:
        yield "colonia", row
        return
    yield "colonia", found["colonia"]
    yield "codigo_postal", found["codigo"]


def _town(row: str) -> Iterator[tuple[str, str]]:
    found = _PLACE.match(row)
    if found is None:
        yield "demarcacion", row
        return
    yield "demarcacion", found["demarcacion"]
    if compact(found["estado"])[0] in _STATES:
        yield "estado", found["estado"].rstrip(" .")


def state_of(parts: Mapping[str, Found]) -> str | None:
    """The two digits of the entidad that the address ends with, if its abbreviation is known."""
    found = parts.get("estado")
    return None if found is None else _STATES.get(compact(found.value or "")[0])
