"""Entering the SEI (SEI-13 to SEI-15; sei.md, "Clave and entry").

1. count    the attempt, before anything is looked at, in a transaction of its own.
2. compare  clave de elector, OCR and auth_key with what is kept, or with nothing of the same size: the same
   statements and comparisons whoever is asked for. One answer for all that is wrong.
3. token    one transaction: the state of the token moves on, its code is kept blinded, the SMS waits.
4. session  one transaction: the try is counted, the code compared, the session opened.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from keys.clave import Wrapped
from keys.randomness import Randomness
from ledger.database import Database
from tally.casting import already_opined
from tally.claves.person import elector_name, ocr_name
from tally.claves.ports import Keeper
from tally.claves.states import MAY_ENTER
from tally.claves.store_sql import Personas
from tally.claves.tables import claves, personas
from tally.entrada import errors
from tally.entrada.ports import Bounds, TokenPost
from tally.entrada.sessions_sql import SECRET_BYTES, Entries, VoterSessions, secret_text
from tally.entrada.states import SENT, VALID, State
from tally.entrada.tokens_sql import Tokens, fingerprint, new_code
from tally.opinion.phases import calendar_of
from tally.opinion.ports import Voter
from tally.participation_sql import SqlParticipation
from tally.tables import participaciones

_NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Given:
    """What a person's device sends. `auth_key`: 32 bytes, what Argon2id made of the Clave there."""

    clave_elector: str
    ocr: str
    auth_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """The three data are right and a token is on its way to the telephone that ends in `telefono`."""

    secret: str = field(repr=False)
    telefono: str
    token_until: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, and the private credential under the Clave, which only the person's device opens."""

    secret: str = field(repr=False)
    voter: Voter
    wrapped: Wrapped
    seccion: str


@dataclass(frozen=True, slots=True)
class Porch:
    """What entry works with. `clock` gives aware instants, `random` that many bytes."""

    database: Database
    keeper: Keeper
    bounds: Bounds
    post: TokenPost
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    randomness: Randomness


class Entering:
    """Entry, token and session, from any thread of any process."""

    def __init__(self, porch: Porch) -> None:
        self._porch = porch

    def enter(self, consulta: str, given: Given, address: str) -> Entered:
        """Take the three data and send a token. Raises EntryRefusal, TokenBlocked, CastingRefusal (outside of
        the phase, or who opined already), and what `Bounds.admit` raises."""
        porch, now = self._porch, self._porch.clock()
        with porch.database.reading() as db:
            calendar_of(db, consulta).require_voting(now)
        who = elector_name(porch.keeper, consulta, given.clave_elector)
        porch.bounds.admit(who, address, now)
        persona = self._compared(consulta, who, given)
        secret = secret_text(porch.random(SECRET_BYTES))
        with porch.database.writing() as db:
            porch.bounds.succeeded(db, who, address)
            phone, state = self._request(db, persona, now)
            entry = Entries(db).open(persona, secret, now)
        if state is State.BLOQUEADO:
            raise errors.blocked()
        return Entered(secret, phone, now + VALID, entry.vence)

    def again(self, consulta: str, secret: str) -> Entered:
        """«Reposición» of the token (SEI-15). Raises NoSession, TokenBlocked."""
        porch, now = self._porch, self._porch.clock()
        with porch.database.writing() as db:
            calendar_of(db, consulta).require_voting(now)
            entry = Entries(db).of(consulta, secret, now)
            phone, state = self._request(db, entry.persona, now)
        if state is State.BLOQUEADO:
            raise errors.blocked()
        return Entered(secret, phone, now + VALID, entry.vence)

    def open(self, consulta: str, secret: str, code: str) -> Opened:
        """Use the token and open a session. Raises NoSession, TokenRefusal."""
        porch, now = self._porch, self._porch.clock()
        opened: Opened | None = None
        with porch.database.writing() as db:
            calendar_of(db, consulta).require_voting(now)
            entry = Entries(db).of(consulta, secret, now)
            huella = fingerprint(porch.keeper, entry.persona, code)
            refusal = Tokens(db).attempt(entry.persona, huella, now)
            if refusal is None:
                Entries(db).close(secret)
                opened = self._opened(db, consulta, entry.persona, now)
        if opened is None:
            raise refusal or errors.no_token(None)
        return opened

    def _opened(self, db: Connection, consulta: str, persona: str, now: datetime) -> Opened:
        porch = self._porch
        if SqlParticipation(db, consulta).urn_of(persona) is not None:
            raise already_opined()
        identifier = str(UUID(bytes=porch.random(16), version=4))
        secret = secret_text(porch.random(SECRET_BYTES))
        voter = VoterSessions(db).open(identifier, persona, consulta, secret, now)
        people = Personas(db, porch.keeper)
        return Opened(secret, voter, people.kept(persona).wrapped, people.get(persona).seccion)

    def _request(self, db: Connection, persona: str, now: datetime) -> tuple[str, State]:
        """The last digits of the telephone that a new code goes to, and the state of the token."""
        porch, code = self._porch, new_code(self._porch.randomness)
        state = Tokens(db).request(persona, fingerprint(porch.keeper, persona, code), now)
        phone = Personas(db, porch.keeper).data(persona).telefono
        if state in SENT:
            porch.post.send(db, phone, code, now + VALID)
        return phone[-2:], state

    def _compared(self, consulta: str, who: bytes, given: Given) -> str:
        """The person of the three data. Raises EntryRefusal; CastingRefusal for one who opined already."""
        keeper = self._porch.keeper
        number = ocr_name(keeper, consulta, given.clave_elector, given.ocr)
        auth = hashlib.sha256(given.auth_key).digest()
        with self._porch.database.reading() as db:
            row = _kept(db, consulta, who)
        right = hmac.compare_digest(number, _NOTHING if row is None else bytes(row.ocr_hmac))
        right &= hmac.compare_digest(auth, bytes((row and row.auth_hash) or _NOTHING))
        right &= row is not None and row.estado in MAY_ENTER
        if not right or row is None:
            raise errors.wrong_data()
        if row.urna is not None:
            raise already_opined()
        return str(row.id)


def _kept(db: Connection, consulta: str, who: bytes) -> Any:
    c, p = personas.c, participaciones.c
    marked = and_(p.consulta == consulta, p.persona == c.id)
    kept = (
        select(c.id, c.ocr_hmac, c.estado, claves.c.auth_hash, p.uuid.label("urna"))
        .outerjoin(claves, claves.c.persona == c.id)
        .outerjoin(participaciones, marked)
        .where(c.consulta == consulta, c.clave_elector_hmac == who)
    )
    return db.execute(kept).one_or_none()
