"""«Registro de Auxiliar» as the app does it: own credential captured, sealed, and signed for (002 §3)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from capture.device.capturing import Holder
from capture.device.errors import DeviceRefused
from capture.device.people import Invented
from capture.device.service import Service
from capture.devices.key import possession_message, read_key
from capture.packet import device_key
from capture.packet.body import encode_tar, seal
from capture.packet.device_key import PrivateKey
from ledger.fields import decode_base64


@dataclass(frozen=True, slots=True)
class Registering:
    """What the auxiliar types and shows. `session`: the bearer token of who signed in."""

    proceso: str
    auxiliar: str
    correo: str
    session: str
    name: str
    person: Invented
    images: Mapping[str, bytes]


async def register(service: Service, asked: Registering, key: PrivateKey) -> Holder:
    """Register a device, or find it registered; what it captures for from now on.

    Raises TurnedDown, TryAgain, DeviceRefused.
    """
    process = await service.process(asked.proceso)
    recipient = str(process.get("recipiente", ""))
    body = seal(encode_tar(asked.images), recipient)
    challenge = await service.challenge()
    made = await service.register(asked.session, _form(asked, key, body, challenge))
    device = made.get("dispositivo")
    if not isinstance(device, str):
        raise DeviceRefused(
            "dispositivo.registro", "registro", "el identificador del dispositivo", "otra cosa"
        )
    return Holder(asked.proceso, "auxiliar", asked.auxiliar, device, recipient, _notice(process))


def _form(asked: Registering, key: PrivateKey, body: bytes, challenge: Mapping[str, Any]) -> dict[str, Any]:
    identifier = str(challenge.get("reto", ""))
    public = read_key(device_key.encode_key(key.public_key()))
    value = decode_base64(str(challenge.get("valor", "")), "reto")
    message = possession_message(identifier, value, asked.auxiliar, public, sha256(body).digest())
    return {
        "proceso": asked.proceso,
        "auxiliar": asked.auxiliar,
        "correo": asked.correo,
        "nombre": asked.name,
        "credencial": asked.person.credencial,
        "numero": asked.person.numero,
        "prueba": {
            "reto": identifier,
            "llave": b64encode(public.spki).decode(),
            "firma": b64encode(device_key.sign(key, message)).decode(),
        },
        "capturas": b64encode(body).decode(),
    }


def _notice(process: Mapping[str, Any]) -> int:
    """The version of the aviso de privacidad that is shown; 0 where none was published."""
    notice = process.get("aviso")
    return int(notice["version"]) if isinstance(notice, Mapping) and "version" in notice else 0
