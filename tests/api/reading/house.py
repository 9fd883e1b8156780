"""The service, its worker with the engines of the house, and a device that photographs drawn credentials."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import Actor, Role
from api.reading.settings import ReadingSettings
from api.services import Services
from api.settings import Settings
from api.worker.services import WorkerServices
from api.worker.wiring import build_worker
from capture.device.capturing import Holder, Taken, capture
from capture.device.courier import Courier
from capture.device.service import Service
from capture.limits import CaptureLimits
from capture.specimens.records import Asked, DrawnRecord, draw_record
from keys.randomness import SeededRandomness
from ledger.database import Database
from tests.api.records.conftest import add_staff
from tests.capture.intake.registering import Registered, register
from tests.capture.packet.making import NOON, PROCESO

OPL = "ople"
PEOPLE = {
    "ana": Actor("ana", Role.OPL_OPERADOR, opl=OPL),
    "enlace": Actor("enlace", Role.OPL_ENLACE, opl=OPL),
}


@dataclass
class ReadingHouse:
    """Requests of somebody, packets of a device, and the worker, which is told when to work."""

    services: Services
    worker: WorkerServices
    registered: Registered
    http: httpx.AsyncClient
    captured: int = 0

    async def ask(self, who: str, method: str, path: str, **options: Any) -> httpx.Response:
        """A request of one of PEOPLE."""
        return await self.http.request(method, path, headers={"x-quien": who}, **options)

    async def told(self, who: str, path: str) -> Any:
        """What is answered, as JSON."""
        answer = await self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, drawn: DrawnRecord, **images: bytes) -> str:
        """Captured, sealed, uploaded and acknowledged; the folio. `images`: others, as `anverso_jpg`."""
        changed = {name.replace("_", "."): data for name, data in images.items()}
        taken = taken_of(drawn, changed)
        recipient = self.worker.chamber.new_process_key(PROCESO)
        made = self.registered
        holder = Holder(PROCESO, "auxiliar", made.auxiliar, made.device, recipient, 1)
        self.captured += 1
        when = NOON - timedelta(hours=1) + timedelta(minutes=5 * self.captured)
        sealed = capture(taken, holder, made.keys[made.device], when, os.urandom, CaptureLimits())
        assert await Courier(Service(self.http)).deliver(sealed.envelope, sealed.body)
        return sealed.envelope.folio

    async def assign(self, who: str) -> None:
        """All that waits in the mesa de control."""
        answer = await self.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": [who]})
        assert answer.status_code == 201, answer.text


def taken_of(drawn: DrawnRecord, changed: Mapping[str, bytes]) -> Taken:
    """As the app hands it over: the device read nothing but the number of the credential."""
    person = drawn.specimen.person
    return Taken(
        model=person.model,
        credencial=person.invented.credencial,
        numero=person.invented.numero,
        fields={person.invented.credencial: person.invented.numero},
        codes=(),
        images={**drawn.images, **changed},
        original=True,
    )


def drawn(seed: str, model: str, front: str = "mesa", back: str = "mesa", **more: Any) -> DrawnRecord:
    """The record of an invented person."""
    return draw_record(SeededRandomness(seed), Asked(model, front, back, **more))


def authenticate(request: Request, _now: datetime) -> Actor | None:
    """Whom the header names."""
    return PEOPLE.get(request.headers.get("x-quien", ""))


@asynccontextmanager
async def open_house(
    database: Database, folder: Path, reading: ReadingSettings
) -> AsyncIterator[ReadingHouse]:
    """A periodo with a process, staff, a registered device; reading is as the settings say."""
    registered = register(database)
    url = database.engine.url.render_as_string(hide_password=False)
    settings = Settings(data=folder / "datos", database=url, reading=reading)
    worker = build_worker(settings, clock=lambda: NOON)
    built = wiring.build_services(settings, clock=lambda: NOON)
    services = replace(built, authenticate=authenticate, chamber=worker.chamber)
    registered.set_proceso(recipiente=worker.chamber.new_process_key(PROCESO))
    with database.writing() as db:
        for one in PEOPLE.values():
            add_staff(db, one)
    services.logs.start()
    transport = httpx.ASGITransport(wiring.application_of(services))
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
            yield ReadingHouse(services, worker, registered, http)
    finally:
        worker.reading.close()
        services.cropper.close()
        services.logs.close()
        for made in (worker.database, services.database):
            made.engine.dispose()
