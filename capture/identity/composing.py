"""CURP and clave de elector from a name and a birth, as the institutes compose them. Pure.

Instructivo Normativo para la Asignación de la CURP: accents do not count, Ñ is X, particles («DE LA») are
left out, and «MARÍA» or «JOSÉ» give way to a second name. The words that it replaces are not treated.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from capture.identity.curp import check_digit
from capture.identity.entidades import CURP_ABROAD, ENTIDADES

_words = str.split
_PARTICLES = frozenset(_words("DA DAS DE DEL DER DI DIE DD EL LA LOS LAS LE LES MAC MC VAN VON Y"))
_COMMON = frozenset(("MARIA", "MA", "MA.", "M", "M.", "JOSE", "J", "J."))
_VOWELS = frozenset("AEIOU")


@dataclass(frozen=True, slots=True)
class Born:
    """Who was born when and where. `sex`: H or M; `entidad`: two digits, 87 or 88 for abroad."""

    paternal: str
    maternal: str
    name: str
    day: date
    sex: str
    entidad: str


def compose_curp(born: Born, distinguishing: str | None = None) -> str:
    """The CURP with its check digit. `distinguishing`: the 17th character, by default the first there is."""
    paternal, maternal, name = _words_of(born)
    if distinguishing is None:
        distinguishing = "0" if born.day.year < 2000 else "A"
    initials = paternal[0] + _inner(paternal, vowel=True) + maternal[0] + name[0]
    consonants = "".join(_inner(word, vowel=False) for word in (paternal, maternal, name))
    place = ENTIDADES[born.entidad].curp if born.entidad in ENTIDADES else CURP_ABROAD
    first = f"{initials}{born.day:%y%m%d}{born.sex}{place}{consonants}{distinguishing}"
    return first + check_digit(first)


def compose_clave(born: Born, last: str) -> str:
    """The clave de elector. `last`: its three digits, whose rule is not public."""
    letters = "".join(word[0] + _inner(word, vowel=False) for word in _words_of(born))
    return f"{letters}{born.day:%y%m%d}{born.entidad}{born.sex}{last}"


def _words_of(born: Born) -> tuple[str, str, str]:
    """The word of each that counts; X for a surname that is not there."""
    names = _plain(born.name)
    if len(names) > 1 and names[0] in _COMMON:
        names = names[1:]
    return (_plain(born.paternal) or ["X"])[0], (_plain(born.maternal) or ["X"])[0], names[0]


def _plain(text: str) -> list[str]:
    """Words without accents and particles; Ñ is X."""
    spelled = unicodedata.normalize("NFD", text.upper().replace("Ñ", "X"))
    letters = "".join(c for c in spelled if not unicodedata.combining(c))
    words = letters.replace("'", "").replace("-", " ").split()
    return [word for word in words if word not in _PARTICLES] or words


def _inner(word: str, *, vowel: bool) -> str:
    """The first inner vowel or consonant, X where there is none."""
    return next((c for c in word[1:] if (c in _VOWELS) == vowel), "X")
