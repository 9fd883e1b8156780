"""The three machine-readable lines on the back of models D to J (form TD1 of ICAO Doc 9303-5). Pure.

IDMEX<CIC 9>c<<<OCR 13>
<birth>c<H or M><expiry>cMEX<<emission 2><<<5 digits><c
PATERNAL<MATERNAL<<NAMES, filled to 30
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

WIDTH = 30
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (7, 3, 1)


@dataclass(frozen=True, slots=True)
class MrzData:
    """`sex`: H or M; `number`: five digits whose meaning is not public."""

    cic: str
    ocr: str
    birth: date
    sex: str
    expiry: date
    emission: str
    number: str
    paternal: str
    maternal: str
    name: str


def icao_digit(text: str) -> str:
    """The check digit of Doc 9303-3, 4.9: weights 7, 3, 1; «<» counts nothing."""
    total = sum(max(_VALUES.find(c), 0) * _WEIGHTS[at % 3] for at, c in enumerate(text))
    return str(total % 10)


def compose_mrz(data: MrzData) -> tuple[str, str, str]:
    """Three lines of 30."""
    first = f"IDMEX{data.cic}{icao_digit(data.cic)}<<{data.ocr}"
    birth, expiry = f"{data.birth:%y%m%d}", f"{data.expiry:%y%m%d}"
    body = f"MEX<{data.emission}<<{data.number}<"
    second = f"{birth}{icao_digit(birth)}{data.sex}{expiry}{icao_digit(expiry)}{body}"
    # Doc 9303-5, 4.2.4: positions 6-30 of the first line; 1-7, 9-15 and 19-29 of the second.
    whole = first[5:] + second[:7] + second[8:15] + second[18:29]
    third = f"{mrz_letters(data.paternal)}<{mrz_letters(data.maternal)}<<{mrz_letters(data.name)}"
    return first, second + icao_digit(whole), third[:WIDTH].ljust(WIDTH, "<")


def mrz_letters(text: str) -> str:
    """A to Z and «<» for spaces and hyphens; Ñ is N, accents and apostrophes go (Doc 9303-3, 6)."""
    spelled = unicodedata.normalize("NFD", text.upper())
    letters = (c for c in spelled if not unicodedata.combining(c) and c not in "'’.")
    return "".join(c if c in _VALUES else "<" for c in letters)
