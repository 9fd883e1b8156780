"""Requests for a Clave as a telephone makes them: invented people, real keys, sealed packets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from capture.face.challenge import Turn
from capture.packet import device_key
from capture.packet.body import seal
from capture.packet.device_key import PrivateKey
from capture.packet.record import FIELDS
from capture.preregistro.packet import FILES, Captured, Envelope
from capture.preregistro.verdict import Biometrics
from capture.reading.results import (
    Band,
    CardReading,
    FaceDefect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureReading,
)
from capture.reading.sandbox.watching import Watched
from tests.capture.packet.making import new_key

IMAGES = {"anverso.jpg": b"frente", "reverso.jpg": b"vuelta", "foto.jpg": b"rostro", "video.webm": b"video"}


def fields_of(number: int, **changes: Any) -> dict[str, Any]:
    """What person `number` types: an adult of section 0102, which has two UTs."""
    return {
        "nombre": "Ana",
        "apellido_paterno": "Gómez",
        "apellido_materno": "Villar",
        "clave_elector": f"GMVLAN{800101 + number % 28:06}09M{number % 1000:03}",
        "ocr": f"{10**12 + number}",
        "seccion": "0102",
        "demarcacion": "MILPA ALTA",
        "unidad": "San Pedro",
        "cp": "12000",
        "calle": "Avenida Hidalgo",
        "numero_exterior": "12",
        "telefono": f"55{20_000_000 + number}",
        "correo": f"persona{number}@ejemplo.mx",
        **changes,
    }


@dataclass
class Telephone:
    """One device, its key, and what the service gave it."""

    number: int
    consulta: str
    key: PrivateKey
    folio: str = ""
    secret: str = ""
    recipient: str = ""

    @classmethod
    def new(cls, number: int, consulta: str) -> Telephone:
        """With a key of its own."""
        return cls(number, consulta, new_key("ed25519"))

    @property
    def spki(self) -> bytes:
        """Its public key."""
        return device_key.encode_key(self.key.public_key())

    def packet(
        self,
        attempt: int,
        now: datetime,
        files: Mapping[str, bytes] = IMAGES,
        **changes: Any,
    ) -> tuple[Envelope, bytes]:
        """An envelope that it signed, and the sealed body. `changes`: of the fields."""
        captured = Captured(
            self.consulta, self.folio, "E", 1, "prueba 1", now, fields_of(self.number, **changes), files
        )
        return self.sealed(attempt, now, captured.encode())

    def sealed(self, attempt: int, now: datetime, body: bytes) -> tuple[Envelope, bytes]:
        """Any body, sealed and signed."""
        data = seal(body, self.recipient)
        envelope = Envelope(self.consulta, self.folio, attempt, now, len(data), sha256(data).digest())
        return replace(envelope, firma=device_key.sign(self.key, envelope.signed_bytes())), data


def biometrics(fields: Mapping[str, Any], **changes: Any) -> Biometrics:
    """What the engines read of somebody whose face and credential are those typed; `changes`: of it.

    `band`: of the live photograph and the card; `defects`: of the live photograph; `video`: reasons; `card`:
    defects of the front; `values`: of the card, instead of those typed.
    """
    values = {name: Found(None, missing=Missing.NOT_FOUND) for name in FIELDS}
    shown = {name: fields[name] for name in ("clave_elector", "ocr")} | changes.get("values", {})
    values |= {name: Found(text, sure=1.0) for name, text in shown.items() if text}
    front = Quality(tuple(changes.get("card", ())))
    card = CardReading("E", {Side.ANVERSO: front}, {}, values)
    defects: tuple[FaceDefect, ...] = tuple(changes.get("defects", ()))
    face = FaceReading(defects, band=changes.get("band", Band.SAME))
    watched = Watched(tuple(changes.get("video", ())), changes.get("bands", (Band.SAME, Band.SAME)))
    return Biometrics(RecordReading(card, face, SignatureReading(())), watched)


@dataclass
class ScriptedEngines:
    """Says of each packet what the test says; otherwise that everything matches."""

    script: list[Biometrics | OSError]
    asked: list[tuple[Turn, ...]]
    fields: dict[str, Any]

    def read(self, files: Mapping[str, bytes], model: str, turns: tuple[Turn, ...]) -> Biometrics:
        """See `capture.preregistro.ports.Engines`."""
        assert set(files) <= set(FILES)
        self.asked.append(turns)
        said = self.script.pop(0) if self.script else biometrics(self.fields)
        if isinstance(said, OSError):
            raise said
        return said
