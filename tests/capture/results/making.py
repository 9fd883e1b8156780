"""A process with records of every kind: real encryption, real SQL, a real log; drawn people only."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pyrage import x25519
from sqlalchemy import Connection, insert

from capture.blobs import FolderBlobs
from capture.packet.body import seal
from capture.padron.situacion import Situacion
from capture.processes.tables import opls, periodos, procesos
from capture.processing.datos import Datos, Fuente, Valor
from capture.processing.ports import Opened
from capture.records.ports import Done
from capture.records.states import Estado
from capture.records.tables import registros
from capture.results.leaves import PublishedLeaves
from capture.results.manifest import Head
from capture.results.package import Packing
from capture.vault.chamber_folder import FolderChamber
from ledger.acuse import Acuse, Credential
from ledger.database import Database
from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer
from tests.ledger.signing import IDENTITY

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
END = START + timedelta(days=30)
OPL, PERIODO = "oplx", "0190a0b0-0000-7000-8000-00000000000a"
PROCESO, OTHER = "F260302000000001", "F260302000000002"
AUTHORITY = Ed25519Signer("derfe.ejemplo.mx", b"autoridad".ljust(32, b"."))
IMAGES = ("anverso.jpg", "firma.png", "foto.jpg", "reverso.jpg")


class SmallVault:
    """The bóveda of a folder, as packages use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chamber = FolderChamber(folder, x25519.Identity.generate())

    def seal(self, proceso: str, data: bytes) -> bytes:
        return seal(data, self.chamber.new_process_key(proceso))

    def unseal(self, proceso: str, data: bytes) -> bytes:
        return self.chamber.open(proceso, data)

    def open(self, proceso: str, body: bytes) -> Opened:
        with tarfile.open(fileobj=io.BytesIO(self.unseal(proceso, body))) as archive:
            files = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
        said = json.loads(files.pop("registro.json"))
        return Opened(said["folio"], proceso, "auxiliar", "cic", said["cic"], Datos({}), files)

    def hmac(self, periodo: str, data: bytes) -> bytes:
        return self.chamber.hmac(periodo, data)


@dataclass
class ListedActs:
    """A journal of acts in memory."""

    done: list[Done] = field(default_factory=list)

    def record(self, connection: Connection, act: Done) -> str:
        self.done.append(act)
        return f"acto-{len(self.done)}"


@dataclass
class World:
    """Everything that a package is made of."""

    database: Database
    vault: SmallVault
    bodies: FolderBlobs
    storage: FolderStorage
    lock: SqliteLock
    sequencer: Sequencer
    added: int = 0
    acuses: dict[str, bytes] = field(default_factory=dict)
    acts: ListedActs = field(default_factory=ListedActs)

    def leaves(self) -> PublishedLeaves:
        """Proofs under the checkpoint published now."""
        return PublishedLeaves(self.storage, self.lock.known)

    def add(self, number: int, estado: Estado, proceso: str = PROCESO, **columns: object) -> str:
        """A record in that state, received and logged; its folio."""
        folio = f"01950000-0000-7000-8000-{number:012x}"
        body = self.vault.seal(proceso, _tar(folio, number))
        acuse = Acuse(
            proceso,
            folio,
            "auxiliar",
            Credential.CIC,
            f"{number:09d}",
            START + timedelta(minutes=number),
            sha256(body).digest(),
            sha256(folio.encode()).digest(),
        )
        self.sequencer.append([Submission(folio.encode(), acuse.entry)])
        path = f"{proceso}/{folio}"
        self.bodies.put(path, body)
        clave = str(columns.pop("clave", f"XXXXXX{number:06d}09H{number % 1000:03d}"))
        row = {
            "folio": folio,
            "proceso": proceso,
            "modalidad": "auxiliar",
            "auxiliar": "A000000001",
            "dispositivo": None,
            "credencial": "cic",
            "numero": f"{number:09d}",
            "capturado": acuse.recibido - timedelta(hours=1),
            "recibido": acuse.recibido,
            "tamano": len(body),
            "sha256": acuse.registro,
            "sobre": b"sobre",
            "cuerpo": path,
            "acuse": acuse.encode(),
            "codigo": acuse.code,
            "estado": estado.value,
            "datos": self.vault.seal(proceso, data(number, clave).encode()),
            "huella_clave": self.vault.hmac(PERIODO, clave.encode()),
        }
        with self.database.writing() as connection:
            connection.execute(insert(registros).values(**{**row, **columns}))
        self.added += 1
        self.acuses[folio] = acuse.encode()
        return folio


def data(number: int, clave: str) -> Datos:
    """What was read of a drawn credential."""
    values = {
        "nombre": f"=NOMBRE({number})",
        "apellido_paterno": "PATERNO",
        "apellido_materno": "MATERNO",
        "clave_elector": clave,
        "numero_emision": "00",
        "cic": f"{number:09d}",
    }
    campos = {name: Valor(value, Fuente.QR, 1.0) for name, value in values.items()}
    return Datos(campos, {"latitud": 22.77, "longitud": -102.58})


def _tar(folio: str, number: int) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        said: Mapping[str, str] = {"folio": folio, "cic": f"{number:09d}"}
        for name, content in {"registro.json": json.dumps(said).encode(), **_images(number)}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def _images(number: int) -> dict[str, bytes]:
    return {name: f"{name} {number} ".encode() * 500 for name in IMAGES}


def world(database: Database, folder: Path) -> World:
    """An OPL with a periodo and two processes, and an empty log."""
    folder.mkdir(parents=True, exist_ok=True)
    storage, lock = FolderStorage(folder / "log"), SqliteLock(folder / "candado.db")
    create_log(storage, lock, IDENTITY)
    vault = SmallVault(folder / "boveda")
    made = World(
        database, vault, FolderBlobs(folder / "cuerpos"), storage, lock, Sequencer(storage, lock, IDENTITY)
    )
    register(database, vault.chamber.new_process_key)
    return made


def register(database: Database, new_key: Callable[[str], str]) -> None:
    """An OPL, its periodo and two processes."""
    with database.writing() as connection:
        connection.execute(
            insert(opls).values(
                id=OPL, nombre="Instituto de prueba", siglas="IX", entidad="32", activo=True, registrado=START
            )
        )
        connection.execute(insert(periodos).values(**_periodo()))
        for proceso in (PROCESO, OTHER):
            connection.execute(insert(procesos).values(**_proceso(proceso, new_key(proceso))))


def _periodo() -> dict[str, object]:
    return {
        "id": PERIODO,
        "opl": OPL,
        "tipo": "candidatura-independiente",
        "nombre": "Gubernatura",
        "cargo": "Gubernatura",
        "ambito": "estatal",
        "entidad": "32",
        "inicio": START,
        "fin": END,
        "activo": True,
        "mi_apoyo": True,
        "criterios": "{}",
        "municipios_excepcion": "[]",
        "creado": START - timedelta(days=40),
    }


def _proceso(folio: str, recipient: str) -> dict[str, object]:
    return {
        "folio": folio,
        "periodo": PERIODO,
        "denominacion": "Candidatura de prueba",
        "promovente": "Persona de prueba",
        "nombre": "PERSONA",
        "apellido_paterno": "DE",
        "apellido_materno": "PRUEBA",
        "clave_elector": "XXXXXX00000009H000",
        "correo": f"{folio.lower()}@ejemplo.mx",
        "autenticacion": "correo",
        "fecha_manifestacion": START.date(),
        "numero_oficio": "OPL/1/2026",
        "activo": True,
        "recipiente": recipient,
        "registrado": START,
        "registrado_por": "cuenta-1",
    }


def every_kind(made: World) -> dict[str, str]:
    """One record of each kind that a result tells apart: its folio by a word for it."""
    nominal = {"situacion": Situacion.LISTA_NOMINAL.value}
    flaw = {"inciso": "m", "tipo_inconsistencia": "Sin firma", "detalle_inconsistencia": "@sin firma"}
    first = made.add(1, Estado.COMPULSADO, **nominal)
    return {
        "nominal": first,
        "final": made.add(2, Estado.FINAL, **nominal),
        "not-found": made.add(3, Estado.COMPULSADO, situacion=Situacion.REGISTRO_NO_ENCONTRADO.value),
        "flawed": made.add(4, Estado.CON_INCONSISTENCIA, **flaw),
        "final-flawed": made.add(5, Estado.FINAL, **flaw),
        "duplicate": made.add(6, Estado.DUPLICADO, duplicado_de=first),
        "baja": made.add(7, Estado.BAJA_DE_AUXILIAR),
        "late": made.add(8, Estado.FUERA_DE_PERIODO),
        "accredited": made.add(
            9, Estado.COMPULSADO, situacion=Situacion.CANCELACION.value, acreditado="audiencia-1"
        ),
    }


def packing(registros: int, tipo: str = "definitivo") -> Packing:
    """How the tests' packages are named and signed."""
    head = Head(tipo, OPL, PERIODO, PROCESO, "2026-04-10T12:00:00-06:00", registros)
    return Packing(f"{PROCESO}-{tipo}", head, END, AUTHORITY)
