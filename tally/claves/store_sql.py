"""Persons and what is kept of their Claves, in SQL. Works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from keys.clave import Wrapped
from tally.claves.errors import ClaveRefusal, UnknownPerson
from tally.claves.issuing import Issued, Replaced
from tally.claves.person import Person, PersonData, elector_name, ocr_name, place_of
from tally.claves.ports import Keeper
from tally.claves.states import Event, State, after
from tally.claves.tables import claves, credenciales, personas
from tally.consulta.tables import consultas
from tally.tables import urnas

_MOTIVE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's Clave as it is kept. `for_authority`: the credential, sealed with age to the authority."""

    wrapped: Wrapped
    for_authority: bytes
    issued: datetime
    replaced: datetime | None


class Personas:
    """The persons of all consultations."""

    def __init__(self, connection: Connection, keeper: Keeper) -> None:
        self._db = connection
        self._keeper = keeper

    def add(self, identifier: str, consulta: str, seccion: str, data: PersonData, now: datetime) -> Person:
        """A person who was approved. Raises ClaveRefusal for who is there already."""
        keeper = self._keeper
        values = {
            "clave_elector_hmac": elector_name(keeper, consulta, data.clave_elector),
            "ocr_hmac": ocr_name(keeper, consulta, data.clave_elector, data.ocr),
            "datos_sellados": keeper.seal(place_of(identifier), data.encode()),
        }
        person = Person(identifier, consulta, seccion, State.REGISTRADA)
        row = {"id": identifier, "consulta": consulta, "seccion": seccion, "estado": person.estado.value}
        try:
            with self._db.begin_nested():
                self._db.execute(insert(personas).values(**row, **values, creada=now))
        except IntegrityError:
            raise ClaveRefusal("clave.persona", "persona", "una sin registrar", "ya registrada") from None
        return person

    def get(self, identifier: str) -> Person:
        """Raises UnknownPerson."""
        return _person(self._one(select(personas).where(personas.c.id == identifier)))

    def by_elector(self, consulta: str, clave_elector: str, ocr: str) -> Person:
        """The person of a credential, for operators who have it before them. Raises UnknownPerson."""
        named = personas.c.clave_elector_hmac == elector_name(self._keeper, consulta, clave_elector)
        number = personas.c.ocr_hmac == ocr_name(self._keeper, consulta, clave_elector, ocr)
        return _person(self._one(select(personas).where(personas.c.consulta == consulta, named, number)))

    def data(self, identifier: str) -> PersonData:
        """The personal data of one person. Raises UnknownPerson."""
        row = self._one(select(personas.c.datos_sellados).where(personas.c.id == identifier))
        return self._opened(identifier, row.datos_sellados)

    def data_of(self, identifiers: Sequence[str]) -> dict[str, PersonData]:
        """The personal data of several persons, by their identifiers."""
        c = personas.c
        rows = self._db.execute(select(c.id, c.datos_sellados).where(c.id.in_(identifiers)))
        return {row.id: self._opened(row.id, row.datos_sellados) for row in rows}

    def _opened(self, identifier: str, sealed: bytes) -> PersonData:
        return PersonData.decode(self._keeper.open(place_of(identifier), bytes(sealed)))

    def kept(self, identifier: str) -> Kept:
        """What is kept of a Clave. Raises UnknownPerson when none was issued."""
        row = self._one(select(claves).where(claves.c.persona == identifier))
        wrapped = Wrapped(bytes(row.auth_hash), bytes(row.nonce), bytes(row.sellada))
        return Kept(wrapped, bytes(row.credencial_sellada), row.emitida, row.repuesta)

    def issued(self, person: Person, issued: Issued, now: datetime) -> None:
        """Keep what was made of a new Clave. Raises ClaveRefusal.

        Once the urns are set up their lists of credentials are fixed: nobody can be added. Urns that are set
        up meanwhile wait, and find this one.
        """
        held = select(consultas.c.id).where(consultas.c.id == person.consulta)
        self._db.execute(held.with_for_update(read=True))
        begun = select(urnas.c.uuid).where(urnas.c.consulta == person.consulta).limit(1)
        if self._db.execute(begun).first() is not None:
            expected = "antes de instalar las urnas"
            raise ClaveRefusal("clave.urnas", "emisión", expected, "las urnas ya tienen sus credenciales")
        self._move(person, Event.EMISION)
        self._db.execute(
            insert(claves).values(
                persona=person.id,
                **_of_wrapped(issued.wrapped),
                credencial_sellada=issued.for_authority,
                emitida=now,
            )
        )
        rows = [{"uuid": uuid, "publica": text, "persona": person.id} for uuid, text in issued.public]
        if rows:
            self._db.execute(insert(credenciales), rows)

    def replaced(self, person: Person, replaced: Replaced, now: datetime) -> None:
        """Keep a Clave in the place of the one before, once. Raises ClaveRefusal."""
        after(person.estado, Event.REPOSICION)
        first = update(claves).where(claves.c.persona == person.id, claves.c.repuesta.is_(None))
        if self._db.execute(first.values(**_of_wrapped(replaced.wrapped), repuesta=now)).rowcount != 1:
            expected = "una reposición, por única ocasión"
            raise ClaveRefusal("clave.reposicion", "reposición", expected, "ya se repuso")

    def disabled(self, person: Person, motive: str, now: datetime) -> None:
        """The Clave opens nothing any more. Raises ClaveRefusal."""
        self._move(person, Event.DESHABILITACION)
        mine = update(claves).where(claves.c.persona == person.id)
        self._db.execute(mine.values(deshabilitada=now, motivo=motive[:_MOTIVE_CHARS]))

    def _move(self, person: Person, event: Event) -> None:
        """From the state that was read, which nobody may have changed meanwhile."""
        following = after(person.estado, event)
        same = update(personas).where(personas.c.id == person.id, personas.c.estado == person.estado.value)
        if self._db.execute(same.values(estado=following.value)).rowcount != 1:
            raise ClaveRefusal("clave.estado", event.value, person.estado.value, "cambió entretanto")

    def _one(self, query: Select[Any]) -> Row[Any]:
        row = self._db.execute(query).one_or_none()
        if row is None:
            raise UnknownPerson("clave.persona", "persona", "una persona registrada", "ninguna")
        return row


def public_credentials(connection: Connection, uuid: str) -> list[str]:
    """What the Setup of an urn lists: the credentials of whose Clave is in force, in no order."""
    listed = (
        select(credenciales.c.publica)
        .join(personas, personas.c.id == credenciales.c.persona)
        .where(credenciales.c.uuid == uuid, personas.c.estado == State.CON_CLAVE.value)
    )
    return [row.publica for row in connection.execute(listed)]


def with_clave(connection: Connection, consulta: str) -> list[str]:
    """Ids of the people of a consultation whose Clave is in force."""
    mine = (personas.c.consulta == consulta, personas.c.estado == State.CON_CLAVE.value)
    return list(connection.execute(select(personas.c.id).where(*mine).order_by(personas.c.id)).scalars())


def _of_wrapped(wrapped: Wrapped) -> dict[str, bytes]:
    return {"auth_hash": wrapped.auth_hash, "nonce": wrapped.nonce, "sellada": wrapped.sealed}


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.consulta, row.seccion, State(row.estado))
