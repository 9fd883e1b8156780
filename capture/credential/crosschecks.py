"""What CURP, clave, names and machine-readable lines of a card must say alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from capture.credential.labels import folded
from capture.credential.witnesses import Witness
from capture.identity.clave_elector import ClaveElector, clave_elector
from capture.identity.curp import Curp, curp
from capture.identity.errors import IdentityRefusal
from capture.identity.mrz import Mrz
from capture.reading.results import Contradiction, Found

_CLEAR = 0.9
_INITIALS = {"paterno": (0, 2), "materno": (2, 4), "nombre": (4, 6)}


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

    A line of 30 characters may cut the end; Ñ is N or X in it.
    """
    written = [person.names[n].value for n in ("apellido_paterno", "apellido_materno", "nombre")]
    if mrz is None or mrz.surnames is None or not written[0] or not written[2]:
        return None
    coded = f"{_glued(mrz.surnames)}<{_glued(mrz.names or '')}"
    surnames = " ".join(part for part in written[:2] if part)
    for spelled in (f"{surnames}<{written[2]}".upper(), f"{surnames}<{written[2]}".upper().replace("Ñ", "X")):
        words = _glued(folded(spelled))
        if words == coded or (mrz.truncated and words.startswith(coded.rstrip("<"))):
            return True
    return False


def _glued(words: str) -> str:
    """Without what machine-readable lines leave out or write as fillers."""
    return "".join(c for c in words if c not in " -.'’")


def initials_agree(person: Person) -> bool:
    """Whether the six letters of the clave fit the names: of each, an initial and its next consonant."""
    clave = person.clave.value
    if clave is None:
        return False
    for name, (start, end) in zip(
        ("apellido_paterno", "apellido_materno", "nombre"), _INITIALS.values(), strict=True
    ):
        value = person.names[name].value
        if value is None or not _fits(value, clave[start:end]):
            return False
    return True


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


def _fits(name: str, letters: str) -> bool:
    """Some word of the name begins with the first letter, and its first inner consonant is the second."""
    for word in folded(name.upper().replace("Ñ", "X")).replace("-", " ").split():
        inner = next((c for c in word[1:] if c not in "AEIOU"), "X")
        if word[0] + inner == letters:
            return True
    return False
