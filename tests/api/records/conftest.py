"""A service with two institutes, sessions by header, and records that were really sealed and processed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from pyrage import x25519
from sqlalchemy import Connection, insert
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import Actor, Role
from api.accounts.tables import cuentas
from api.services import Services
from api.settings import Settings
from capture.packet.body import Body, seal
from capture.packet.record import CapturedRecord, Code
from capture.processing.bodies import BlobBodies
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.periods_sql import SqlPeriods
from capture.processing.ports import DeviceReading
from capture.records.store_sql import SqlRecords
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber
from ledger.database import Database
from tests.capture.records.making import PROCESO, START, folio, new_record
from tests.capture.records.processes import OPL, PERIODO, add_process

OTHER = "F220617000000099"
NOW = datetime(2022, 12, 15, 16, 0, tzinfo=UTC)  # Thursday, 10:00 in central Mexico
PHOTO, FRONT = b"\xff\xd8foto", b"\xff\xd8anverso"
PEOPLE = {
    "derfe": Actor("derfe", Role.DERFE_OPERADOR),
    "enlace": Actor("enlace", Role.OPL_ENLACE, opl=OPL),
    "ana": Actor("ana", Role.OPL_OPERADOR, opl=OPL),
    "beto": Actor("beto", Role.OPL_OPERADOR, opl=OPL),
    "ajeno": Actor("ajeno", Role.OPL_ENLACE, opl="otro"),
    "promovente": Actor("promovente", Role.PROMOVENTE, opl=OPL, proceso=PROCESO),
}


@dataclass
class Clock:
    """The instant that it is."""

    now: datetime = NOW

    def read(self) -> datetime:
        """Now."""
        return self.now


@dataclass
class House:
    """The service, its clock, and requests of somebody."""

    services: Services
    http: httpx.AsyncClient
    clock: Clock

    async def ask(self, who: str, method: str, path: str, **options: object) -> httpx.Response:
        """A request of one of PEOPLE."""
        return await self.http.request(method, path, headers={"x-quien": who}, **options)  # type: ignore[arg-type]

    def receive(self, number: int, clave: str) -> None:
        """A record as a device seals it, with two images."""
        files = {"anverso.jpg": FRONT, "foto.jpg": PHOTO}
        record = CapturedRecord(
            folio=folio(number),
            proceso=PROCESO,
            modalidad="auxiliar",
            model="G",
            credencial="cic",
            numero=f"{number:09d}",
            captured=START,
            original=True,
            notice=1,
            application="1.0",
            fields={"clave_elector": clave, "nombre": "ANA"},
            files={name: sha256(data).digest() for name, data in files.items()},
            codes=(Code("qr", f"{number:09d}"),),
        )
        recipient = self.services.chamber.new_process_key(PROCESO)
        body = seal(Body(record, files).encode(), recipient)
        row = new_record(number, body, cuerpo=f"registros/{folio(number)}.age")
        self.services.blobs.put(row.cuerpo, body)
        with self.services.database.writing() as db:
            SqlRecords(db, self.services.acts).create(row)

    def process(self) -> None:
        """The job after reception."""
        bodies, boveda = BlobBodies(self.services.blobs), LocalBoveda(self.services.chamber)
        tools = Tools(
            self.services.database,
            bodies,
            boveda,
            DeviceReading(),
            SqlPeriods(),
            self.services.acts,
            self.clock.read,
        )
        assert Processing(tools).process_all().waiting == ()


def add_staff(db: Connection, one: Actor) -> None:
    """An active account."""
    db.execute(
        insert(cuentas).values(
            id=one.account,
            correo=f"{one.account}@ine.mx",
            nombre=f"Persona {one.account}",
            rol=one.role.value,
            opl=one.opl,
            estado="activa",
            creada=START,
            creada_por="admin",
        )
    )


def authenticate(request: Request, _now: datetime) -> Actor | None:
    """Whom the header names."""
    return PEOPLE.get(request.headers.get("x-quien", ""))


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """Four records in the mesa of one institute; another one with a process of its own."""
    url = database.engine.url.render_as_string(hide_password=False)
    clock = Clock()
    settings = Settings(data=tmp_path / "datos", database=url)
    built = wiring.build_services(settings, clock=clock.read)
    chamber = FolderChamber(tmp_path / "boveda", x25519.Identity.generate())
    services = replace(built, authenticate=authenticate, chamber=chamber)
    with services.database.writing() as db:
        add_process(db, services.chamber.new_process_key(PROCESO), municipios=["32-010"])
        recipient = services.chamber.new_process_key(OTHER)
        for one in PEOPLE.values():
            add_staff(db, one)
        add_process(db, recipient, OTHER, opl="otro", periodo=PERIODO.replace("1", "2"))
    services.logs.apoyo.start()
    transport = httpx.ASGITransport(wiring.application_of(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        house = House(services, http, clock)
        for number in range(4):
            house.receive(number, f"AAAAAA8001013{number}M100")
        house.process()
        yield house
    services.logs.apoyo.close()
    services.database.engine.dispose()
