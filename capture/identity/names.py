"""Names of persons and short texts of one line or several."""

from __future__ import annotations

import unicodedata

from capture.identity.errors import IdentityRefusal

MAX_NAME_CHARS = 100
_MARKS = " '’.-"


def person_name(text: str, field: str) -> str:
    """Letters with their accents, spaces, apostrophes, hyphens and dots; spaces are collapsed."""
    made = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(c.isalpha() for c in made):
        raise IdentityRefusal("nombre.vacio", field, "un nombre", "nada" if not made else "ninguna letra")
    if len(made) > MAX_NAME_CHARS:
        expected = f"a lo más {MAX_NAME_CHARS} caracteres"
        raise IdentityRefusal("nombre.largo", field, expected, f"{len(made)} caracteres")
    for at, character in enumerate(made, 1):
        if not character.isalpha() and character not in _MARKS:
            raise IdentityRefusal("nombre.forma", field, "letras", f"«{character}» en la posición {at}")
    return made


def full_name(nombre: str, paterno: str, materno: str) -> str:
    """Name and the surnames that there are."""
    return " ".join(part for part in (nombre, paterno, materno) if part)


def line(text: str, field: str, most: int) -> str:
    """One line of 1 to `most` characters, without control characters, spaces collapsed."""
    made = " ".join(unicodedata.normalize("NFC", text).split())
    return _checked(made, field, most)


def paragraph(text: str, field: str, most: int) -> str:
    """Text of 1 to `most` characters that may have several lines."""
    made = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return _checked(made, field, most, allowed="\n\t")


def _checked(made: str, field: str, most: int, allowed: str = "") -> str:
    if not 1 <= len(made) <= most:
        raise IdentityRefusal("texto.largo", field, f"de 1 a {most} caracteres", f"{len(made)} caracteres")
    for at, character in enumerate(made, 1):
        if not character.isprintable() and character not in allowed:
            got = f"U+{ord(character):04X} en la posición {at}"
            raise IdentityRefusal("texto.forma", field, "texto sin caracteres de control", got)
    return made
