"""A periodo with a process, auxiliares and devices, straight in the tables: what receiving looks up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from pyrage import x25519
from sqlalchemy import insert, update

from capture.auxiliares.tables import activaciones, auxiliares, dispositivos
from capture.packet import device_key
from capture.packet.device_key import PrivateKey
from capture.processes.tables import opls, periodos, procesos
from ledger.database import Database
from tests.capture.packet.making import NOON, PROCESO, new_key

START, END = NOON - timedelta(days=10), NOON + timedelta(days=10)
OTHER = "F261101320000012"


@dataclass
class Registered:
    """What was put in the tables. `keys` by the id of the device."""

    database: Database
    identity: x25519.Identity = field(default_factory=x25519.Identity.generate)
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    auxiliar: str = "A000000001"
    device: str = ""
    citizen: str = ""
    citizen_device: str = ""

    @property
    def recipient(self) -> str:
        return str(self.identity.to_public())

    def set_auxiliar(self, **values: object) -> None:
        with self.database.writing() as db:
            db.execute(update(auxiliares).where(auxiliares.c.id == self.auxiliar).values(**values))

    def set_device(self, **values: object) -> None:
        with self.database.writing() as db:
            db.execute(update(dispositivos).where(dispositivos.c.id == self.device).values(**values))

    def set_periodo(self, **values: object) -> None:
        with self.database.writing() as db:
            db.execute(update(periodos).values(**values))

    def set_proceso(self, **values: object) -> None:
        with self.database.writing() as db:
            db.execute(update(procesos).values(**values))


def register(database: Database) -> Registered:
    """One OPL, one periodo, two processes, an auxiliar with one device, a citizen with another."""
    made = Registered(database)
    periodo = str(uuid4())
    with database.writing() as db:
        db.execute(
            insert(opls).values(
                id="ople", nombre="Instituto", siglas="IEE", entidad="32", activo=True, registrado=START
            )
        )
        db.execute(insert(periodos).values(**_periodo(periodo)))
        for folio, mail in ((PROCESO, "uno@ejemplo.mx"), (OTHER, "dos@ejemplo.mx")):
            db.execute(insert(procesos).values(**_proceso(folio, periodo, mail, made.recipient)))
        db.execute(insert(auxiliares).values(**_auxiliar(made.auxiliar)))
        made.citizen = str(uuid4())
        db.execute(insert(activaciones).values(**_activacion(made.citizen)))
        made.device = _device(db, made, {"auxiliar": made.auxiliar, "ranura": 1})
        made.citizen_device = _device(db, made, {"activacion": made.citizen, "ranura": 1})
    return made


def _device(db: object, made: Registered, owner: dict[str, object]) -> str:
    key, identifier = new_key(), str(uuid4())
    spki = device_key.encode_key(key.public_key())
    values = {"nombre": "teléfono", "algoritmo": "ecdsa-p256", "llave": spki, "alta": START}
    db.execute(  # type: ignore[attr-defined]
        insert(dispositivos).values(id=identifier, llave_sha256=sha256(spki).digest(), **values, **owner)
    )
    made.keys[identifier] = key
    return identifier


def _periodo(identifier: str) -> dict[str, object]:
    return {
        "id": identifier,
        "opl": "ople",
        "tipo": "candidatura-independiente",
        "nombre": "Diputación",
        "ambito": "estatal",
        "entidad": "32",
        "inicio": START,
        "fin": END,
        "activo": True,
        "mi_apoyo": True,
        "criterios": "{}",
        "municipios_excepcion": "[]",
        "creado": START,
    }


def _proceso(folio: str, periodo: str, mail: str, recipient: str) -> dict[str, object]:
    return {
        "folio": folio,
        "periodo": periodo,
        "denominacion": "Proyecto",
        "promovente": "Persona inventada",
        "nombre": "ANA",
        "apellido_paterno": "PRUEBA",
        "apellido_materno": "PRUEBA",
        "clave_elector": "ABCDEF90010132M100",
        "correo": mail,
        "autenticacion": "correo",
        "fecha_manifestacion": date(2026, 10, 1),
        "numero_oficio": "1",
        "activo": True,
        "recipiente": recipient,
        "registrado": START,
        "registrado_por": "cuenta",
    }


def _auxiliar(identifier: str) -> dict[str, object]:
    return {
        "id": identifier,
        "proceso": PROCESO,
        "nombre": "LUZ",
        "apellido_paterno": "PRUEBA",
        "apellido_materno": "PRUEBA",
        "fecha_nacimiento": date(1990, 1, 1),
        "telefono": "4921234567",
        "correo": "auxiliar@ejemplo.mx",
        "autenticacion": "correo",
        "clave_elector": "ABCDEF90010132M200",
        "alta": START,
        "alta_por": "cuenta",
    }


def _activacion(identifier: str) -> dict[str, object]:
    return {
        "id": identifier,
        "correo": "persona@ejemplo.mx",
        "autenticacion": "correo",
        "cic": "987654321",
        "modelo": "E",
        "entidad": "32",
        "llave": b"llave",
        "llave_sha256": bytes(32),
        "codigo_sal": bytes(16),
        "codigo_derivado": bytes(32),
        "codigo": "ABCDE23456",
        "intentos": 0,
        "solicitada": START,
        "vence": END,
        "activada": datetime(2026, 11, 12, tzinfo=NOON.tzinfo),
    }
