"""What a telephone sends in one attempt: an envelope in clear that it signed, and a body sealed to the
consultation. Pure; docs/formats.md, «Packet», of which it takes the tar.

`registro.json` has what the person gave; its images may be missing: that is for a person to see (7.3.1, 6).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from capture.limits import MAX_ENVELOPE_BYTES, MAX_RECORD_BYTES
from capture.packet import device_key
from capture.packet.body import RECORD, decode_tar, encode_tar
from capture.packet.envelope import encode_instant, parse_instant
from capture.packet.record import MODELS
from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.folio import require_folio
from keys import canonical
from keys.errors import FormatRefusal

VERSION = 1
SIGNED = b"certeza/sobre-preregistro/v1\n"
FRONT, BACK, LIVE, VIDEO = "anverso.jpg", "reverso.jpg", "foto.jpg", "video.webm"
FILES = (FRONT, BACK, LIVE, VIDEO)
_ENVELOPE = ("capturado", "consulta", "firma", "folio", "intento", "sha256", "tamano", "version")
_RECORD = ("aplicacion", "archivos", "aviso", "campos", "capturado", "consulta", "folio", "modelo", "version")
_CONSULTA = re.compile(r"[a-z0-9-]{1,64}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
MAX_ATTEMPT = 99


@dataclass(frozen=True, slots=True)
class Envelope:
    """`tamano` bytes and `sha256` (32 bytes) are of the sealed body; `firma` is 64 bytes."""

    consulta: str
    folio: str
    intento: int
    capturado: datetime
    tamano: int
    sha256: bytes
    firma: bytes = b""

    def _members(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "consulta": self.consulta,
            "folio": self.folio,
            "intento": self.intento,
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

    def verify(self, key: bytes) -> None:
        """Refuse unless the device of this key (SPKI) signed it. Raises PacketRefusal (paquete.firma)."""
        parsed = device_key.parse_public_key(key)
        device_key.verify(parsed, self.firma, self.signed_bytes(), f"sobre {self.folio}")

    def require_body(self, body: bytes) -> None:
        """Refuse another body. Raises PreregistroRefusal (preregistro.cuerpo)."""
        if (len(body), sha256(body).digest()) != (self.tamano, self.sha256):
            raise PreregistroRefusal("preregistro.cuerpo", "cuerpo", "el que anuncia su sobre", "otro")


def parse_envelope(data: bytes, place: str = "sobre") -> Envelope:
    """Read the one spelling of an envelope. Raises FormatRefusal naming the field; verifies nothing."""
    if len(data) > MAX_ENVELOPE_BYTES:
        raise FormatRefusal(
            "preregistro.sobre", place, f"a lo más {MAX_ENVELOPE_BYTES} bytes", f"{len(data)}"
        )
    found = canonical.record(canonical.parse(data, place), place, _ENVELOPE)
    texts = {
        name: canonical.string(found[name], f"{place}, {name}") for name in ("consulta", "folio", "firma")
    }
    well = _CONSULTA.fullmatch(texts["consulta"]) and _SIGNATURE.fullmatch(texts["firma"])
    attempt = canonical.small_int(found["intento"], f"{place}, intento")
    if not well or found["version"] != VERSION or not 1 <= attempt <= MAX_ATTEMPT:
        raise FormatRefusal("preregistro.sobre", place, f"un sobre de la versión {VERSION}", "otra cosa")
    made = Envelope(
        texts["consulta"],
        require_folio(texts["folio"]),
        attempt,
        parse_instant(canonical.string(found["capturado"], place), f"{place}, capturado"),
        canonical.small_int(found["tamano"], f"{place}, tamano"),
        bytes.fromhex(canonical.digest(found["sha256"], f"{place}, sha256")),
        b64decode(texts["firma"]),
    )
    canonical.require_same(data, made.encode().decode(), place)
    return made


@dataclass(frozen=True, slots=True)
class Captured:
    """A body that was opened. `fields`: as typed, not checked yet; `model`: letter of the credential."""

    consulta: str
    folio: str
    model: str
    notice: int
    application: str
    captured: datetime
    fields: Mapping[str, Any]
    files: Mapping[str, bytes]

    def encode(self) -> bytes:
        """The tar, before it is sealed."""
        record = {
            "version": VERSION,
            "consulta": self.consulta,
            "folio": self.folio,
            "modelo": self.model,
            "aviso": self.notice,
            "aplicacion": self.application,
            "capturado": encode_instant(self.captured),
            "campos": dict(self.fields),
            "archivos": {name: sha256(data).hexdigest() for name, data in self.files.items()},
        }
        return encode_tar({RECORD: canonical.encode_sorted(record), **self.files})


def parse_body(data: bytes, envelope: Envelope, place: str = "cuerpo") -> Captured:
    """Read a body that was decrypted: of this folio, with every file that it names and no other.

    Raises FormatRefusal, PreregistroRefusal.
    """
    files = decode_tar(data, place)
    record = files.pop(RECORD, b"")
    if not record or len(record) > MAX_RECORD_BYTES or set(files) - set(FILES):
        raise FormatRefusal("preregistro.cuerpo", place, f"{RECORD} y sus imágenes", "otra cosa")
    found = canonical.record(canonical.parse(record, place), place, _RECORD)
    names = {
        name: canonical.string(found[name], place) for name in ("consulta", "folio", "modelo", "aplicacion")
    }
    digests = canonical.record(found["archivos"], place, FILES, optional=FILES)
    if {name: sha256(content).hexdigest() for name, content in files.items()} != digests:
        raise PreregistroRefusal("preregistro.archivo", place, "los archivos que se capturaron", "otros")
    if (names["consulta"], names["folio"]) != (envelope.consulta, envelope.folio):
        raise PreregistroRefusal("preregistro.cuerpo", place, "el cuerpo de este folio", "el de otro")
    if (
        found["version"] != VERSION
        or names["modelo"] not in tuple(MODELS)
        or not isinstance(found["campos"], dict)
    ):
        raise FormatRefusal("preregistro.cuerpo", place, f"un registro de la versión {VERSION}", "otra cosa")
    return Captured(
        names["consulta"],
        names["folio"],
        names["modelo"],
        canonical.small_int(found["aviso"], place),
        names["aplicacion"][:60],
        parse_instant(canonical.string(found["capturado"], place), place),
        found["campos"],
        files,
    )
