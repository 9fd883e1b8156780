"""Ballots that enter their urns together, in the caller's transaction, which is the commit point of them all.

1. lock     the urns, in one order whoever locks them; then where each ends.
2. look     at everything that is known about the credentials, under the locks.
3. decide   for each ballot, one after another: the urn of one grows before the next is looked at.
4. write    marks, pieces, ballots, leaves and messages, each kind in one statement.

What is refused is refused alone. Two ballots of one person are never decided together: the second is told to
look again, when the first is committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from keys.errors import Refusal
from tally.ballot import Ballot
from tally.casting import Receipt, already_opined, credential_used, nobodys, require_open
from tally.claves.states import MAY_ENTER
from tally.claves.tables import credenciales, personas
from tally.consulta.leaves_sql import Entry, put_leaves
from tally.consulta.tables import consultas
from tally.errors import CastingRefusal, StoreMoved
from tally.journal import urn_entry
from tally.opinion.booths import Booth
from tally.opinion.challenges import ciphertexts_digest
from tally.opinion.phases import calendar_of_plan
from tally.opinion.ports import Voter
from tally.participation_sql import SqlParticipation
from tally.store_sql import Head, Piece, add_pieces, lock_urns
from tally.tables import boletas, participaciones, retos_boleta
from tally.urna import make_link


@dataclass(frozen=True, slots=True)
class Proven:
    """A ballot whose proofs hold, and who brings it."""

    booth: Booth
    ballot: Ballot
    data: bytes
    voter: Voter


@dataclass
class _Written:
    """What is to be written once all are decided."""

    pieces: list[Piece] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    marks: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    leaves: dict[str, list[Entry]] = field(default_factory=dict)
    voters: list[Voter] = field(default_factory=list)

    def has(self, voter: Voter) -> bool:
        return any(one.persona == voter.persona for one in self.voters)


class EnteringTogether:
    """One transaction's worth of ballots. `now`: asked for once the urns are locked."""

    def __init__(self, connection: Connection, asked: Sequence[Proven]) -> None:
        self._db = connection
        self._asked = asked
        self._heads = lock_urns(connection, {one.booth.uuid for one in asked})
        self._known = known_about(connection, [(one.booth.uuid, one.ballot) for one in asked])
        self._written = _Written()

    def decide(self, now: datetime) -> list[Receipt | Exception]:
        """The receipt of each, or why it is refused. Nothing is written yet."""
        answers: list[Receipt | Exception] = []
        for one in self._asked:
            try:
                answers.append(self._enter(one, now))
            except (Refusal, StoreMoved) as refusal:
                answers.append(refusal)
        return answers

    def write(self, now: datetime) -> list[Voter]:
        """All that was accepted; whom to tell. Raises CastingRefusal, StoreMoved when a key refuses one: then
        the transaction is over."""
        made, db = self._written, self._db
        for consulta, marks in made.marks.items():
            SqlParticipation(db, consulta).record_all(marks, now)
        add_pieces(db, made.pieces)
        for consulta, entries in made.leaves.items():
            put_leaves(db, consulta, entries)
        if made.kept:
            db.execute(insert(boletas), made.kept)
        return made.voters

    def _enter(self, one: Proven, now: datetime) -> Receipt:
        booth, ballot, made = one.booth, one.ballot, self._written
        standing = self._known.standings.get((booth.uuid, ballot.credential))
        if standing is None:
            raise nobodys()
        if (found := earlier(standing, ballot)) is not None:
            return found
        if made.has(one.voter):
            raise StoreMoved(booth.uuid, "la persona opina en este momento con otro dispositivo")
        head = self._heads[booth.uuid]
        calendar_of_plan(standing.cronograma).require_voting(now)
        require_open(head.event)
        self._require_free(standing, one)
        link = make_link(head.event, "Ballot", [one.data], booth.timestamp)
        self._heads[booth.uuid] = Head(head.end + len(link.blocks), link.event)
        made.pieces.append(Piece(booth.uuid, head.end, link.blocks, link.event))
        made.marks.setdefault(booth.consulta, []).append((one.voter.persona, booth.uuid))
        made.leaves.setdefault(booth.consulta, []).append(urn_entry(booth.uuid, link.event))
        made.voters.append(one.voter)
        receipt = Receipt(booth.uuid, link.event.height, link.event.hash, ballot.tracker)
        made.kept.append(_row(receipt, ballot.credential))
        return receipt

    def _require_free(self, standing: Any, one: Proven) -> None:
        """The credential is of who has the session, who may opine and has not. Raises CastingRefusal."""
        if standing.persona != one.voter.persona or one.voter.consulta != one.booth.consulta:
            expected = "la credencial de quien inició la sesión"
            raise CastingRefusal("urna.sesion", "boleta.credential", expected, "la de otra persona")
        if standing.estado not in MAY_ENTER:
            raise CastingRefusal("urna.clave", "sesión", "una Clave vigente", "una deshabilitada")
        if standing.urna is not None:
            raise already_opined()
        if (one.booth.uuid, ciphertexts_digest(one.ballot)) in self._known.challenged:
            raise CastingRefusal("urna.reto", "boleta", "una boleta que no se haya auditado", "una auditada")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about credentials, by (uuid, credential): nobody's are not there. `challenged`: (uuid,
    digest) of those of the ballots asked about that were shown to somebody."""

    standings: dict[tuple[str, str], Any]
    challenged: set[tuple[str, bytes]]


def known_about(db: Connection, asked: Sequence[tuple[str, Ballot]]) -> Known:
    """Whose each credential is, whether that person may opine and where they did, and its ballot: of all in
    one look. `asked`: (uuid, ballot)."""
    c, p, b, r = credenciales.c, participaciones.c, boletas.c, retos_boleta.c
    shown = sorted({ciphertexts_digest(ballot) for _, ballot in asked})
    known = (
        select(
            *(c.uuid, c.publica, c.persona, personas.c.estado, consultas.c.cronograma, p.uuid.label("urna")),
            *(b.tracker, b.altura, b.evento, r.cifras),
        )
        .join(personas, personas.c.id == c.persona)
        .join(consultas, consultas.c.id == personas.c.consulta)
        .outerjoin(participaciones, and_(p.consulta == personas.c.consulta, p.persona == c.persona))
        .outerjoin(boletas, and_(b.uuid == c.uuid, b.credencial == c.publica))
        .outerjoin(retos_boleta, and_(r.uuid == c.uuid, r.cifras.in_(shown)))
        .where(
            c.uuid.in_(sorted({uuid for uuid, _ in asked})),
            c.publica.in_(sorted({ballot.credential for _, ballot in asked})),
        )
    )
    rows = db.execute(known).all()
    challenged = {(row.uuid, bytes(row.cifras)) for row in rows if row.cifras is not None}
    return Known({(row.uuid, row.publica): row for row in rows}, challenged)


def earlier(standing: Any, ballot: Ballot) -> Receipt | None:
    """The receipt of the same bytes. Raises CastingRefusal when the credential's ballot is another one."""
    if standing.tracker is None:
        return None
    if standing.tracker != ballot.tracker:
        raise credential_used()
    return Receipt(ballot.election_uuid, standing.altura, standing.evento, standing.tracker)


def _row(receipt: Receipt, credential: str) -> dict[str, Any]:
    values = {"tracker": receipt.tracker, "altura": receipt.height, "evento": receipt.event}
    return {"uuid": receipt.uuid, "credencial": credential, **values}
