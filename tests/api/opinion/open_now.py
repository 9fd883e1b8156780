"""A consultation whose phase of opinion is open right now, for a service that runs by the real clock.

Everything that is published is as `certeza-verify` asks for it: founded by the service's own acts at instants
before, and closed by them at one after. Only Claves are none that anybody could type: Argon2id is slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from api import wiring
from api.accounts.permissions import Role
from api.accounts.service_key import ServiceKey
from api.consultas.places import places_of
from api.settings import Settings
from keys import credentials
from keys.group import group_named
from keys.randomness import SeededRandomness
from ledger.database import Database
from tally.claves.person import elector_name, ocr_name, place_of
from tally.claves.states import State
from tally.claves.tables import claves, credenciales, personas
from tally.consulta.cronograma import local
from tally.consulta.form import read_form
from tally.consulta.leaves_sql import put_leaves
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas
from tally.encryption import BallotMaker
from tally.journal import CEREMONY, act_entry
from tally.opinion.booths import Booths
from tally.public_credentials import derive
from tests.api.consultas.town import GROUP, ID, URL, Town
from tests.tally.consulta.making import asked
from tests.tally.making import hold_ceremony
from tests.tally.opinion.polling import person_data, person_id


@dataclass(frozen=True)
class Plan:
    """What is founded. Person n is of unit n modulo `units`; `begins` to `ends`: the phase of opinion."""

    units: int
    options: int
    people: int
    begins: datetime
    ends: datetime
    seed: str = "abierta"


@dataclass
class OpenNow:
    """`private`: the private credential of each person; `uuids`: of each unit, in order."""

    plan: Plan
    data: Path
    database: Database
    private: list[str]
    uuids: list[str]

    def uuid_of(self, person: int) -> str:
        return self.uuids[person % len(self.uuids)]

    def choice(self, person: int) -> int:
        """What the person votes for: 0 is blank."""
        return person % (self.plan.options + 1)

    def ballots(self, people: Sequence[int], seed: str = "boletas") -> Iterator[bytes]:
        """The ballot of each of them, made one after another."""
        booths, random = Booths(GROUP), SeededRandomness(f"{self.plan.seed}/{seed}")
        with self.database.reading() as db:
            elections = {uuid: booths.of(db, ID, uuid).election for uuid in self.uuids}
        makers = {uuid: BallotMaker(GROUP, election, random) for uuid, election in elections.items()}
        for person in people:
            choice = [int(i == self.choice(person)) for i in range(self.plan.options + 1)]
            yield makers[self.uuid_of(person)].make(self.private[person], [choice]).data

    @contextmanager
    def at(self, instant: datetime) -> Iterator[Town]:
        """The service's own acts at an instant, while no process serves."""
        with _town(self.database, self.data, instant) as town:
            yield town

    def close(self) -> Path:
        """What the service does by itself once the phase is over; the public folder."""
        with self.at(self.plan.ends) as town:
            town.look()
            assert town.done(None, "GET", URL)["estado"] == "cerrada"
        return self.data / "publico" / ID


def auth_of(person: int) -> str:
    """What Argon2id made of the Clave on the person's device, in hexadecimal."""
    return (person + 1).to_bytes(32, "big").hex()


def entry_of(person: int) -> dict[str, str]:
    """What the person's device sends to enter."""
    who = person_data(person)
    return {"clave_elector": who.clave_elector, "ocr": who.ocr, "auth": auth_of(person)}


def open_now(database: Database, data: Path, plan: Plan) -> OpenNow:
    """Found it. `data`: the folder of a service that does not run yet."""
    with _town(database, data, plan.begins - timedelta(days=9)) as town:
        with database.writing() as db:
            form = asked(unidades=_units(plan), cronograma=_phases(plan), k=1)
            Consultas(db).add(read_form(form, "consulta"), "nadie", town.now)
            uuids = [one.uuid for one in Consultas(db).unidades(ID)]
        private = _people(database, town.services.accounts.means.key, plan, uuids)
        _hold_ceremony(town)
        town.now = plan.begins - timedelta(hours=1)
        town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura")
    return OpenNow(plan, data, database, private, uuids)


def _hold_ceremony(town: Town) -> None:
    """What the rehearsal of a ceremony leaves when it was passed."""
    trustees = hold_ceremony(GROUP, 3, 2).trustees.encode()
    where = places_of(town.services.settings, ID)
    where.ceremony.root.mkdir(parents=True)
    (where.ceremony.root / "trustees.json").write_bytes(trustees)
    where.public.write(where.public.trustees_file, trustees)
    with town.services.database.writing() as db:
        db.execute(update(consultas).values(estado=Estado.LISTA.value))
        put_leaves(db, ID, [act_entry(CEREMONY, local(town.now), sha256(trustees).hexdigest())])


@contextmanager
def _town(database: Database, data: Path, now: datetime) -> Iterator[Town]:
    url = database.engine.url.render_as_string(hide_password=False)
    towns: list[Town] = []
    settings = Settings(data=data, database=url)
    services = wiring.build_services(settings, clock=lambda: (towns[0].now if towns else now).astimezone(UTC))
    town = Town(services, data.parent, now)
    towns.append(town)
    services.logs.start()
    try:
        yield town
    finally:
        services.logs.close()
        services.database.engine.dispose()


def _units(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "clave": f"09-{number:04}",
            "nombre": f"Unidad {number}",
            "demarcacion": "MILPA ALTA",
            "distrito": "07",
            "proyectos": [f"Proyecto {option + 1}" for option in range(plan.options)],
            "secciones": [_section(number)],
        }
        for number in range(plan.units)
    ]


def _section(unit: int) -> str:
    return f"{unit + 1:04}"


def _phases(plan: Plan) -> dict[str, dict[str, str]]:
    """Whole seconds; everything before and after keeps its distance from the phase of opinion."""
    before = plan.begins - timedelta(days=8), plan.begins - timedelta(days=1)
    day, hour = timedelta(days=1), timedelta(hours=1)
    opening = plan.ends + hour
    later = opening + day, opening + 2 * day
    spans = {
        **dict.fromkeys(("invitacion", "preregistro", "validacion", "verificacion"), before),
        **dict.fromkeys(("opinion", "reposicion"), (plan.begins, plan.ends)),
        **dict.fromkeys(("apertura", "entrega"), (opening, opening + hour)),
        **dict.fromkeys(("mesas", "computo"), later),
    }
    return {
        name: {"inicio": first.isoformat(timespec="seconds"), "fin": last.isoformat(timespec="seconds")}
        for name, (first, last) in spans.items()
    }


def _people(database: Database, key: ServiceKey, plan: Plan, uuids: Sequence[str]) -> list[str]:
    """Persons with their Claves and credentials; their private credentials."""
    group, random = group_named("Ed25519"), SeededRandomness(f"{plan.seed}/personas")
    private = [credentials.generate(random) for _ in range(plan.people)]
    issued = plan.begins - timedelta(days=2)
    people, kept, public = [], [], []
    for number, secret in enumerate(private):
        uuid = uuids[number % len(uuids)]
        people.append(_person(key, number, _section(number % len(uuids)), issued))
        kept.append(_clave(number, issued))
        (text,) = derive(group, uuid, [secret])
        public.append({"uuid": uuid, "publica": text, "persona": person_id(number)})
    with database.writing() as db:
        for table, rows in ((personas, people), (claves, kept), (credenciales, public)):
            db.execute(insert(table), rows)
    return private


def _person(key: ServiceKey, number: int, section: str, now: datetime) -> dict[str, object]:
    who, identifier = person_data(number), person_id(number)
    return {
        "id": identifier,
        "consulta": ID,
        "seccion": section,
        "clave_elector_hmac": elector_name(key, ID, who.clave_elector),
        "ocr_hmac": ocr_name(key, ID, who.clave_elector, who.ocr),
        "datos_sellados": key.seal(place_of(identifier), who.encode()),
        "estado": State.CON_CLAVE.value,
        "creada": now,
    }


def _clave(number: int, now: datetime) -> dict[str, object]:
    hashed = sha256(bytes.fromhex(auth_of(number))).digest()
    row = {"persona": person_id(number), "auth_hash": hashed, "nonce": bytes(12), "sellada": b"sellada"}
    return {**row, "credencial_sellada": b"", "emitida": now}
