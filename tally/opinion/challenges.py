"""Challenged ballots (Benaloh): what was shown to its person is never cast (sei.md, "Ballot, urn, receipt").

The record is made before the page reveals anything. It is of the ciphertexts, so that a ballot that is signed
or proved anew is the same one. Recording and casting both hold the lock of the urn: whichever is first holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from ledger.database import Database
from tally.ballot import Ballot
from tally.casting import credential_used, nobodys, read_ballot, require_open
from tally.claves.tables import credenciales
from tally.errors import CastingRefusal
from tally.opinion.booths import Booths
from tally.opinion.phases import calendar_of
from tally.opinion.ports import Voter
from tally.store_sql import SqlArchive
from tally.tables import boletas, retos_boleta

MOST = 20
"""Challenges of one credential: more than anybody needs to be convinced, too few to fill a disk."""


def ciphertexts_digest(ballot: Ballot) -> bytes:
    """What a ballot is known by when it was challenged: SHA-256 of its ciphertexts."""
    texts = (text for answer in ballot.answers for pair in answer.choices for text in pair)
    return sha256("\n".join(texts).encode()).digest()


class Challenges:
    """Records challenges, from any thread of any process."""

    def __init__(self, database: Database, booths: Booths, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._booths = booths
        self._clock = clock

    def record(self, consulta: str, data: bytes, voter: Voter) -> str:
        """Record the challenge of a ballot; its tracker. From then on it cannot be cast. Repeating it is
        harmless. Raises Refusal: one that is in the urn already must not be revealed."""
        ballot = read_ballot(data, self._booths.group.order)
        with self._database.writing() as db:
            booth = self._booths.of(db, consulta, ballot.election_uuid)
            booth.checker.read(data, "boleta")
            head = SqlArchive(db, booth.uuid).lock()
            now = self._clock()
            calendar_of(db, consulta).require_voting(now)
            require_open(head.event)
            _require_own(db, ballot, voter)
            _require_uncast(db, ballot)
            _keep(db, ballot, now)
        return ballot.tracker


def _require_own(db: Connection, ballot: Ballot, voter: Voter) -> None:
    c = credenciales.c
    owner = select(c.persona).where(c.uuid == ballot.election_uuid, c.publica == ballot.credential)
    if db.execute(owner).scalar_one_or_none() != voter.persona:
        raise nobodys()


def _require_uncast(db: Connection, ballot: Ballot) -> None:
    c = boletas.c
    cast = select(c.altura).where(c.uuid == ballot.election_uuid, c.credencial == ballot.credential)
    if db.execute(cast).first() is not None:
        raise credential_used()


def _keep(db: Connection, ballot: Ballot, now: datetime) -> None:
    c, uuid, digest = retos_boleta.c, ballot.election_uuid, ciphertexts_digest(ballot)
    if db.execute(select(c.cuando).where(c.uuid == uuid, c.cifras == digest)).first() is not None:
        return
    mine = select(func.count()).where(c.uuid == uuid, c.credencial == ballot.credential)
    if db.execute(mine).scalar_one() >= MOST:
        raise CastingRefusal("urna.retos", "boleta", f"a lo más {MOST} boletas auditadas", "más")
    values = {"tracker": ballot.tracker, "credencial": ballot.credential, "cuando": now}
    db.execute(insert(retos_boleta).values(uuid=uuid, cifras=digest, **values))
