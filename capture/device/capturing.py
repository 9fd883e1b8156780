"""One capture: what was read and taken, sealed at once so that the device itself cannot read it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from capture.device.errors import DeviceRefused
from capture.limits import CaptureLimits
from capture.packet import device_key
from capture.packet.body import Body, seal
from capture.packet.device_key import PrivateKey
from capture.packet.envelope import Envelope
from capture.packet.record import IMAGES, CapturedRecord, Code, Location

APPLICATION = "certeza-simulador 1"


@dataclass(frozen=True, slots=True)
class Holder:
    """For what and as whom a device captures. `notice`: version of the aviso de privacidad that it shows."""

    proceso: str
    modalidad: str
    emisor: str
    dispositivo: str
    recipient: str
    notice: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read, taken and ticked in front of the person. `images` by the names of the packet."""

    model: str
    credencial: str
    numero: str
    fields: Mapping[str, str]
    codes: tuple[Code, ...]
    images: Mapping[str, bytes]
    original: bool
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is kept until its acuse arrives: nothing in it can be read on the device."""

    envelope: Envelope
    body: bytes


def capture(
    taken: Taken,
    holder: Holder,
    key: PrivateKey,
    now: datetime,
    random: Callable[[int], bytes],
    limits: CaptureLimits,
) -> Sealed:
    """Seal a capture and sign its envelope. `now` counts with milliseconds.

    Raises DeviceRefused: an original that was not presented (002 §4.4), an image that is missing (002 §4.5,
    §4.7), a body that the server would not take.
    """
    _require_complete(taken)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    folio = folio_of(now, random(10))
    body = seal(Body(_record(taken, holder, folio, now), taken.images).encode(), holder.recipient)
    if len(body) > limits.body_bytes:
        expected = f"a lo más {limits.body_bytes} bytes"
        raise DeviceRefused("captura.tamano", f"registro {folio}", expected, f"{len(body)} bytes")
    envelope = Envelope(
        folio=folio,
        proceso=holder.proceso,
        modalidad=holder.modalidad,
        emisor=holder.emisor,
        dispositivo=holder.dispositivo,
        credencial=taken.credencial,
        numero=taken.numero,
        capturado=now,
        tamano=len(body),
        sha256=sha256(body).digest(),
    )
    return Sealed(replace(envelope, firma=device_key.sign(key, envelope.signed_bytes())), body)


def _require_complete(taken: Taken) -> None:
    if not taken.original:
        expected = "una Credencial para Votar original"
        raise DeviceRefused("captura.original", "captura", expected, "no se indicó que lo sea")
    if missing := [name for name in IMAGES if not taken.images.get(name)]:
        raise DeviceRefused("captura.imagenes", "captura", ", ".join(IMAGES), f"falta {', '.join(missing)}")


def _record(taken: Taken, holder: Holder, folio: str, now: datetime) -> CapturedRecord:
    return CapturedRecord(
        folio=folio,
        proceso=holder.proceso,
        modalidad=holder.modalidad,
        model=taken.model,
        credencial=taken.credencial,
        numero=taken.numero,
        captured=now,
        original=taken.original,
        notice=holder.notice,
        application=APPLICATION,
        fields=taken.fields,
        files={name: sha256(data).digest() for name, data in taken.images.items()},
        codes=taken.codes,
        location=taken.location,
    )


def folio_of(now: datetime, noise: bytes) -> str:
    """A UUID version 7 (RFC 9562, 5.7) of an instant and 10 random bytes, in lower case."""
    raw = bytearray(int(now.timestamp() * 1000).to_bytes(6, "big") + noise)
    raw[6] = 0x70 | raw[6] & 0x0F
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
