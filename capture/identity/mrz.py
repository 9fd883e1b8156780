"""The three machine-readable lines on the back of models D and later. Pure.

Laid out as a TD1 document of ICAO Doc 9303, part 5, with the fields of the Mexican credential (inferred from
public parsers): `IDMEX` CIC digit `<<` OCR; birth digit sex expiry digit `MEX<` emission `<<` five digits `<`
digit; surnames `<<` names. What optical readers confuse is set right by the class of its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

LINE_CHARS = 30
_WEIGHTS = (7, 3, 1)
_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_AS_DIGIT = str.maketrans("OQDUILZSBGT", "00001125867")
_AS_LETTER = str.maketrans("0125683", "OIZSGBE")
_FILLERS = str.maketrans("«‹＜〈《({[_", "<<<<<<<<<")
_NOT_MRZ = re.compile(r"[^0-9A-Z<]")
_FIRST = re.compile(r"[I1LT]?[D0O]M[E3FB][XK](.{9})(.)([^0-9]{0,4})([0-9]{13})[^0-9]*")
_SECOND = re.compile(r"(.{6})(.)([HMX<])(.{6})(.)M[E3FB][XK](.*)")
_SECOND_TAIL = re.compile(r"[^0-9]{0,3}([0-9]{2})[^0-9]{1,4}([0-9]{5})[^0-9]{0,3}([0-9])[^0-9]*")
_THIRD = re.compile(r"[A-Z]{2,}(?:<{1,3}[A-Z]+)+<*")


@dataclass(frozen=True, slots=True)
class Mrz:
    """What was read. None: that line was not found. `…_agrees`: its ICAO check digit is right.

    `birth` and `expiry` are YYMMDD; `surnames` and `names` are capitals A to Z separated by spaces, and
    `truncated` says that the line was full, so that they may be cut. `composite_agrees` is None when a line
    is missing; wrong, it is a reason to warn and not to refuse.
    """

    cic: str | None = field(default=None, repr=False)
    cic_agrees: bool = False
    ocr: str | None = field(default=None, repr=False)
    birth: str | None = field(default=None, repr=False)
    birth_agrees: bool = False
    sexo: str | None = None
    expiry: str | None = None
    expiry_agrees: bool = False
    emission: str | None = None
    surnames: str | None = field(default=None, repr=False)
    names: str | None = field(default=None, repr=False)
    truncated: bool = False
    composite_agrees: bool | None = None

    @property
    def all_agree(self) -> bool:
        """Whether both lines of numbers were read and all of their digits are right."""
        own = self.cic_agrees and self.birth_agrees and self.expiry_agrees
        return own and self.composite_agrees is True


def check_digit(text: str) -> str:
    """The digit of ICAO Doc 9303, part 3, §4.9: weights 7, 3, 1. Raises KeyError outside of `0-9A-Z<`."""
    return str(sum(_VALUES[character] * _WEIGHTS[at % 3] for at, character in enumerate(text)) % 10)


def read_mrz(lines: Iterable[str]) -> Mrz | None:
    """Find the three lines among others, in any order. None without the first and the second."""
    found = Mrz()
    signed: dict[int, str] = {}
    for line in lines:
        text = _NOT_MRZ.sub("", line.upper().translate(_FILLERS))
        if len(text) < LINE_CHARS // 2:
            continue
        found = _first(text, found, signed) or _second(text, found, signed) or _third(text, found) or found
    if found.cic is None and found.birth is None:
        return None
    if len(signed) == 2:
        whole = signed[1] + signed[2]
        return replace(found, composite_agrees=check_digit(whole[:-1]) == whole[-1])
    return found


def _first(text: str, found: Mrz, signed: dict[int, str]) -> Mrz | None:
    """IDMEX, CIC with its digit, OCR."""
    head, rest = text[:6], text[6:].translate(_AS_DIGIT)
    match = _FIRST.fullmatch(head[:5] + head[5:].translate(_AS_DIGIT) + rest)
    if match is None or not (match[1] + match[2]).isdigit():
        return None
    cic, digit, ocr = match[1], match[2], match[4]
    signed[1] = f"{cic}{digit}<<{ocr}"
    return replace(found, cic=cic, cic_agrees=check_digit(cic) == digit, ocr=ocr)


def _second(text: str, found: Mrz, signed: dict[int, str]) -> Mrz | None:
    """Birth, sex, expiry, nationality, emission."""
    match = _SECOND.fullmatch(text)
    if match is None:
        return None
    birth, birth_digit, expiry, expiry_digit = (match[i].translate(_AS_DIGIT) for i in (1, 2, 4, 5))
    if not (birth + birth_digit + expiry + expiry_digit).isdigit():
        return None
    made = replace(
        found,
        birth=birth,
        birth_agrees=check_digit(birth) == birth_digit,
        sexo=match[3] if match[3] != "<" else "X",
        expiry=expiry,
        expiry_agrees=check_digit(expiry) == expiry_digit,
    )
    tail = _SECOND_TAIL.fullmatch(match[6].translate(_AS_DIGIT))
    if tail is None:
        return made
    signed[2] = f"{birth}{birth_digit}{expiry}{expiry_digit}<{tail[1]}<<{tail[2]}<{tail[3]}"
    return replace(made, emission=tail[1])


def _third(text: str, found: Mrz) -> Mrz | None:
    """Surnames and names; only a line that has no digits to speak of."""
    if sum(c.isdigit() for c in text) > 3 or "<" not in text:
        return None
    letters = text.translate(_AS_LETTER)
    if not _THIRD.fullmatch(letters):
        return None
    surnames, _, names = letters.rstrip("<").partition("<<")
    return replace(
        found,
        surnames=" ".join(surnames.replace("<", " ").split()),
        names=" ".join(names.replace("<", " ").split()),
        truncated=len(letters.rstrip("<")) >= LINE_CHARS - 2,  # it may be cut between two words
    )
