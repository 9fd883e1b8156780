"""The values that a front prints: by labels, forms and check digits. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from capture.credential.labels import Front, Printed, joined
from capture.credential.text import Line, Page
from capture.identity.clave_elector import clave_elector
from capture.identity.entidades import BY_CURP, CURP_ABROAD
from capture.identity.errors import IdentityRefusal
from capture.identity.names import person_name

_AS_DIGIT = str.maketrans("OQDUILZSBGT", "00001125867")
_AS_LETTER = str.maketrans("0125683", "OIZSGBE")
_CLAVE_KINDS = "LLLLLLNNNNNNNNSNNN"
_CURP_KINDS = "LLLLNNNNNNSLLLLL?N"
"""L: a letter, N: a digit, S: the sex, ?: a digit for those born before 2000, a letter for others."""
_CURP = re.compile(r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]")
_OLDEST_YY = 30
"""Two digits of a birth year from here on are of the 20th century."""
_NUMBERS: Mapping[str, tuple[str, re.Pattern[str]]] = {
    "entidad": ("entidad", re.compile(r"([0-9]{2})(?![0-9])")),
    "municipio": ("municipio", re.compile(r"([0-9]{3})(?![0-9])")),
    "seccion": ("seccion", re.compile(r"([0-9]{4})(?![0-9])")),
    "localidad": ("localidad", re.compile(r"([0-9]{4})(?![0-9])")),
    "emision": ("emision", re.compile(r"((?:19|20)[0-9]{2})(?![0-9])")),
    "vigencia": ("vigencia", re.compile(r"(?:(?:19|20)[0-9]{2}[^0-9]{0,3})?(20[0-9]{2})(?![0-9])")),
    "anio_registro": ("registro", re.compile(r"((?:19|20)[0-9]{2})[^0-9]{0,2}(?:[0-9]{2})?(?![0-9])")),
    "numero_emision": ("registro", re.compile(r"(?:19|20)[0-9]{2}[^0-9]{0,2}([0-9]{2})(?![0-9])")),
}
"""By field: its label, and its form at the beginning of what follows the label."""
_DATE = re.compile(r"([0-3][0-9])[^0-9]?([01][0-9])[^0-9]?((?:19|20)[0-9]{2})")
_NAME_ROWS = ("apellido_paterno", "apellido_materno", "nombre")
_MARKS = re.compile(r"[^\w '’.\-]|_")
_DIGITS = 2
"""So many digits on a row are no letters that were read wrong."""
_AFTER_NAME = re.compile(r"[0-9]{2}[/.\-][0-9]{2}.*|\b(?:EDAD|SEXO)\b.*")


def front_values(page: Page) -> dict[str, Printed]:
    """What was found, by the names of FIELDS and of the layouts; absent: not found or not of its form."""
    front = Front(page.lines)
    found: dict[str, Printed] = {}
    for name, read in _READERS.items():
        made = read(front)
        if made is not None:
            found[name] = made
    found.update(_numbers(front))
    found.update(_names(front))
    return found


def curp_from(text: str) -> str | None:
    """A CURP's form after what readers confuse is set right, its check digit not looked at."""
    made = _by_kinds(text.replace("Ñ", "X"), _CURP_KINDS)
    if not _CURP.fullmatch(made) or (made[11:13] not in BY_CURP and made[11:13] != CURP_ABROAD):
        return None
    return made


def clave_from(text: str) -> str | None:
    """A clave de elector after what readers confuse is set right."""
    try:
        return clave_elector(_by_kinds(text, _CLAVE_KINDS)).text
    except IdentityRefusal:
        return None


def _by_kinds(text: str, kinds: str) -> str:
    if len(text) != len(kinds):
        return ""
    made = [_of_kind(c, kind) for c, kind in zip(text.upper(), kinds, strict=True)]
    if "?" in kinds:
        recent = "".join(made[4:6]) < f"{_OLDEST_YY}"
        made[16] = made[16].translate(_AS_LETTER if recent else _AS_DIGIT)
    return "".join(made)


def _of_kind(character: str, kind: str) -> str:
    if kind == "S":
        return {"N": "H", "W": "M"}.get(character, character)
    return character.translate({"L": _AS_LETTER, "N": _AS_DIGIT}.get(kind, {}))


def _after(front: Front, label: str) -> Iterator[Printed]:
    """What stands beside each label of that name, then what stands under it."""
    for found in front.labels:
        if found.name != label:
            continue
        beside = front.beside(found)
        if beside is not None:
            yield beside
        yield from front.under(found)[:1]


def _key(label: str, form: Callable[[str], str | None]) -> Callable[[Front], Printed | None]:
    """A reader of 18 characters that follow a label or stand alone; spaces may be anywhere between words."""

    def read(front: Front) -> Printed | None:
        alone = (Printed(line.text, line.sure, line.where) for line in front.lines)
        for printed in (*_after(front, label), *alone):
            made = next((m for m in map(form, _joined_words(printed.text)) if m), None)
            if made:
                return Printed(made, printed.sure, printed.where)
        return None

    return read


def _joined_words(text: str) -> Iterator[str]:
    """Neighbouring words that have 18 characters together."""
    words = re.sub(r"[^\w ]", "", text).split()
    for first in range(len(words)):
        made = ""
        for word in words[first:]:
            made += word
            if len(made) >= 18:
                break
        if len(made) == 18:
            yield made


def _date_of_birth(front: Front) -> Printed | None:
    for printed in _after(front, "fecha_nacimiento"):
        if found := _DATE.search(printed.text.upper().translate(_AS_DIGIT)):
            return Printed("/".join(found.groups()), printed.sure, printed.where)
    return None


def _sex(front: Front) -> Printed | None:
    for printed in _after(front, "sexo"):
        letter = printed.text.strip().upper()[:1]
        if letter in ("H", "M", "X"):
            return Printed(letter, printed.sure, printed.where)
    return None


def _address(front: Front) -> Printed | None:
    label = front.find("domicilio")
    return None if label is None else joined(front.under(label)[:4], "\n")


_READERS: Mapping[str, Callable[[Front], Printed | None]] = {
    "clave_elector": _key("clave_elector", clave_from),
    "curp": _key("curp", curp_from),
    "fecha_nacimiento": _date_of_birth,
    "sexo": _sex,
    "domicilio": _address,
}


def _numbers(front: Front) -> Iterator[tuple[str, Printed]]:
    for name, (label, form) in _NUMBERS.items():
        for printed in _after(front, label):
            if found := form.match(printed.text.upper().translate(_AS_DIGIT)):
                yield name, Printed(found.group(1), printed.sure, printed.where)
                break


def _names(front: Front) -> Iterator[tuple[str, Printed]]:
    """Three rows under «NOMBRE»: paternal surname, maternal surname, names.

    Two rows are a person with one surname. More do not say which is which, and are left to a person.
    """
    label = front.find("nombre")
    kept = [] if label is None else list(_name_rows(front.under(label)))
    if len(kept) == 3:
        yield from zip(_NAME_ROWS, kept, strict=True)
    elif len(kept) == 2:
        yield from zip((_NAME_ROWS[0], _NAME_ROWS[2]), kept, strict=True)


def _name_rows(paragraph: Iterable[Printed]) -> Iterator[Printed]:
    """Up to the first row that has numbers: an address whose label was not read."""
    for row in paragraph:
        text = _AFTER_NAME.sub("", row.text.upper())
        if sum(c.isdigit() for c in text) >= _DIGITS:
            return
        made = _as_name(replace(row, text=text))
        if made is not None:
            yield made


def _as_name(row: Printed) -> Printed | None:
    text = _MARKS.sub(" ", row.text.translate(_AS_LETTER)).strip(" -.'’")
    try:
        return Printed(person_name(text, "nombre"), row.sure, row.where)
    except IdentityRefusal:
        return None


def back_number(lines: tuple[Line, ...]) -> Printed | None:
    """The OCR printed alone on a back without machine-readable lines: 13 digits, on the oldest 12."""
    if any("<" in line.text for line in lines):
        return None
    for line in lines:
        digits = "".join(line.text.split()).translate(_AS_DIGIT)
        if re.fullmatch(r"[0-9]{12,13}", digits, re.ASCII):
            return Printed(digits, line.sure, line.where)
    return None
