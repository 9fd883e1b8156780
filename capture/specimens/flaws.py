"""Credentials that contradict themselves, each in one thing: what cross-checks must notice. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from capture.credential.layouts import DRAWN_MODELS
from capture.device.people import Invented
from capture.identity.curp import check_digit
from capture.specimens.people import Person


class Flaw(StrEnum):
    """What is wrong. The back of somebody else is up to who draws both sides."""

    CURP_DIGIT = "curp-digito"
    CURP_BIRTH = "curp-de-otra-fecha"
    SECTION = "seccion-distinta"
    MRZ_CIC = "mrz-digito-cic"
    MRZ_BIRTH = "mrz-digito-fecha"
    MRZ_COMPOSITE = "mrz-digito-compuesto"
    QR_CIC = "qr-de-otro-cic"
    BACK = "reverso-de-otra"

    @property
    def models(self) -> str:
        """The models on which it can be seen."""
        if self in (Flaw.CURP_DIGIT, Flaw.CURP_BIRTH) or self.name.startswith("MRZ"):
            return DRAWN_MODELS.replace("C", "")
        return "EFGHIJ" if self is Flaw.QR_CIC else DRAWN_MODELS


def flawed(person: Person, flaw: Flaw) -> Person:
    """The same person with a credential that is wrong in that; the truth is what it says now.

    Raises KeyError where the model does not show it.
    """
    if person.model not in flaw.models:
        raise KeyError(f"{flaw} on a model {person.model}")
    return _CHANGES[flaw](person)


def _printed(person: Person, changes: Mapping[str, str]) -> Person:
    values = person.invented.values | {k: v for k, v in changes.items() if k in person.invented.values}
    printed = {**person.printed, **changes}
    return replace(person, invented=Invented(person.model, values), printed=printed)


def _next(digit: str) -> str:
    return str((int(digit) + 1) % 10)


def _curp_digit(person: Person) -> Person:
    key = person.printed["curp"]
    return _printed(person, {"curp": key[:-1] + _next(key[-1])})


def _curp_birth(person: Person) -> Person:
    key = person.printed["curp"]
    first = f"{key[:8]}{int(key[8:10]) % 28 + 1:02d}{key[10:17]}"
    return _printed(person, {"curp": first + check_digit(first)})


def _section(person: Person) -> Person:
    section = person.printed["seccion"]
    return _printed(person, {"seccion": section[:-1] + _next(section[-1])})


def _line(number: int, at: int) -> Callable[[Person], Person]:
    """Another digit at a place of a machine-readable line."""

    def change(person: Person) -> Person:
        lines = list(person.mrz)
        line = lines[number]
        lines[number] = line[:at] + _next(line[at]) + line[at + 1 :]
        return replace(person, mrz=tuple(lines))

    return change


def _qr_cic(person: Person) -> Person:
    cic = person.invented.values["cic"]
    other = cic[:-1] + _next(cic[-1])
    return replace(
        person, codes=dict(person.codes) | {"qr": person.codes["qr"].replace(f"{cic}/", f"{other}/")}
    )


_CHANGES: Mapping[Flaw, Callable[[Person], Person]] = {
    Flaw.CURP_DIGIT: _curp_digit,
    Flaw.CURP_BIRTH: _curp_birth,
    Flaw.SECTION: _section,
    Flaw.MRZ_CIC: _line(0, 14),
    Flaw.MRZ_BIRTH: _line(1, 6),
    Flaw.MRZ_COMPOSITE: _line(1, 29),
    Flaw.QR_CIC: _qr_cic,
    Flaw.BACK: lambda person: person,
}
