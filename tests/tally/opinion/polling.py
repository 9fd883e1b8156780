"""A consultation in a database, its urns set up and empty, and persons with credentials, all from seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from api.accounts.service_key import ServiceKey
from keys import credentials
from keys.clave import Wrapped
from keys.group import Group
from keys.randomness import SeededRandomness
from ledger.database import Database
from tally.audit import UrnaAuditor
from tally.calendar import Calendar
from tally.casting import Receipt
from tally.claves.issuing import Issued
from tally.claves.person import Person, PersonData
from tally.claves.store_sql import Personas, public_credentials
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas, hojas_consulta
from tally.encryption import BallotMaker
from tally.opinion.booths import Booths
from tally.opinion.casting_sql import House, SqlCasting
from tally.opinion.phases import calendar_of
from tally.opinion.ports import Voter
from tally.participation_sql import SqlParticipation
from tally.public_credentials import derive
from tally.setup import election_of, open_archive
from tally.store_sql import SqlArchive, create_urn, urns_of
from tally.tables import boletas, participaciones, urna_bloques
from tests.tally.consulta.making import asked
from tests.tally.making import hold_ceremony

ID = "presupuesto-2027"
BOTH, ONE = "0102", "0101"
"""Sections: of two UTs, and of the first one only."""
TIMESTAMP = 1808800000
KEEPER = ServiceKey(bytes(range(32)))
UTS = ("09-001", "09-002")


class Told:
    """Notices, remembered."""

    def __init__(self) -> None:
        self.voters: list[Voter] = []

    def received(self, connection: Connection, voters: Sequence[Voter]) -> None:
        """See `Notices`."""
        self.voters += voters


@dataclass
class Clock:
    """The instant that it is."""

    instant: datetime

    def __call__(self) -> datetime:
        return self.instant


@dataclass
class Poll:
    """What a test needs of it. `private`: the private credential of each person, by index."""

    database: Database
    group: Group
    calendar: Calendar
    clock: Clock
    told: Told
    uuids: dict[str, str]
    persons: list[Person]
    private: list[str]
    casting: SqlCasting

    def voter(self, person: int) -> Voter:
        found = self.persons[person]
        return Voter(found.id, ID, f"sesion {person}", self.clock() + timedelta(minutes=15))

    def ballot(self, person: int, mark: int = 1, ut: str = UTS[0], seed: str = "boleta") -> bytes:
        with self.database.reading() as db:
            election = Booths(self.group).of(db, ID, self.uuids[ut]).election
        maker = BallotMaker(self.group, election, SeededRandomness(f"{seed} {person} {ut} {mark}"))
        size = election.questions[0].size
        return maker.make(self.private[person], [[int(i == mark) for i in range(size)]]).data

    def cast(self, person: int, data: bytes) -> Receipt:
        return self.casting.cast(ID, data, self.voter(person))

    def again(self) -> Poll:
        """Another process on the same database: it remembers nothing."""
        return Poll(
            self.database,
            self.group,
            self.calendar,
            self.clock,
            self.told,
            self.uuids,
            self.persons,
            self.private,
            casting_over(self.database, self.group, self.told, self.clock),
        )

    def rows(self) -> tuple[int, ...]:
        """How many there are: pieces, ballots, marks, leaves, messages."""
        with self.database.reading() as db:
            tables = (urna_bloques, boletas, participaciones, hojas_consulta)
            counts = [db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables]
        return (*counts, len(self.told.voters))


def casting_over(database: Database, group: Group, told: Told, clock: Clock) -> SqlCasting:
    return SqlCasting(House(database, Booths(group), told, clock))


def person_id(number: int) -> str:
    return str(UUID(int=number + 1))


def person_data(number: int) -> PersonData:
    clave = f"GMVLMR{800101 + number:06}09M{number % 1000:03}"
    return PersonData(clave, f"{10**12 + number}", "Persona", f"55{number:08}", f"persona{number}@ejemplo.mx")


def add_persons(
    db: Connection, group: Group, sections: Sequence[str], now: datetime
) -> tuple[list[Person], list[str]]:
    """Persons with their credentials, of Claves that nobody can use: Argon2id is slow."""
    random, people = SeededRandomness("personas"), Personas(db, KEEPER)
    persons, private = [], []
    for number, section in enumerate(sections):
        person = people.add(person_id(number), ID, section, person_data(number), now)
        secret = credentials.generate(random)
        uuids = [one.uuid for one in Consultas(db).of_seccion(ID, section) if one.unidad.proyectos]
        public = tuple((uuid, *derive(group, uuid, [secret])) for uuid in uuids)
        people.issued(person, Issued("", Wrapped(bytes(32), bytes(12), b""), b"", public), now)
        persons.append(people.get(person.id))
        private.append(secret)
    return persons, private


def set_up(db: Connection, group: Group) -> dict[str, str]:
    """The Setup of each urn, and its credentials; uuid by clave."""
    board = hold_ceremony(group, 3, 2)
    (key,) = group.encode([board.trustees.election_key(group)])
    found = {}
    for one in Consultas(db).unidades(ID):
        if not one.unidad.proyectos:
            continue
        election = election_of(ID, "Consulta", one.unidad, group, key)
        public = public_credentials(db, election.uuid)
        link = open_archive(group, election, board.trustees.encode(), public, TIMESTAMP)
        create_urn(db, election.uuid, ID, one.unidad.clave, link.blocks)
        found[one.unidad.clave] = election.uuid
    return found


def make_poll(database: Database, group: Group, sections: Sequence[str] = (BOTH, ONE, ONE)) -> Poll:
    """A consultation whose phase of opinion began an hour ago."""
    with database.writing() as db:
        Consultas(db).add(
            read_form(asked(), "consulta"), "nadie", datetime.fromisoformat("2027-03-01T00:00Z")
        )
        calendar = calendar_of(db, ID)
        persons, private = add_persons(db, group, sections, calendar.voting_start - timedelta(days=5))
        uuids = set_up(db, group)
        db.execute(update(consultas).values(estado="abierta"))
    clock, told = Clock(calendar.voting_start + timedelta(hours=1)), Told()
    casting = casting_over(database, group, told, clock)
    return Poll(database, group, calendar, clock, told, uuids, persons, private, casting)


def audited(poll: Poll) -> dict[str, int]:
    """Ballots of each urn, all verified; marks, ballots and leaves say the same (sei.md, "Invariants")."""
    board, found = hold_ceremony(poll.group, 3, 2), {}
    auditor = UrnaAuditor(poll.group, board.trustees, board.trustees.encode())
    with poll.database.reading() as db:
        leaves = set(db.execute(select(hojas_consulta.c.llave)).scalars())
        for clave, uuid in urns_of(db, ID):
            with SqlArchive(db, uuid).read() as stream:
                found[clave] = auditor.audit(stream, clave).ballots
            heights = db.execute(select(boletas.c.altura).where(boletas.c.uuid == uuid)).scalars()
            assert sorted(heights) == list(range(1, found[clave] + 1))
            assert len(SqlParticipation(db, ID).who_opined(uuid)) == found[clave]
            assert {f"urna/{uuid}/{h}".encode() for h in range(1, found[clave] + 1)} <= leaves
        assert len(leaves) == sum(found.values()) == SqlParticipation(db, ID).count()
    return found
