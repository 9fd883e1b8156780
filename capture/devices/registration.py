"""Registering an auxiliar's device in the app, with the captures for the cédula de registro (001 §7; 002
§3)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from capture.auxiliares.errors import AuxiliarRefusal
from capture.auxiliares.store_sql import AuxiliarStore
from capture.auxiliares.tables import cedulas_auxiliar
from capture.devices.challenges_sql import Challenges, Proof
from capture.devices.errors import DeviceRefusal, NotRegistered
from capture.devices.store_sql import DeviceStore
from capture.identity.names import line
from capture.processes.store_sql import PeriodStore

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Of the sealed captures: as of a record."""
MAX_NAME_CHARS = 100
_AGE = b"age-encryption.org/v1\n"


@dataclass(frozen=True, slots=True)
class Registration:
    """What the app sends. `correo`: the address that was authenticated; `credencial`: cic or ocr, whose
    digits are `numero`; `body`: credential, photo and signature, sealed to the process."""

    proceso: str
    auxiliar: str
    correo: str
    name: str
    credencial: str
    numero: str
    proof: Proof
    body: bytes

    @property
    def sha256(self) -> bytes:
        """Of the body."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True, slots=True)
class Registered:
    """The device that may now send records. `again`: it was registered already, and nothing changed."""

    device: str
    again: bool


def body_path(registration: Registration, cedula: str) -> str:
    """Where the sealed body is kept."""
    return f"cedulas-auxiliar/{registration.proceso}/{registration.auxiliar}/{cedula}.age"


def require_registrable(connection: Connection, registration: Registration, now: datetime) -> None:
    """Refuse early what `register` would refuse, before the body is kept. Raises Refusal."""
    size, most = len(registration.body), MAX_BODY_BYTES
    if size > most:
        raise DeviceRefusal("cedula.tamano", "Capturas", f"a lo más {most:,} bytes", f"{size:,} bytes")
    if not registration.body.startswith(_AGE):
        expected = "capturas cifradas con age para el proceso"
        raise DeviceRefusal("cedula.cifrado", "Capturas", expected, "otra cosa")
    line(registration.name, "Nombre del dispositivo", MAX_NAME_CHARS)
    _require_identified(connection, registration)
    period = PeriodStore(connection).of_process(registration.proceso)
    if not period.activo or now >= period.period.fin:
        raise DeviceRefusal(
            "dispositivo.periodo", "Periodo de captación", "un periodo que no concluye", "concluido"
        )


def register(
    connection: Connection, registration: Registration, device: str, cedula: str, now: datetime
) -> Registered:
    """Register, once the body is kept at `body_path`. `device` and `cedula`: fresh UUIDs.

    The same key again of the same auxiliar changes nothing, so that an answer that was lost can be asked for
    again. Raises Refusal.
    """
    require_registrable(connection, registration, now)
    holder = registration.auxiliar
    Challenges(connection).require(registration.proof, holder, registration.sha256, now)
    devices = DeviceStore(connection)
    known = devices.with_key(registration.proof.key)
    if known is not None and known.auxiliar == holder and known.active:
        return Registered(known.id, again=True)
    name = line(registration.name, "Nombre del dispositivo", MAX_NAME_CHARS)
    devices.add_of_auxiliar(device, holder, registration.proof.key, name, now)
    values = {
        "id": cedula,
        "auxiliar": holder,
        "dispositivo": device,
        "credencial": registration.credencial,
        "numero": registration.numero,
        "cuerpo": body_path(registration, cedula),
        "tamano": len(registration.body),
        "sha256": registration.sha256,
        "recibida": now,
    }
    connection.execute(insert(cedulas_auxiliar).values(**values))
    return Registered(device, again=False)


def _require_identified(connection: Connection, registration: Registration) -> None:
    """One refusal for every cause: it does not help to guess which datum is wrong."""
    refusal = AuxiliarRefusal(
        "auxiliar.identificado",
        "Registro de Auxiliar",
        "el Id Proceso, el Id Auxiliar y el correo electrónico que recibió en su alta",
        "auxiliar identificado incorrectamente",
    )
    try:
        stored = AuxiliarStore(connection).get(registration.auxiliar)
    except NotRegistered:
        raise refusal from None
    same_email = hmac.compare_digest(stored.data.correo.encode(), registration.correo.encode())
    if not (stored.active and stored.proceso == registration.proceso and same_email):
        raise refusal
