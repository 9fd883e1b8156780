"""The SEI over HTTP: a consultation that is open, people with real Claves, and what their devices send."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, update

from api import wiring
from api.accounts.permissions import Actor
from api.entrada.routes import entrance
from api.entrada.routes_desk import desk
from api.http.app import build_app
from api.opinion.routes import opinions
from api.outbox.tables import mensajes
from api.services import Services
from api.settings import Settings
from keys import clave
from keys.clave import ClaveKeys, Wrapped
from keys.group import Group, group_named
from keys.randomness import SystemRandomness
from ledger.database import Database
from tally.claves.person import Person
from tally.claves.store_sql import Personas
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas
from tally.election import Election
from tally.encryption import BallotMaker
from tally.opinion.phases import calendar_of
from tests.tally.consulta.making import asked
from tests.tally.opinion.polling import BOTH, ID, ONE, person_data, person_id, set_up

HERE = "192.0.2.9"


@cache
def derived(text: str, clave_elector: str) -> ClaveKeys:
    """Argon2id, once for each Clave of the tests."""
    return clave.derive(text, ID, clave_elector)


@dataclass
class Device:
    """What one person's device holds."""

    number: int
    clave: str
    secret: str = ""
    session: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, str]:
        who = person_data(self.number)
        keys = derived(self.clave, who.clave_elector)
        return {"clave_elector": who.clave_elector, "ocr": who.ocr, "auth": keys.auth_key.hex()}

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Sesion-Opinion": self.session["sesion"]}

    def ballot(self, group: Group, mark: int = 1, ut: int = 0) -> bytes:
        """As the page makes it: the credential is opened with the Clave."""
        keys = derived(self.clave, person_data(self.number).clave_elector)
        given = self.session["credencial"]
        auth = hashlib.sha256(keys.auth_key).digest()
        wrapped = Wrapped(auth, bytes.fromhex(given["nonce"]), bytes.fromhex(given["sellada"]))
        election = Election.from_bytes(self.session["boletas"][ut]["eleccion"].encode(), "eleccion")
        size = election.questions[0].size
        maker = BallotMaker(group, election, SystemRandomness())
        return maker.make(clave.unwrap(keys, wrapped), [[int(i == mark) for i in range(size)]]).data


@dataclass
class Sei:
    """The service at an instant of the test's own."""

    services: Services
    group: Group
    clock: list[datetime]
    persons: list[Person]
    devices: list[Device]

    @property
    def database(self) -> Database:
        return self.services.database

    async def ask(
        self,
        method: str,
        path: str,
        actor: Actor | None = None,
        address: str = HERE,
        consulta: str = ID,
        **options: Any,
    ) -> httpx.Response:
        services = replace(self.services, authenticate=lambda _request, _now: actor)
        app = build_app(services, (entrance, opinions, desk), wiring.nothing_runs)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as client:
            return await client.request(method, f"/v1/consultas/{consulta}{path}", **options)

    async def enter(self, device: Device) -> str:
        """Give the three data; the token that was sent."""
        answer = await self.ask("POST", "/entradas", json=device.data)
        assert answer.status_code == 201, answer.text
        device.secret = answer.json()["entrada"]
        return self.token(device)

    async def begin(self, device: Device) -> Device:
        """Enter, and open a session."""
        token = await self.enter(device)
        answer = await self.ask("POST", "/entradas/sesion", json={"entrada": device.secret, "token": token})
        assert answer.status_code == 201, answer.text
        device.session = answer.json()
        return device

    async def cast(self, device: Device, data: bytes) -> httpx.Response:
        return await self.ask("POST", "/opiniones", content=data, headers=device.headers)

    def messages(self, kind: str, to: str) -> list[str]:
        """Texts that wait for somebody, in order."""
        c = mensajes.c
        wanted = select(c.cuerpo).where(c.tipo == kind, c.destino == to).order_by(c.id)
        with self.database.reading() as db:
            return list(db.execute(wanted).scalars())

    def token(self, device: Device) -> str:
        """The last one that was sent to somebody's telephone."""
        found = re.findall(
            r"\b\d{6}\b", self.messages("secreto.token", person_data(device.number).telefono)[-1]
        )
        return str(found[0])

    def clave(self, number: int) -> str:
        """The last one that was mailed to somebody."""
        texts = self.messages("secreto.clave", person_data(number).correo)
        texts += self.messages("secreto.clave-reposicion", person_data(number).correo)
        return re.findall(r"Clave de Opinión: (\S{8})\n", texts[-1])[0]


@contextmanager
def sei_over(database: Database, folder: Path, sections: tuple[str, ...] = (BOTH, ONE)) -> Iterator[Sei]:
    """A consultation whose phase of opinion began, and people whose Claves were mailed."""
    url = database.engine.url.render_as_string(hide_password=False)
    clock = [datetime.fromisoformat("2027-04-10T18:00:00+00:00")]
    rates: Any = {"secrets": "100000 per 1 second"}
    settings = Settings(data=folder / "datos", database=url, rates=rates)
    services = wiring.build_services(settings, clock=lambda: clock[0])
    group = group_named("Ed25519")
    persons = []
    with services.database.writing() as db:
        Consultas(db).add(read_form(asked(), "consulta"), "nadie", clock[0])
    for number, section in enumerate(sections):
        persons.append(_issue(services, number, section, clock[0]))
    with services.database.writing() as db:
        set_up(db, group)
        db.execute(update(consultas).values(estado="abierta"))
        clock[0] = calendar_of(db, ID).voting_start.astimezone(clock[0].tzinfo)
    try:
        sei = Sei(services, group, clock, persons, [])
        sei.devices = [Device(n, sei.clave(n)) for n in range(len(sections))]
        yield sei
    finally:
        services.database.engine.dispose()


def _issue(services: Services, number: int, section: str, now: datetime) -> Person:
    authority, data = services.sei.authority, person_data(number)
    with services.database.writing() as db:
        people = Personas(db, services.sei.keeper)
        person = people.add(person_id(number), ID, section, data, now)
        uuids = authority.urns_of(db, person)
    prepared = authority.prepare(person, data, uuids)
    with services.database.writing() as db:
        authority.deliver(db, prepared, now)
    return person
