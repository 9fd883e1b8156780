"""What CURP, clave, names and machine-readable lines of a card must say alike. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from capture.credential.labels import folded
from capture.credential.witnesses import Witness
from capture.identity.clave_elector import ClaveElector, clave_elector
from capture.identity.curp import Curp, curp
from capture.identity.errors import IdentityRefusal
from capture.identity.mrz import Mrz
from capture.reading.results import Contradiction, Found

_CLEAR = 0.9
_WRITTEN = ("apellido_paterno", "apellido_materno", "nombre")
_PARTICLES = frozenset(("DE", "DEL", "LA", "LAS", "LOS", "Y", "SAN"))
_UNWRITTEN = str.maketrans("", "", ".'’")
_ACUTE = "\u0301"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the front says that it is of. Values that were not read are None."""

    names: Mapping[str, Found] = field(repr=False)
    clave: Found
    curp: Found
    birth: Witness | None = None
    """YYMMDD under «FECHA DE NACIMIENTO»."""
    sexo: Witness | None = None

    @property
    def parsed_clave(self) -> ClaveElector | None:
        """The clave, if one was read."""
        return None if self.clave.value is None else clave_elector(self.clave.value)

    @property
    def parsed_curp(self) -> Curp | None:
        """The CURP, if one was read and its check digit agrees."""
        if self.curp.value is None:
            return None
        try:
            return curp(self.curp.value)
        except IdentityRefusal:
            return None


def same_birth(person: Person, mrz: Mrz | None) -> bool:
    """Whether clave and CURP, or one of them and another place, agree in birth date and sex."""
    said = list(_births(person, mrz))
    return len(said) > 1 and len(set(said)) == 1


def names_agree(person: Person, mrz: Mrz | None) -> bool | None:
    """Whether the front and the third machine-readable line name the same person; None: one was not read.

    A line of 30 characters may cut the end; Ñ is N or X in it. Where words end is not looked at.
    """
    written = [person.names[name].value for name in _WRITTEN]
    if mrz is None or mrz.surnames is None or not written[0] or not written[2]:
        return None
    coded = "".join(f"{mrz.surnames}<{mrz.names or ''}".split())
    surnames = " ".join(part for part in written[:2] if part)
    for parts in zip(_coded(surnames), _coded(written[2]), strict=True):
        glued = "<".join(parts).replace(" ", "")
        if glued == coded or (mrz.truncated and glued.startswith(coded.rstrip("<"))):
            return True
    return False


def names_confirmed(person: Person, mrz: Mrz | None) -> frozenset[str]:
    """Which names of the front the third machine-readable line spells with the same letters and words.

    Accents are not in it. Surnames that it cuts have no names behind them.
    """
    if mrz is None or not mrz.surnames or not mrz.names:
        return frozenset()
    paternal, maternal, name = (person.names[name].value or "" for name in _WRITTEN)
    same: set[str] = set()
    if mrz.surnames in _coded(f"{paternal} {maternal}".strip()):
        same.update(_WRITTEN[:2])
    if mrz.names in _coded(name):
        same.add(_WRITTEN[2])
    return frozenset(same)


def _coded(name: str) -> tuple[str, str]:
    """As machine-readable lines write it, Ñ as N and as X."""
    plain = name.upper().replace("-", " ").translate(_UNWRITTEN)
    return folded(plain), folded(plain.replace("Ñ", "X"))


def initials_agree(person: Person) -> bool:
    """Whether the six letters of the clave fit the names: of each, an initial and its next consonant."""
    clave = person.clave.value
    if clave is None:
        return False
    return all(
        any(word[0] + _inner(word, vowel=False) == clave[at : at + 2] for word in _words(person, name))
        for name, at in zip(_WRITTEN, (0, 2, 4), strict=True)
    )


def with_tildes(person: Person) -> Person:
    """The same with the Ñ that a reader took for an N, where the clave has the X of one in its place.

    Only where no word of the name fits its two letters of the clave, and one does with the Ñ.
    """
    clave = person.clave.value
    if clave is None or person.clave.sure < _CLEAR:
        return person
    names = dict(person.names)
    for name, at in zip(_WRITTEN, (0, 2, 4), strict=True):
        value, letters = names[name].value, clave[at : at + 2]
        fits = (word[0] + _inner(word, vowel=False) == letters for word in _words(person, name))
        if value is not None and "X" in letters and not any(fits):
            names[name] = replace(names[name], value=_tilded(value, letters))
    return replace(person, names=names)


def _tilded(name: str, letters: str) -> str:
    """With one N as Ñ where a word then has the letters; as it is where none does."""
    for at in (at for at, letter in enumerate(name) if letter == "N"):
        spelled = f"{name[:at]}Ñ{name[at + 1 :]}"
        start = name.rfind(" ", 0, at) + 1
        word = folded(spelled[start:].split(" ", 1)[0].replace("Ñ", "X"))
        if word[0] + _inner(word, vowel=False) == letters:
            return spelled
    return name


def curp_agrees(person: Person) -> bool:
    """Whether the seven letters of the CURP fit the names, and its birth the clave."""
    key, clave = person.parsed_curp, person.parsed_clave
    if key is None or clave is None or any(_clave_and_curp(clave, key)):
        return False
    text = key.text
    letters = ((text[0], text[1], text[13]), (text[2], "", text[14]), (text[3], "", text[15]))
    return all(
        any(
            word[0] == first
            and vowel in ("", _inner(word, vowel=True))
            and consonant == _inner(word, vowel=False)
            for word in _words(person, name)
        )
        for name, (first, vowel, consonant) in zip(_WRITTEN, letters, strict=True)
    )


def well_accented(name: str) -> bool:
    """Whether no word has two accents, and no particle one: shades of a copy are read as accents."""
    words = unicodedata.normalize("NFD", name.upper()).replace("-", " ").split()
    accents = [word.count(_ACUTE) for word in words]
    particles = [word.replace(_ACUTE, "") in _PARTICLES for word in words]
    return not any(count > 1 or (count and small) for count, small in zip(accents, particles, strict=True))


def contradictions(person: Person, mrz: Mrz | None) -> Iterator[Contradiction]:
    """What was read clearly on both places and differs. A wrong check digit is one too."""
    clave, key = person.parsed_clave, person.parsed_curp
    if person.curp.value is not None and key is None:
        yield Contradiction("curp.digito", ("curp", "curp"))
    if clave is not None and key is not None:
        yield from _clave_and_curp(clave, key)
    if mrz is not None:
        yield from _with_mrz(person, clave, key, mrz)


def _clave_and_curp(clave: ClaveElector, key: Curp) -> Iterator[Contradiction]:
    between = ("clave_elector", "curp")
    if clave.yymmdd != key.text[4:10]:
        yield Contradiction("cruce.fecha", between)
    if key.sexo not in ("X", clave.sexo):
        yield Contradiction("cruce.sexo", between)
    abroad = clave.entidad in ("87", "88")
    if (key.entidad is None) != abroad or (key.entidad is not None and key.entidad != clave.entidad):
        yield Contradiction("cruce.entidad", between)


def _with_mrz(
    person: Person, clave: ClaveElector | None, key: Curp | None, mrz: Mrz
) -> Iterator[Contradiction]:
    if mrz.cic is not None and not mrz.cic_agrees:
        yield Contradiction("mrz.cic", ("mrz", "mrz"))
    if mrz.composite_agrees is False:
        yield Contradiction("mrz.compuesto", ("mrz", "mrz"))
    if mrz.birth_agrees and key is not None and key.text[4:10] != mrz.birth:
        yield Contradiction("cruce.fecha", ("curp", "mrz"))
    elif mrz.birth_agrees and clave is not None and clave.yymmdd != mrz.birth and person.clave.sure >= _CLEAR:
        yield Contradiction("cruce.fecha", ("clave_elector", "mrz"))
    if key is not None and mrz.sexo in ("H", "M") and key.sexo not in ("X", mrz.sexo):
        yield Contradiction("cruce.sexo", ("curp", "mrz"))
    if names_agree(person, mrz) is False and _all_clear(person):
        yield Contradiction("cruce.nombre", ("nombre", "mrz"))


def _all_clear(person: Person) -> bool:
    return all(found.value is None or found.sure >= _CLEAR for found in person.names.values())


def _births(person: Person, mrz: Mrz | None) -> Iterator[str]:
    """YYMMDD and sex of each place."""
    clave, key = person.parsed_clave, person.parsed_curp
    if clave is not None:
        yield clave.yymmdd + clave.sexo
    if key is not None:
        yield key.text[4:10] + key.sexo
    if mrz is not None and mrz.birth_agrees and mrz.birth is not None and mrz.sexo is not None:
        yield mrz.birth + mrz.sexo
    if person.birth is not None and person.sexo is not None:
        yield person.birth.value + person.sexo.value


def _words(person: Person, name: str) -> list[str]:
    """Each counts: which of them a key is made of depends on particles and on «MARÍA» and «JOSÉ»."""
    return folded((person.names[name].value or "").upper().replace("Ñ", "X")).replace("-", " ").split()


def _inner(word: str, *, vowel: bool) -> str:
    """The first inner vowel or consonant, X where there is none."""
    return next((c for c in word[1:] if (c in "AEIOU") == vowel), "X")
