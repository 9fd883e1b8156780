"""The envelope of a packet: what the server must know before it takes a body that it cannot open. Pure.

One JSON object in canonical form (docs/formats.md, «Packet»); the device signs `SIGNED` and the object
without its member `firma`. It names the CIC or OCR because the acuse does and the receiver has no key
(adr/0013).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from capture.limits import MAX_ENVELOPE_BYTES
from capture.packet import device_key
from keys import canonical
from keys.errors import FormatRefusal

VERSION = 1
SIGNED = b"certeza/sobre/v1\n"
MODALITIES = ("auxiliar", "mi-apoyo")
_UUID_V7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_FORMS = {
    "folio": (_UUID_V7, "UUID versión 7 en minúsculas"),
    "proceso": (r"[A-Za-z0-9-]{1,64}", "el Id Proceso"),
    "modalidad": ("|".join(MODALITIES), "auxiliar o mi-apoyo"),
    "emisor": (r"[A-Za-z0-9-]{1,36}", "el Id Auxiliar o el de la activación"),
    "dispositivo": (r"[0-9a-f-]{36}", "el identificador del dispositivo"),
    "capturado": (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "instante en UTC con milésimas y Z"),
    "firma": (r"[A-Za-z0-9+/]{86}==", "64 bytes en base64"),
}
_NUMBERS = {"cic": r"[0-9]{9}", "ocr": r"[0-9]{12,13}"}
_FIELDS = (
    "capturado",
    "credencial",
    "dispositivo",
    "emisor",
    "firma",
    "folio",
    "modalidad",
    "proceso",
    "sha256",
    "tamano",
    "version",
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """`tamano` bytes and `sha256` (32 bytes) are of the sealed body; `firma` is 64 bytes.

    `emisor` is an Id Auxiliar or the id of an activation; `credencial` is `cic` or `ocr`, and `numero` its
    digits.
    """

    folio: str
    proceso: str
    modalidad: str
    emisor: str
    dispositivo: str
    credencial: str
    numero: str
    capturado: datetime
    tamano: int
    sha256: bytes
    firma: bytes = b""

    def _members(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "folio": self.folio,
            "proceso": self.proceso,
            "modalidad": self.modalidad,
            "emisor": self.emisor,
            "dispositivo": self.dispositivo,
            "credencial": {self.credencial: self.numero},
            "capturado": encode_instant(self.capturado),
            "tamano": self.tamano,
            "sha256": self.sha256.hex(),
        }

    def signed_bytes(self) -> bytes:
        """What the device signs."""
        return SIGNED + canonical.encode_sorted(self._members())

    def encode(self) -> bytes:
        """The canonical bytes, signature included."""
        return canonical.encode_sorted({**self._members(), "firma": b64encode(self.firma).decode()})

    def verify(self, key: device_key.PublicKey) -> None:
        """Refuse unless the device with this key signed it. Raises PacketRefusal (paquete.firma)."""
        device_key.verify(key, self.firma, self.signed_bytes(), f"sobre {self.folio}")


def encode_instant(moment: datetime) -> str:
    """An instant as JavaScript's toISOString writes it."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def parse_instant(text: str, place: str) -> datetime:
    """Read what `encode_instant` writes. Raises FormatRefusal."""
    _require("capturado", text, place)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise FormatRefusal("paquete.campo", place, "una fecha y hora que exista", text) from None


def parse_envelope(data: bytes, place: str = "sobre") -> Envelope:
    """Read the one spelling of an envelope. Raises FormatRefusal naming the field; verifies nothing."""
    if len(data) > MAX_ENVELOPE_BYTES:
        expected = f"a lo más {MAX_ENVELOPE_BYTES} bytes"
        raise FormatRefusal("paquete.sobre", place, expected, f"{len(data)} bytes")
    found = canonical.record(canonical.parse(data, place), place, _FIELDS)
    if type(found["version"]) is not int or found["version"] != VERSION:
        raise FormatRefusal("paquete.version", place, f"versión {VERSION}", found["version"])
    for name, (_, expected) in _FORMS.items():
        if not isinstance(found[name], str):
            raise FormatRefusal("paquete.campo", f"{place}, {name}", expected, "otro tipo de valor")
        _require(name, found[name], f"{place}, {name}")
    credencial, numero = _credential(found["credencial"], f"{place}, credencial")
    envelope = Envelope(
        found["folio"],
        found["proceso"],
        found["modalidad"],
        found["emisor"],
        found["dispositivo"],
        credencial,
        numero,
        parse_instant(found["capturado"], f"{place}, capturado"),
        canonical.small_int(found["tamano"], f"{place}, tamano"),
        bytes.fromhex(canonical.digest(found["sha256"], f"{place}, sha256")),
        b64decode(found["firma"]),
    )
    canonical.require_same(data, envelope.encode().decode(), place)
    return envelope


def _credential(value: Any, place: str) -> tuple[str, str]:
    expected = "{«cic»: 9 cifras} u {«ocr»: 12 o 13 cifras}"
    if not isinstance(value, dict) or len(value) != 1:
        raise FormatRefusal("paquete.credencial", place, expected, "otra cosa")
    name, number = next(iter(value.items()))
    form = _NUMBERS.get(name)
    if form is None or not isinstance(number, str) or not re.fullmatch(form, number, re.ASCII):
        raise FormatRefusal("paquete.credencial", place, expected, "otra cosa")
    return name, number


def _require(name: str, value: str, place: str) -> None:
    pattern, expected = _FORMS[name]
    if not re.fullmatch(pattern, value, re.ASCII):
        raise FormatRefusal("paquete.campo", place, expected, value)
