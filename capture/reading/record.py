"""Reading all images of one record: each engine does its part, and what goes wrong with one stays with it.

What is read is a stranger's text. It is held to the form of its field and is never more than a value: a name
that looks like a command is no name, and its field is empty with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import cic, ocr, section
from capture.identity.curp import curp
from capture.identity.errors import IdentityRefusal
from capture.identity.names import person_name
from capture.imaging.errors import ImageRefusal
from capture.imaging.picture import Pixels
from capture.limits import MAX_CODES, MAX_VALUE_CHARS
from capture.packet.record import FIELDS, MODELS
from capture.reading.encoding import MAX_CODE_CHARS
from capture.reading.ports import Cards, Decoder, Faces, Prints, Signatures
from capture.reading.results import (
    CardReading,
    CodeRead,
    Defect,
    FaceDefect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureDefect,
    SignatureReading,
)

FRONT, BACK, LIVE, SIGNATURE = "anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png"
FILES = {Side.ANVERSO: FRONT, Side.REVERSO: BACK}
"""The image of each side."""
_FORMS: dict[str, Callable[[str, str], object]] = {
    "nombre": person_name,
    "apellido_paterno": person_name,
    "apellido_materno": person_name,
    "clave_elector": clave_elector,
    "cic": cic,
    "ocr": ocr,
    "curp": curp,
    "seccion": section,
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Composes the engines. `engines`: name and version of each, for whoever has to explain a reading."""

    decode: Decoder
    cards: Cards
    faces: Faces
    signatures: Signatures
    print_of: Prints
    card_signature: Callable[[Pixels | None, Pixels | None, CardReading], Pixels | None]
    """The signature on the card, from front, back and what was read of them; None where it is not found."""
    engines: Mapping[str, str] = field(default_factory=dict)

    def read(self, files: Mapping[str, bytes], model: str | None) -> RecordReading:
        """What the engines read. `model`: the letter that the device said, used where none is recognised."""
        pictures = {name: self._decoded(data, name) for name, data in files.items()}
        front, back = pictures.get(FRONT), pictures.get(BACK)
        faults: dict[str, str] = {}
        card = _tried(lambda: self._card(front, back), unread_card(), "credencial", faults)
        face = _tried(lambda: self._face(pictures.get(LIVE), front), unread_face(), "rostro", faults)
        mark = pictures.get(SIGNATURE)
        signature = _tried(
            lambda: self._signature(mark, front, back, card), SignatureReading(()), "firma", faults
        )
        prints = {name: self.print_of(pixels) for name, pixels in pictures.items() if pixels is not None}
        if card.model is None and model in tuple(MODELS):
            card = replace(card, model=model)
        return RecordReading(card, face, signature, prints, {**self.engines, **faults})

    def _decoded(self, data: bytes, name: str) -> Pixels | None:
        try:
            return self.decode(data, place=name)
        except ImageRefusal:
            return None
