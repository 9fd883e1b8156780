"""The values of a card from both of its sides, each settled among all places that say it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from capture.credential import crosschecks
from capture.credential.address import address_parts, state_of
from capture.credential.crosschecks import Person
from capture.credential.fields import back_number, clave_from, front_values
from capture.credential.labels import Printed
from capture.credential.models import small_qr
from capture.credential.seeing import Shown
from capture.credential.witnesses import (
    AGREED,
    MOST_ALONE,
    Witness,
    confirmed,
    contradicted,
    doubted,
    settle,
)
from capture.identity.mrz import Mrz
from capture.packet.record import FIELDS
from capture.processing.datos import Fuente
from capture.reading.results import SURE, CodeRead, Contradiction, Found, Missing, Side

_NUMBERS = ("cic", "ocr", "numero_emision", "seccion", "vigencia", "entidad", "municipio")
_NAMES = ("nombre", "apellido_paterno", "apellido_materno")
_IDMEX = re.compile(r"IDMEX([0-9]{9})")
_OCR = re.compile(r"[0-9]{12,13}")
_WHOLE = re.compile(r"(?<![0-9])([0-9]{13})([0-9]{2})([0-9]{9})(?![0-9])")
_CLAVE = re.compile(r"(?<![0-9A-Z])[A-Z]{6}[0-9]{8}[HM][0-9]{3}(?![0-9A-Z])")
_WRONG_DIGIT, _CLEAR_NAME, _CLEAR_KEY = 0.5, 0.88, 0.9
"""Most of a CURP of a wrong digit; least of a name, whose accents nothing confirms, and of keys."""
_MRZ_CHECKED, _MRZ_UNCHECKED = 0.95, 0.7
_MRZ_CLEAR = 0.6
"""Least of the lines of numbers for their digits to count: of two wrong ones, each passes one in ten."""
_MRZ_NAME = 0.6
"""Machine-readable lines write no accents and no Ñ."""


@dataclass(frozen=True, slots=True)
class Values:
    """`found` has all FIELDS. `address`: as `capture.credential.address` names its parts."""

    found: Mapping[str, Found]
    address: Mapping[str, Found]
    contradictions: tuple[Contradiction, ...]
    person: Person = field(repr=False)


def read_values(front: Shown | None, back: Shown | None) -> Values:
    """Everything that both sides say, each value once."""
    printed = {} if front is None else front_values(front.seen.page)
    mrz = None if back is None else back.seen.mrz
    said: dict[str, list[Witness]] = {name: [] for name in FIELDS}
    for name, witness in (*_of_front(printed), *_of_back(back)):
        said[name].append(witness)
    found = {name: settle(witnesses) for name, witnesses in said.items()}
    address = address_parts(printed["domicilio"]) if "domicilio" in printed else {}
    if found["entidad"].value and state_of(address) == found["entidad"].value:
        found["entidad"] = confirmed(found["entidad"])
    person = crosschecks.with_tildes(_person(found, printed))
    disputes = [
        Contradiction(f"cruce.{name}", _two(said[name])) for name in _NUMBERS if contradicted(said[name])
    ]
    found.update(_settled_person(person, mrz))
    return Values(found, address, (*disputes, *crosschecks.contradictions(person, mrz)), person)


def _of_front(printed: Mapping[str, Printed]) -> Iterator[tuple[str, Witness]]:
    for name, text in printed.items():
        if name in FIELDS:
            yield name, _witness(text, Side.ANVERSO)


def _of_back(back: Shown | None) -> Iterator[tuple[str, Witness]]:
    if back is None:
        return
    yield from _of_codes(back.seen.codes)
    if back.seen.mrz is not None:
        yield from _of_mrz(back.seen.mrz, back.mrz_line)
    number = back_number(back.seen.page.lines)
    if number is not None:
        yield "ocr", _witness(number, Side.REVERSO)
        yield "seccion", replace(_witness(number, Side.REVERSO), value=number.text[:4])


def _of_codes(codes: tuple[CodeRead, ...]) -> Iterator[tuple[str, Witness]]:
    small = small_qr(codes)
    if small is not None:
        code, said = small
        yield from _numbers(code, Fuente.QR, said.ocr, said.emission, said.cic)
    for code in codes:
        if code.symbology == "qr":
            continue
        if found := _IDMEX.fullmatch(code.text):
            yield "cic", _code_witness(code, Fuente.BARRAS, found.group(1))
        elif _OCR.fullmatch(code.text):
            yield from _numbers(code, Fuente.BARRAS, code.text)
        elif found := _WHOLE.search(code.text):
            yield from _numbers(code, Fuente.BARRAS, *found.groups())
        if (found := _CLAVE.search(code.text)) and (clave := clave_from(found.group())):
            yield "clave_elector", _code_witness(code, Fuente.BARRAS, clave)


def _numbers(
    code: CodeRead, source: Fuente, ocr: str, emission: str | None = None, cic: str | None = None
) -> Iterator[tuple[str, Witness]]:
    yield "ocr", _code_witness(code, source, ocr)
    yield "seccion", _code_witness(code, source, ocr[:4])
    if emission is not None and cic is not None:
        yield "numero_emision", _code_witness(code, source, emission)
        yield "cic", _code_witness(code, source, cic)


def _of_mrz(mrz: Mrz, line: Printed | None) -> Iterator[tuple[str, Witness]]:
    """The composite digit vouches for every number of the first two lines, the others for their own."""
    clear = line is not None and line.sure >= _MRZ_CLEAR
    whole = clear and mrz.all_agree
    where = None if line is None else line.where
    sure = _MRZ_CHECKED if whole else _MRZ_UNCHECKED

    def said(value: str, *, checked: bool) -> Witness:
        return Witness(value, Fuente.MRZ, Side.REVERSO, sure, where, checked)

    if mrz.cic is not None:
        yield "cic", said(mrz.cic, checked=clear and mrz.cic_agrees)
    if mrz.ocr is not None:
        yield "ocr", said(mrz.ocr, checked=whole)
        yield "seccion", said(mrz.ocr[:4], checked=whole)
    if mrz.emission is not None:
        yield "numero_emision", said(mrz.emission, checked=whole)
    if mrz.expiry is not None:
        yield "vigencia", said(f"20{mrz.expiry[:2]}", checked=clear and mrz.expiry_agrees)


def _witness(printed: Printed, side: Side) -> Witness:
    return Witness(printed.text, Fuente.OCR, side, printed.sure, printed.where)


def _code_witness(code: CodeRead, source: Fuente, value: str) -> Witness:
    return Witness(value, source, code.side, 1.0, code.where, checked=True)


def _two(witnesses: list[Witness]) -> tuple[str, str]:
    """The sources of the first two that differ."""
    clear = [one for one in witnesses if one.clear]
    other = next(one for one in clear if one.value != clear[0].value)
    return clear[0].source.value, other.source.value


def _person(found: Mapping[str, Found], printed: Mapping[str, Printed]) -> Person:
    birth, sexo = printed.get("fecha_nacimiento"), printed.get("sexo")
    if birth is not None:
        day, month, year = birth.text.split("/")
        birth = replace(birth, text=f"{year[2:]}{month}{day}")
    names = {name: found[name] for name in _NAMES}
    return Person(
        names,
        found["clave_elector"],
        found["curp"],
        None if birth is None else _witness(birth, Side.ANVERSO),
        None if sexo is None else _witness(sexo, Side.ANVERSO),
    )


def _settled_person(person: Person, mrz: Mrz | None) -> dict[str, Found]:
    """Names, clave and CURP vouch for each other, and the machine-readable lines for all of them."""
    found = dict(person.names)
    alike = crosschecks.names_agree(person, mrz)
    if alike is None:
        found.update(_names_of_mrz(person, mrz))
    confirmed_names = crosschecks.names_confirmed(person, mrz)
    for name, value in found.items():
        if alike is False or not crosschecks.well_accented(value.value or ""):
            found[name] = doubted(value, _MRZ_NAME)
        elif name in confirmed_names and value.value is not None and value.sure >= _CLEAR_NAME:
            found[name] = replace(value, sure=AGREED)
    return {**found, "clave_elector": _clave(person, mrz), "curp": _curp(person, mrz)}


def _names_of_mrz(person: Person, mrz: Mrz | None) -> dict[str, Found]:
    """What the front did not give, where the machine-readable line leaves no doubt which word is which."""
    if mrz is None or mrz.surnames is None or not mrz.names or mrz.truncated:
        return {}
    surnames = mrz.surnames.split()
    if len(surnames) != 2 or any(found.value for found in person.names.values()):
        return {}
    said = dict(zip(_NAMES, (mrz.names, *surnames), strict=True))
    return {name: Found(text, Fuente.MRZ, _MRZ_NAME, Side.REVERSO) for name, text in said.items()}


def _curp(person: Person, mrz: Mrz | None) -> Found:
    """A wrong check digit goes to a person, not to the bin: INE's own printed specimen has one."""
    if person.curp.value is None:
        return person.curp
    if person.parsed_curp is None:
        return doubted(person.curp, _WRONG_DIGIT)
    clear = person.curp.sure >= min(_CLEAR_KEY, MOST_ALONE) or crosschecks.curp_agrees(person)
    return confirmed(person.curp) if clear and crosschecks.same_birth(person, mrz) else person.curp


def _clave(person: Person, mrz: Mrz | None) -> Found:
    """Names and birth vouch for 15 of its characters; the last three must be clear."""
    found = person.clave
    if found.value is None or found.sure >= SURE:
        return found
    fits = crosschecks.same_birth(person, mrz) and crosschecks.initials_agree(person)
    return confirmed(found) if fits and found.sure >= min(_CLEAR_KEY, MOST_ALONE) else found


def not_read(found: Found, missing: Missing) -> Found:
    """The same, with a better reason where it is empty and none is known."""
    unknown = found.value is None and found.missing is Missing.NOT_FOUND
    return replace(found, missing=missing) if unknown else found
