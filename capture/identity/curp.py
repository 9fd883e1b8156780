"""The CURP: 18 characters with a check digit (Instructivo Normativo para la Asignación de la CURP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from capture.identity.entidades import BY_CURP, CURP_ABROAD
from capture.identity.errors import IdentityRefusal

LENGTH = 18
_FORM = re.compile(r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d", re.ASCII)
_ALPHABET = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Curp:
    """A CURP whose check digit agrees."""

    text: str

    @property
    def birth(self) -> date:
        """Position 17 is a digit for those born before 2000, a letter after."""
        return _birth(self.text)

    @property
    def sexo(self) -> str:
        """H, M or X."""
        return self.text[10]

    @property
    def entidad(self) -> str | None:
        """The two digits of the entidad of birth; None for births abroad."""
        letters = self.text[11:13]
        return None if letters == CURP_ABROAD else BY_CURP[letters].clave


def curp(text: str, field: str = "CURP") -> Curp:
    """The CURP in capitals without spaces. Raises IdentityRefusal."""
    typed = "".join(text.split()).upper().replace("Ñ", "X")
    if len(typed) != LENGTH:
        raise IdentityRefusal("curp.largo", field, f"{LENGTH} caracteres", f"{len(typed)} caracteres")
    if not _FORM.fullmatch(typed):
        expected = "4 letras, AAMMDD, H/M/X, 2 letras de entidad, 3 consonantes, 1 carácter y 1 dígito"
        raise IdentityRefusal("curp.forma", field, expected, "otra forma")
    if typed[11:13] != CURP_ABROAD and typed[11:13] not in BY_CURP:
        expected = "las letras de una entidad en las posiciones 12 y 13"
        raise IdentityRefusal("curp.entidad", field, expected, typed[11:13])
    try:
        _birth(typed)
    except ValueError:
        expected = "una fecha AAMMDD en las posiciones 5 a 10"
        raise IdentityRefusal("curp.fecha", field, expected, typed[4:10]) from None
    if typed[17] != check_digit(typed[:17]):
        expected = "un dígito verificador que corresponda; revise cada carácter"
        raise IdentityRefusal("curp.digito", field, expected, f"{typed[17]} en la posición 18")
    return Curp(typed)


def check_digit(first: str) -> str:
    """The 18th character for the first 17."""
    total = sum(_ALPHABET.index(character) * (LENGTH - at) for at, character in enumerate(first))
    return str(-total % 10)


def _birth(text: str) -> date:
    century = 1900 if text[16].isdigit() else 2000
    return date(century + int(text[4:6]), int(text[6:8]), int(text[8:10]))
