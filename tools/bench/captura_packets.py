"""Packets for the load: registered devices straight in the tables, and sealed bodies one after another in a
file, so that making them costs nothing while they are sent."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, select, update

from capture.auxiliares.tables import auxiliares, dispositivos
from capture.packet import device_key
from capture.packet.body import Body, seal
from capture.packet.device_key import PrivateKey
from capture.packet.envelope import Envelope
from capture.processes.tables import periodos, procesos
from capture.vault.chamber_folder import FolderChamber, create_master, read_master
from ledger.database import Database
from tests.capture.intake.registering import START, register
from tests.capture.packet.making import PROCESO, body, new_folio, new_key
from tools.bench.captura_sender import Sealed
from tools.bench.padron import clave

BODY_BYTES = 1_000_000
_FILES = 4


@dataclass(frozen=True)
class Device:
    """A registered device of an auxiliar."""

    id: str
    auxiliar: str
    key: PrivateKey


def registered(database: Database, data: Path, devices: int) -> list[Device]:
    """A process that is open now, with its key in the bóveda, and so many auxiliares with a device each."""
    register(database)
    now = datetime.now(UTC)
    master = data / "secretos" / "maestra.age"
    create_master(master)
    chamber = FolderChamber(data / "boveda", read_master(master))
    with database.writing() as db:
        db.execute(update(periodos).values(inicio=now - timedelta(days=1), fin=now + timedelta(days=1)))
        recipient = chamber.new_process_key(PROCESO)
        db.execute(update(procesos).where(procesos.c.folio == PROCESO).values(recipiente=recipient))
        model = dict(db.execute(select(auxiliares)).mappings().one())
        made = [Device(str(uuid4()), f"A{number:09d}", new_key()) for number in range(2, devices + 2)]
        db.execute(insert(auxiliares), [{**model, **_person(one.auxiliar)} for one in made])
        db.execute(insert(dispositivos), [_device(one) for one in made])
    return made


def _person(auxiliar: str) -> dict[str, str]:
    number = int(auxiliar[1:])
    mail = f"{auxiliar.lower()}@ejemplo.mx"
    return {"id": auxiliar, "correo": mail, "clave_elector": clave(number), "telefono": f"492{number:07d}"}


def _device(device: Device) -> dict[str, object]:
    spki = device_key.encode_key(device.key.public_key())
    return {
        "id": device.id,
        "auxiliar": device.auxiliar,
        "ranura": 1,
        "nombre": "teléfono",
        "algoritmo": "ecdsa-p256",
        "llave": spki,
        "llave_sha256": sha256(spki).digest(),
        "alta": START,
    }


def sealed(file: Path, devices: list[Device], recipient: str, packets: int, seed: str) -> Iterator[Sealed]:
    """Write the bodies; where each is. Everyone else's images are the same noise, sealed anew each time."""
    images = body(new_folio(), BODY_BYTES // _FILES).files
    draw = random.Random(seed)
    moment = datetime.now(UTC).replace(microsecond=0)
    offset = 0
    with file.open("wb") as out:
        for number in range(packets):
            device = devices[number % len(devices)]
            envelope, data = _packet(device, recipient, images, draw.randrange(10**9) + number, moment)
            out.write(data)
            yield Sealed(envelope.encode().decode(), offset, len(data))
            offset += len(data)


def _packet(
    device: Device, recipient: str, images: Mapping[str, bytes], person: int, moment: datetime
) -> tuple[Envelope, bytes]:
    folio, numero = new_folio(), f"{person % 10**9:09d}"
    fields = {"nombre": "PERSONA INVENTADA", "clave_elector": clave(person)}
    made = body(folio, 1, numero=numero, captured=moment, fields=fields)
    hashes = {name: sha256(data).digest() for name, data in images.items()}
    data = seal(Body(replace(made.record, files=hashes), images).encode(), recipient)
    envelope = Envelope(
        folio=folio,
        proceso=PROCESO,
        modalidad="auxiliar",
        emisor=device.auxiliar,
        dispositivo=device.id,
        credencial="cic",
        numero=numero,
        capturado=moment,
        tamano=len(data),
        sha256=sha256(data).digest(),
    )
    return replace(envelope, firma=device_key.sign(device.key, envelope.signed_bytes())), data
