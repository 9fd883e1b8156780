"""Open entries and sessions of voters, in SQL (SEI-14). Their secrets are stored as hashes only."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tally.claves.states import MAY_ENTER
from tally.claves.tables import personas
from tally.entrada.errors import NoSession
from tally.entrada.tables import entradas, sesiones_opinion
from tally.opinion.ports import Voter

SECRET_BYTES = 32
SESSION = timedelta(minutes=15)
"""«una sesión que tendrá una duración máxima de 15 minutos» (7.4 c)."""
ENTRY = timedelta(minutes=30)
"""How long a device may ask for tokens without giving the three data again: three tokens' lives."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who gave the three data."""

    persona: str
    vence: datetime


def secret_text(random: bytes) -> str:
    """A secret as it travels: SECRET_BYTES random bytes in base64url without padding."""
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def hashed(secret: str) -> bytes:
    """What is stored of a secret. It has 256 random bits: a plain SHA-256 cannot be searched."""
    return hashlib.sha256(secret.encode()).digest()


class Entries:
    """Entries that wait for their token."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(self, persona: str, secret: str, now: datetime) -> Entry:
        """A new entry; those that the person had before are over."""
        self._db.execute(delete(entradas).where(entradas.c.persona == persona))
        entry = Entry(persona, now + ENTRY)
        self._db.execute(insert(entradas).values(huella=hashed(secret), persona=persona, vence=entry.vence))
        return entry

    def of(self, consulta: str, secret: str, now: datetime) -> Entry:
        """Raises NoSession, also for one of another consultation."""
        c = entradas.c
        mine = select(c.persona, c.vence).join(personas, personas.c.id == c.persona)
        row = self._db.execute(mine.where(c.huella == hashed(secret), _usable(consulta))).one_or_none()
        if row is None or now >= row.vence:
            raise NoSession("entrada.abierta", "entrada", "una entrada abierta", "ninguna; ingrese de nuevo")
        return Entry(row.persona, row.vence)

    def close(self, secret: str) -> None:
        """It served."""
        self._db.execute(delete(entradas).where(entradas.c.huella == hashed(secret)))


class VoterSessions:
    """Sessions in which an opinion can be given."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def open(self, identifier: str, persona: str, consulta: str, secret: str, now: datetime) -> Voter:
        """A new session; those that the person had before are over."""
        self._db.execute(delete(sesiones_opinion).where(sesiones_opinion.c.persona == persona))
        ends = now + SESSION
        row = {"id": identifier, "persona": persona, "creada": now, "vence": ends}
        self._db.execute(insert(sesiones_opinion).values(**row, huella=hashed(secret)))
        return Voter(persona, consulta, identifier, ends)

    def of(self, consulta: str, secret: str, now: datetime) -> Voter:
        """Whose session it is. Raises NoSession, also for a Clave that was disabled meanwhile."""
        row = self._row(consulta, secret)
        if row is None or now >= row.vence:
            raise _no_session()
        return Voter(row.persona, consulta, row.id, row.vence)

    def close(self, consulta: str, secret: str) -> str | None:
        """«Salir del Sistema»: the identifier of the message that leaves now, if there is one. Raises
        NoSession."""
        row = self._row(consulta, secret)
        if row is None:
            raise _no_session()
        self._db.execute(delete(sesiones_opinion).where(sesiones_opinion.c.id == row.id))
        return None if row.aviso is None else str(row.aviso)

    def close_all(self, persona: str) -> None:
        """Whatever the person has open ends."""
        self._db.execute(delete(sesiones_opinion).where(sesiones_opinion.c.persona == persona))
        self._db.execute(delete(entradas).where(entradas.c.persona == persona))

    def notice(self, messages: Sequence[tuple[str, str]]) -> None:
        """The messages that leave when sessions end: (identifier of the session, of the message)."""
        theirs = update(sesiones_opinion).where(sesiones_opinion.c.id == bindparam("de"))
        rows = [{"de": session, "mensaje": message} for session, message in messages]
        self._db.execute(theirs.values(aviso=bindparam("mensaje")), rows)

    def _row(self, consulta: str, secret: str) -> Any:
        c = sesiones_opinion.c
        mine = select(c.id, c.persona, c.vence, c.aviso).join(personas, personas.c.id == c.persona)
        return self._db.execute(mine.where(c.huella == hashed(secret), _usable(consulta))).one_or_none()


def _usable(consulta: str) -> Any:
    states = [state.value for state in MAY_ENTER]
    return (personas.c.consulta == consulta) & personas.c.estado.in_(states)


def _no_session() -> NoSession:
    return NoSession("sesion.opinion", "sesión", "una sesión abierta", "ninguna, o una que venció")


def sweep(connection: Connection, now: datetime) -> int:
    """Delete what time has ended; how many rows."""
    gone = (delete(table).where(table.c.vence <= now) for table in (entradas, sesiones_opinion))
    return sum(connection.execute(one).rowcount for one in gone)
