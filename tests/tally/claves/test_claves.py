"""The life of a Clave: issued once, replaced once, disabled for good."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

import pyrage
import pytest
from sqlalchemy import select, update

from keys import clave
from keys.clave import EntryRefusal
from keys.group import Group
from keys.randomness import SeededRandomness
from ledger.database import Database
from tally.claves.errors import ClaveRefusal, UnknownPerson
from tally.claves.issuing import Issued, issue, replace
from tally.claves.person import Person
from tally.claves.states import State
from tally.claves.store_sql import Personas, public_credentials
from tally.claves.tables import claves, personas
from tally.consulta.credentials_sql import listed_credentials
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas
from tally.public_credentials import derive
from tally.setup import uuid_of
from tests.tally.consulta.making import asked
from tests.tally.entrada.test_tokens import NOW
from tests.tally.opinion.polling import ID, KEEPER, person_data, person_id, set_up

AUTHORITY = pyrage.x25519.Identity.generate()
DATA = person_data(1)
RANDOM = SeededRandomness("claves")


@dataclass
class Desk:
    """One person, and what was issued to them."""

    database: Database
    group: Group
    person: Person
    issued: Issued

    def keep(self) -> None:
        with self.database.writing() as db:
            Personas(db, KEEPER).issued(self.person, self.issued, NOW)
            self.person = Personas(db, KEEPER).get(self.person.id)


@pytest.fixture
def desk(database: Database, fast: Group) -> Desk:
    with database.writing() as db:
        Consultas(db).add(read_form(asked(), "consulta"), "nadie", NOW)
        person = Personas(db, KEEPER).add(person_id(1), ID, "0102", DATA, NOW)
    uuids = [uuid_of(ID, ut) for ut in ("09-001", "09-002")]
    issued = issue(fast, ID, DATA.clave_elector, uuids, str(AUTHORITY.to_public()), RANDOM)
    return Desk(database, fast, person, issued)


@pytest.mark.req("SEI-07")
def test_a_clave_opens_its_credential_and_is_nowhere_in_the_database(desk: Desk) -> None:
    desk.keep()
    issued = desk.issued
    assert clave.is_well_formed(issued.clave)
    assert issued.clave not in repr(issued)
    with desk.database.reading() as db:
        kept = Personas(db, KEEPER).kept(desk.person.id)
        stored = repr(
            [tuple(map(bytes_of, row)) for t in (claves, personas) for row in db.execute(select(t))]
        )
        listed = {uuid: public_credentials(db, uuid) for uuid, _ in issued.public}
    private = clave.unwrap(clave.derive(issued.clave, ID, DATA.clave_elector), kept.wrapped)
    assert desk.person.estado is State.CON_CLAVE
    for secret in (issued.clave, private, DATA.clave_elector, DATA.ocr, DATA.telefono, DATA.correo):
        assert secret not in stored
    assert listed == {uuid: derive(desk.group, uuid, [private]) for uuid, _ in issued.public}


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, bytes | memoryview) else value


@pytest.mark.req("SEI-09")
def test_a_replacement_opens_the_same_credential_once(desk: Desk) -> None:
    desk.keep()
    with desk.database.reading() as db:
        sealed = Personas(db, KEEPER).kept(desk.person.id).for_authority
    new = replace(ID, DATA.clave_elector, sealed, AUTHORITY, RANDOM)
    before = clave.unwrap(clave.derive(desk.issued.clave, ID, DATA.clave_elector), desk.issued.wrapped)
    with desk.database.writing() as db:
        Personas(db, KEEPER).replaced(desk.person, new, NOW)
    with desk.database.reading() as db:
        kept = Personas(db, KEEPER).kept(desk.person.id)
    assert kept.replaced == NOW
    assert clave.unwrap(clave.derive(new.clave, ID, DATA.clave_elector), kept.wrapped) == before
    with pytest.raises(EntryRefusal):
        clave.unwrap(clave.derive(desk.issued.clave, ID, DATA.clave_elector), kept.wrapped)
    with pytest.raises(ClaveRefusal, match=r"clave\.reposicion"), desk.database.writing() as db:
        Personas(db, KEEPER).replaced(desk.person, new, NOW)


@pytest.mark.req("SEI-09")
def test_only_the_authority_replaces(desk: Desk) -> None:
    with pytest.raises(ClaveRefusal, match=r"clave\.autoridad"):
        stranger = pyrage.x25519.Identity.generate()
        replace(ID, DATA.clave_elector, desk.issued.for_authority, stranger, RANDOM)


@pytest.mark.req("SEI-11")
def test_a_disabled_clave_is_not_issued_replaced_or_disabled_again(desk: Desk) -> None:
    desk.keep()
    with desk.database.writing() as db:
        Personas(db, KEEPER).disabled(desk.person, "niega haber hecho el trámite", NOW)
        person = Personas(db, KEEPER).get(desk.person.id)
    assert person.estado is State.DESHABILITADA
    acts = (
        lambda people: people.issued(person, desk.issued, NOW),
        lambda people: people.disabled(person, "otra vez", NOW),
        lambda people: people.disabled(desk.person, "con lo que se leyó antes", NOW),
    )
    for act in acts:
        with pytest.raises(ClaveRefusal, match=r"clave\.estado"), desk.database.writing() as db:
            act(Personas(db, KEEPER))
    with desk.database.reading() as db:
        assert public_credentials(db, desk.issued.public[0][0]) == []


@pytest.mark.req("SEI-07")
def test_a_person_is_registered_once_and_has_one_clave(desk: Desk) -> None:
    desk.keep()
    with pytest.raises(ClaveRefusal, match=r"clave\.persona"), desk.database.writing() as db:
        Personas(db, KEEPER).add(person_id(2), ID, "0102", DATA, NOW)
    with pytest.raises(ClaveRefusal, match=r"clave\.estado"):
        desk.keep()


def test_nobody_is_added_once_the_urns_are_set_up(database: Database, fast: Group, desk: Desk) -> None:
    with database.writing() as db:
        set_up(db, fast)
    with pytest.raises(ClaveRefusal, match=r"clave\.urnas"):
        desk.keep()


def test_whoever_is_named_by_other_numbers_is_unknown(desk: Desk) -> None:
    with desk.database.reading() as db:
        people = Personas(db, KEEPER)
        found = people.by_elector(ID, f" {DATA.clave_elector.lower()} ", DATA.ocr)
        assert found.id == desk.person.id
        assert people.data(found.id) == DATA
        for clave_elector, ocr in ((DATA.clave_elector, "0"), ("X", DATA.ocr)):
            with pytest.raises(UnknownPerson):
                people.by_elector(ID, clave_elector, ocr)


@pytest.mark.req("SEI-22")
def test_urns_that_are_set_up_while_a_clave_is_issued_wait_for_its_credential(desk: Desk) -> None:
    """Otherwise somebody would hold a Clave that no urn lists."""
    seen: list[dict[str, list[str]]] = []

    def set_up_urns() -> None:
        with desk.database.writing() as db:
            db.execute(update(consultas).where(consultas.c.id == ID).values(estado="abierta"))
            seen.append(listed_credentials(db, ID))

    other = Thread(target=set_up_urns)
    with desk.database.writing() as db:
        Personas(db, KEEPER).issued(desk.person, desk.issued, NOW)
        other.start()
        other.join(0.5)
        assert seen == []
    other.join(60)
    assert seen == [{uuid: [public] for uuid, public in desk.issued.public}]
