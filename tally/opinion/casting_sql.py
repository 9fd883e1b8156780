"""How an opinion enters the urn in the database (SEI-16 to SEI-20; sei.md, "Ballot, urn, receipt").

1. form     the bytes are a ballot; one that is in the urn already gets its receipt again, whoever brings it.
2. proofs   everything that the ballot says is checked, outside of any transaction: it takes the longest.
3. enter    ONE transaction: the urn's row is locked; the phase, the chain's end, the credential, the person
   and the challenges are looked at under the lock; the person's mark, the ballot with its event, its leaf and
   the message are written. THE commit point: before it nothing happened, after it everything did.

Nothing about ballots is remembered in memory, so that no process can know of one that was never committed.
Two devices of one person in two urns hold two locks: the second mark breaks the key of `participaciones`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from ledger.database import Database
from tally.ballot import Ballot
from tally.casting import Receipt, already_opined, credential_used, nobodys, read_ballot, require_open
from tally.claves.states import MAY_ENTER
from tally.claves.tables import credenciales, personas
from tally.consulta.leaves_sql import put_leaves
from tally.consulta.tables import consultas
from tally.errors import CastingRefusal, StoreMoved
from tally.events import Event
from tally.journal import urn_entry
from tally.opinion.booths import Booth, Booths
from tally.opinion.challenges import ciphertexts_digest
from tally.opinion.phases import calendar_of_plan
from tally.opinion.ports import Notices, Voter
from tally.participation_sql import SqlParticipation
from tally.store_sql import SqlArchive
from tally.tables import boletas, participaciones, retos_boleta
from tally.urna import make_link


@dataclass(frozen=True, slots=True)
class House:
    """What casting works with. `clock` gives aware instants."""

    database: Database
    booths: Booths
    notices: Notices
    clock: Callable[[], datetime]


class SqlCasting:
    """Takes ballots, from any thread of any process."""

    def __init__(self, house: House) -> None:
        self.house = house

    def known(self, consulta: str, data: bytes) -> Receipt | None:
        """The receipt of these bytes when they are in the urn, also after the closing. Raises Refusal."""
        ballot = read_ballot(data, self.house.booths.group.order)
        with self.house.database.reading() as db:
            booth = self.house.booths.of(db, consulta, ballot.election_uuid)
            standing = _standing(db, booth, ballot)
        return None if standing is None else _earlier(standing, ballot)

    def cast(self, consulta: str, data: bytes, voter: Voter) -> Receipt:
        """Take one ballot from who has this session. Raises Refusal; then nothing was recorded.

        A retry with the same bytes gets the same receipt: it changes nothing.
        """
        house = self.house
        ballot = read_ballot(data, house.booths.group.order)
        booth = house.booths.found(house.database, consulta, ballot.election_uuid)
        booth.checker.check(data, "boleta")
        while True:
            try:
                with house.database.writing() as db:
                    return self._enter(db, booth, ballot, data, voter)
            except StoreMoved:
                continue  # the key refused what the lock should have kept apart: look again

    def _enter(self, db: Connection, booth: Booth, ballot: Ballot, data: bytes, voter: Voter) -> Receipt:
        house, archive = self.house, SqlArchive(db, booth.uuid)
        head = archive.lock()
        standing = _standing(db, booth, ballot)
        if standing is None:
            raise nobodys()
        if (earlier := _earlier(standing, ballot)) is not None:
            return earlier
        now = house.clock()  # under the lock: waiting for it may have taken until the closing
        calendar_of_plan(standing.cronograma).require_voting(now)
        require_open(head.event)
        _require_free(standing, booth, voter)
        SqlParticipation(db, booth.consulta).record(voter.persona, booth.uuid, now)
        link = make_link(head.event, "Ballot", [data], booth.timestamp)
        archive.add(head.end, link.blocks, link.event)
        put_leaves(db, booth.consulta, [urn_entry(booth.uuid, link.event)])
        house.notices.received(db, voter)
        return _kept(db, ballot, link.event)


def _standing(db: Connection, booth: Booth, ballot: Ballot) -> Any:
    """Everything that is known about a listed credential, in one look: whose it is, whether that person may
    opine and where they did, its ballot, and whether these ciphertexts were shown. None for nobody's."""
    c, p, b, r = credenciales.c, participaciones.c, boletas.c, retos_boleta.c
    known = (
        select(
            *(c.persona, personas.c.estado, consultas.c.cronograma, p.uuid.label("urna")),
            *(b.tracker, b.altura, b.evento, r.cuando.label("auditada")),
        )
        .join(personas, personas.c.id == c.persona)
        .join(consultas, consultas.c.id == personas.c.consulta)
        .outerjoin(participaciones, and_(p.consulta == personas.c.consulta, p.persona == c.persona))
        .outerjoin(boletas, and_(b.uuid == c.uuid, b.credencial == c.publica))
        .outerjoin(retos_boleta, and_(r.uuid == c.uuid, r.cifras == ciphertexts_digest(ballot)))
        .where(c.uuid == booth.uuid, c.publica == ballot.credential)
    )
    return db.execute(known).one_or_none()


def _earlier(standing: Any, ballot: Ballot) -> Receipt | None:
    """The receipt of the same bytes. Raises CastingRefusal when the credential's ballot is another one."""
    if standing.tracker is None:
        return None
    if standing.tracker != ballot.tracker:
        raise credential_used()
    return Receipt(ballot.election_uuid, standing.altura, standing.evento, standing.tracker)


def _require_free(standing: Any, booth: Booth, voter: Voter) -> None:
    """The credential is of who has the session, who may opine and has not. Raises CastingRefusal."""
    if standing.persona != voter.persona or voter.consulta != booth.consulta:
        expected = "la credencial de quien inició la sesión"
        raise CastingRefusal("urna.sesion", "boleta.credential", expected, "la de otra persona")
    if standing.estado not in MAY_ENTER:
        raise CastingRefusal("urna.clave", "sesión", "una Clave vigente", "una deshabilitada")
    if standing.urna is not None:
        raise already_opined()
    if standing.auditada is not None:
        raise CastingRefusal("urna.reto", "boleta", "una boleta que no se haya auditado", "una auditada")


def _kept(db: Connection, ballot: Ballot, event: Event) -> Receipt:
    made = Receipt(ballot.election_uuid, event.height, event.hash, ballot.tracker)
    values = {"tracker": made.tracker, "altura": made.height, "evento": made.event}
    db.execute(insert(boletas).values(uuid=made.uuid, credencial=ballot.credential, **values))
    return made
