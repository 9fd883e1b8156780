"""The clave de elector: 6 letters, birth date (yymmdd), entidad of birth, sex, 3 digits.

The rule of the last three digits is not public. The letters come from surnames and name (initial and first
inner consonant of each); a vowel is legitimate as an initial, so letters are not told apart here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from capture.identity.entidades import ABROAD, ENTIDADES
from capture.identity.errors import IdentityRefusal

LENGTH = 18
_FORM = re.compile(r"[A-Z]{6}\d{6}\d{2}[HM]\d{3}", re.ASCII)
_KINDS = ("una letra",) * 6 + ("un dígito",) * 8 + ("H o M",) + ("un dígito",) * 3
_PATTERNS = {"una letra": re.compile("[A-Z]"), "un dígito": re.compile("[0-9]"), "H o M": re.compile("[HM]")}


@dataclass(frozen=True, slots=True)
class ClaveElector:
    """A well-formed clave."""

    text: str

    @property
    def yymmdd(self) -> str:
        """The birth date without its century."""
        return self.text[6:12]

    @property
    def entidad(self) -> str:
        """Two digits of the entidad of birth; 87 and 88 are abroad."""
        return self.text[12:14]

    @property
    def sexo(self) -> str:
        """H or M."""
        return self.text[14]

    def births(self) -> tuple[date, ...]:
        """The dates that it may mean, of both centuries, oldest first."""
        return _dates(self.yymmdd)


def clave_elector(text: str, field: str = "Clave de elector") -> ClaveElector:
    """The clave in capitals without spaces. Raises IdentityRefusal, which names the position at fault."""
    typed = "".join(text.split()).upper()
    if len(typed) != LENGTH:
        raise IdentityRefusal("clave.largo", field, f"{LENGTH} caracteres", f"{len(typed)} caracteres")
    if not _FORM.fullmatch(typed):
        at = next(i for i, kind in enumerate(_KINDS) if not _PATTERNS[kind].fullmatch(typed[i]))
        raise IdentityRefusal("clave.forma", field, f"{_KINDS[at]} en la posición {at + 1}", typed[at])
    made = ClaveElector(typed)
    if not made.births():
        raise IdentityRefusal("clave.fecha", field, "una fecha AAMMDD en las posiciones 7 a 12", made.yymmdd)
    if made.entidad not in ENTIDADES and made.entidad not in ABROAD:
        expected = "una entidad (01 a 32, 87 u 88) en las posiciones 13 y 14"
        raise IdentityRefusal("clave.entidad", field, expected, made.entidad)
    return made


def _dates(yymmdd: str) -> tuple[date, ...]:
    made = []
    for century in (1900, 2000):
        try:
            made.append(date(century + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])))
        except ValueError:
            continue
    return tuple(made)
