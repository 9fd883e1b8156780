"""A person with a right to opine, and the names under which the person is searched."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass

from keys.canonical import encode_sorted
from tally.claves.ports import Keeper
from tally.claves.states import State

_FILLING = re.compile(r"[\s.-]+")


@dataclass(frozen=True, slots=True)
class PersonData:
    """Personal data: they rest sealed, and are opened for one person at a time.

    `telefono`: 10 digits. `correo`: an e-mail address.
    """

    clave_elector: str
    ocr: str
    nombre: str
    telefono: str
    correo: str

    def encode(self) -> bytes:
        """What is sealed."""
        return encode_sorted(asdict(self))

    @classmethod
    def decode(cls, data: bytes) -> PersonData:
        """What `encode` made."""
        return cls(**json.loads(data))


@dataclass(frozen=True, slots=True)
class Person:
    """A row without its personal data. `seccion`: the electoral section of the credential."""

    id: str
    consulta: str
    seccion: str
    estado: State


def normal(text: str) -> str:
    """A clave de elector or an OCR as it is compared: capitals, without spaces, dots and hyphens."""
    return _FILLING.sub("", text).upper()


def elector_name(keeper: Keeper, consulta: str, clave_elector: str) -> bytes:
    """What stands for a clave de elector in one consultation."""
    return keeper.blind("persona/clave-elector", f"{consulta}\0{normal(clave_elector)}")


def ocr_name(keeper: Keeper, consulta: str, clave_elector: str, ocr: str) -> bytes:
    """What stands for the OCR of a person: equal numbers of two persons do not look equal."""
    return keeper.blind("persona/ocr", f"{consulta}\0{normal(clave_elector)}\0{normal(ocr)}")


def place_of(identifier: str) -> str:
    """What a person's sealed data are bound to."""
    return f"persona/{identifier}"
