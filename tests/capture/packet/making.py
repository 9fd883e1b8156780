"""Packets for the tests: invented people, random images, real keys."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from capture.packet import device_key
from capture.packet.body import Body, seal
from capture.packet.device_key import PrivateKey
from capture.packet.envelope import Envelope
from capture.packet.record import CapturedRecord, Code, Location

NOON = datetime(2026, 11, 20, 18, 0, 0, 120000, tzinfo=UTC)
PROCESO = "F261101320000011"
NUMERO = "123456789"
NAMES = ("anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png")


def new_folio() -> str:
    moment = int(time.time() * 1000).to_bytes(6, "big")
    raw = bytearray(moment + os.urandom(10))
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def new_key(algorithm: str = "ecdsa-p256") -> PrivateKey:
    if algorithm == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def clave_of(numero: str) -> str:
    """A clave de elector for each number of a credential."""
    return "".join(chr(ord("A") + int(digit)) for digit in numero[:6]) + "90010132M" + numero[-3:]


def body(folio: str, size: int = 200, **changes: object) -> Body:
    files = {name: secrets.token_bytes(size) for name in NAMES}
    record = CapturedRecord(
        folio=folio,
        proceso=PROCESO,
        modalidad="auxiliar",
        model="E",
        credencial="cic",
        numero=NUMERO,
        captured=NOON,
        original=True,
        notice=1,
        application="prueba 1",
        fields={"nombre": "ANA MARÍA", "clave_elector": clave_of(str(changes.get("numero", NUMERO)))},
        files={name: sha256(data).digest() for name, data in files.items()},
        codes=(Code("qr", "http://ejemplo.mx/123456789"),),
        location=Location(22_770_000, -102_580_000, 12),
    )
    return Body(replace(record, **changes), files)  # type: ignore[arg-type]


def packet(key: PrivateKey, recipient: str, **changes: object) -> tuple[Envelope, bytes]:
    """An envelope that its device signed, and its sealed body."""
    folio = str(changes.get("folio", new_folio()))
    numero, captured = changes.get("numero", NUMERO), changes.get("capturado", NOON)
    sealed = seal(body(folio, numero=numero, captured=captured).encode(), recipient)
    envelope = Envelope(
        folio=folio,
        proceso=PROCESO,
        modalidad="auxiliar",
        emisor="A000000001",
        dispositivo="01900000-0000-7000-8000-000000000001",
        credencial="cic",
        numero=NUMERO,
        capturado=NOON,
        tamano=len(sealed),
        sha256=sha256(sealed).digest(),
    )
    changed = replace(envelope, **changes)  # type: ignore[arg-type]
    return replace(changed, firma=device_key.sign(key, changed.signed_bytes())), sealed
