"""How an opinion enters the urn in the database (SEI-16 to SEI-20; sei.md, "Ballot, urn, receipt").

1. form     the bytes are a ballot; one that is in the urn already gets its receipt again, whoever brings it.
2. proofs   everything that the ballot says is checked, outside of any transaction: it takes the longest.
3. enter    ONE transaction, of all ballots that wait at that moment (`turns`): the urns' rows are locked; the
   phase, the chains' ends, the credentials, the persons and the challenges are looked at under the locks;
   marks, ballots with their events, leaves and messages are written. THE commit point: before it nothing
   happened, after it everything did, and nobody gets a receipt before it.

Nothing about ballots is remembered in memory, so that no process can know of one that was never committed.
Two devices of one person in two urns hold two locks: the second mark breaks the key of `participaciones`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from ledger.database import Database
from tally.casting import Receipt, read_ballot
from tally.errors import CastingRefusal, StoreMoved
from tally.opinion.booths import Booths
from tally.opinion.entering_sql import EnteringTogether, Proven, earlier, known_about
from tally.opinion.ports import Notices, Voter
from tally.opinion.turns import Turns

TOGETHER = 64
"""Ballots of one transaction at most: what holds locks must end soon."""


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
        self._turns = Turns(self._enter_all, TOGETHER)

    def known(self, consulta: str, data: bytes) -> Receipt | None:
        """The receipt of these bytes when they are in the urn, also after the closing. Raises Refusal."""
        ballot = read_ballot(data, self.house.booths.group.order)
        uuid = ballot.election_uuid
        with self.house.database.reading() as db:
            self.house.booths.of(db, consulta, uuid)
            standing = known_about(db, [(uuid, ballot)]).standings.get((uuid, ballot.credential))
        return None if standing is None else earlier(standing, ballot)

    def cast(self, consulta: str, data: bytes, voter: Voter) -> Receipt:
        """Take one ballot from who has this session. Raises Refusal; then nothing was recorded.

        A retry with the same bytes gets the same receipt: it changes nothing.
        """
        house = self.house
        ballot = read_ballot(data, house.booths.group.order)
        booth = house.booths.found(house.database, consulta, ballot.election_uuid)
        booth.checker.check_ballot(ballot, "boleta")
        proven = Proven(booth, ballot, data, voter)
        while True:
            try:
                return self._turns.take(proven)
            except StoreMoved:
                continue  # a key refused what the lock should have kept apart: look again

    def _enter_all(self, asked: Sequence[Proven]) -> Sequence[Receipt | Exception]:
        """Together; when a key refuses any of them, each by itself, so that only that one is refused."""
        try:
            return self._enter(asked)
        except (CastingRefusal, StoreMoved, IntegrityError) as refusal:
            if len(asked) == 1:
                return [refusal]
        return [answer for one in asked for answer in self._enter_all([one])]

    def _enter(self, asked: Sequence[Proven]) -> Sequence[Receipt | Exception]:
        house = self.house
        with house.database.writing() as db:
            entering = EnteringTogether(db, asked)
            now = house.clock()  # under the locks: waiting for them may have taken until the closing
            answers = entering.decide(now)
            if voters := entering.write(now):
                house.notices.received(db, voters)
        return answers
