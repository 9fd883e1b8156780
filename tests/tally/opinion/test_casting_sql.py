"""How an opinion enters the urn of the database, and every way in which it may not."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, update

from keys.errors import Refusal
from keys.group import Group
from ledger.database import Database
from tally.casting import Receipt, already_opined, read_ballot
from tally.claves.tables import personas
from tally.closing import close
from tally.errors import CastingRefusal, StoreMoved
from tally.opinion import entering_sql
from tally.opinion.challenges import Challenges
from tally.opinion.entering_sql import Proven
from tally.store_sql import DatabaseArchive, SqlArchive
from tests.tally.opinion.polling import BOTH, ID, ONE, UTS, Poll, audited, make_poll
from tests.tally.test_casting import at_once


@pytest.fixture
def poll(database: Database, fast: Group) -> Poll:
    return make_poll(database, fast)


def refused(poll: Poll, act: Any) -> Refusal:
    """The refusal; nothing at all may have been recorded."""
    before = poll.rows()
    with pytest.raises(Refusal) as caught:
        act()
    assert poll.rows() == before
    return caught.value


@pytest.mark.req("SEI-18")
@pytest.mark.req("SEI-28")
def test_an_opinion_enters_with_its_mark_its_leaf_and_its_message(poll: Poll) -> None:
    data = poll.ballot(0)
    receipt = poll.cast(0, data)
    assert (receipt.uuid, receipt.height) == (poll.uuids[UTS[0]], 1)
    assert poll.rows() == (3, 1, 1, 1, 1)
    with poll.database.reading() as db, SqlArchive(db, receipt.uuid).read() as stream:
        assert data in stream.read()
    assert audited(poll) == {UTS[0]: 1, UTS[1]: 0}


@pytest.mark.req("SEI-20")
def test_a_retry_gets_the_same_receipt_also_after_the_closing_and_of_another_process(poll: Poll) -> None:
    data = poll.ballot(0)
    first = poll.cast(0, data)
    before = poll.rows()
    assert poll.cast(0, data) == first
    poll.clock.instant = poll.calendar.voting_end + timedelta(days=3)
    close(poll.group, DatabaseArchive(poll.database, first.uuid), "urna")
    assert poll.cast(0, data) == first == poll.again().cast(0, data)
    assert poll.casting.known(ID, data) == first
    assert poll.rows()[1:] == before[1:]


@pytest.mark.req("SEI-20")
@pytest.mark.req("SEI-01")
def test_nothing_enters_outside_of_the_phase(poll: Poll) -> None:
    for instant in (poll.calendar.voting_start - timedelta(microseconds=1), poll.calendar.voting_end):
        poll.clock.instant = instant
        found = refused(poll, partial(poll.cast, 0, poll.ballot(0)))
        assert found.rule == "calendario.opinion"
        assert "22/04/2027 20:00:00" in str(found)


@pytest.mark.req("SEI-20")
def test_the_first_and_the_last_instant_count(poll: Poll) -> None:
    poll.clock.instant = poll.calendar.voting_start
    poll.cast(0, poll.ballot(0))
    poll.clock.instant = poll.calendar.voting_end - timedelta(microseconds=1)
    poll.cast(1, poll.ballot(1))
    assert audited(poll)[UTS[0]] == 2


@pytest.mark.req("SEI-20")
def test_the_phase_is_looked_at_again_under_the_lock(poll: Poll, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proofs were checked before the closing, and the turn of the urn came after it."""
    lock = entering_sql.lock_urns

    def slow(*arguments: Any) -> Any:
        heads = lock(*arguments)
        poll.clock.instant = poll.calendar.voting_end
        return heads

    monkeypatch.setattr(entering_sql, "lock_urns", slow)
    assert refused(poll, partial(poll.cast, 0, poll.ballot(0))).rule == "calendario.opinion"


@pytest.mark.req("SEI-20")
def test_a_clock_that_jumps_neither_loses_nor_reopens_anything(poll: Poll) -> None:
    first = poll.cast(0, poll.ballot(0))
    poll.clock.instant = poll.calendar.voting_end + timedelta(hours=1)
    assert refused(poll, partial(poll.cast, 1, poll.ballot(1))).rule == "calendario.opinion"
    poll.clock.instant = poll.calendar.voting_end - timedelta(minutes=1)
    assert poll.cast(1, poll.ballot(1)).height == first.height + 1
    close(poll.group, DatabaseArchive(poll.database, first.uuid), "urna")
    poll.clock.instant = poll.calendar.voting_start
    assert refused(poll, partial(poll.cast, 2, poll.ballot(2))).rule == "urna.cerrada"
    assert poll.cast(0, poll.ballot(0)) == first


@pytest.mark.req("SEI-20")
def test_a_second_ballot_is_refused_in_the_same_urn_and_in_another(poll: Poll) -> None:
    poll.cast(0, poll.ballot(0))
    for ut, rule in ((UTS[0], "urna.credencial_usada"), (UTS[1], "urna.persona")):
        assert refused(poll, partial(poll.cast, 0, poll.ballot(0, ut=ut, seed="otra"))).rule == rule
    assert (
        refused(poll.again(), partial(poll.again().cast, 0, poll.ballot(0, 2))).rule
        == "urna.credencial_usada"
    )


def test_an_urn_that_was_closed_takes_nothing_even_within_the_phase(poll: Poll) -> None:
    close(poll.group, DatabaseArchive(poll.database, poll.uuids[UTS[0]]), "urna")
    assert refused(poll, partial(poll.cast, 0, poll.ballot(0))).rule == "urna.cerrada"


@pytest.mark.req("SEI-11")
@pytest.mark.req("SEI-21")
def test_a_disabled_clave_casts_nothing(poll: Poll) -> None:
    with poll.database.writing() as db:
        db.execute(update(personas).where(personas.c.id == poll.persons[0].id).values(estado="deshabilitada"))
    assert refused(poll, partial(poll.cast, 0, poll.ballot(0))).rule == "urna.clave"


def test_a_credential_of_another_session_is_refused(poll: Poll) -> None:
    """A stolen session opens no urn without the private credential, and a ballot none without its session."""
    assert refused(poll, partial(poll.cast, 1, poll.ballot(0))).rule == "urna.sesion"


@pytest.mark.req("SEI-20")
def test_one_person_with_two_devices_at_once_has_one_opinion(poll: Poll) -> None:
    ballots = [poll.ballot(0, ut=ut, seed=seed) for ut in UTS for seed in ("una", "otra")]
    several = [poll, poll.again()]
    found = at_once([partial(several[i % 2].cast, 0, data) for i, data in enumerate(ballots * 2)])
    receipts = {r for r in found if isinstance(r, Receipt)}
    assert len(receipts) == 1
    assert sum(isinstance(r, Receipt) for r in found) == 2, "the ballot and its retry"
    assert sum(audited(poll).values()) == 1


@pytest.mark.req("SEI-20")
def test_many_at_once_make_one_chain(database: Database, fast: Group) -> None:
    poll = make_poll(database, fast, [ONE] * 8)
    several = [poll, poll.again()]
    found = at_once([partial(several[i % 2].cast, i, poll.ballot(i)) for i in range(8)])
    assert sorted(r.height for r in found if isinstance(r, Receipt)) == list(range(1, 9))
    assert audited(poll)[UTS[0]] == 8


def test_a_transaction_that_fails_leaves_nothing_and_the_retry_enters(poll: Poll) -> None:
    """The last statement fails: memory is not ahead of the commit, the chain goes on where it was."""

    def fail(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO boletas"):
            raise OSError("sin espacio")

    event.listen(poll.database.engine, "before_cursor_execute", fail)
    before = poll.rows()
    with pytest.raises(OSError, match="sin espacio"):
        poll.cast(0, poll.ballot(0))
    event.remove(poll.database.engine, "before_cursor_execute", fail)
    assert poll.rows()[:4] == before[:4]
    assert poll.cast(0, poll.ballot(0)).height == 1


def test_the_key_refuses_what_the_lock_would_miss(poll: Poll) -> None:
    with poll.database.writing() as db:
        archive = SqlArchive(db, poll.uuids[UTS[0]])
        head = archive.lock()
    poll.cast(0, poll.ballot(0))
    with pytest.raises(StoreMoved), poll.database.writing() as db:
        SqlArchive(db, poll.uuids[UTS[0]]).add(head.end, b"x" * 512, head.event)


@pytest.mark.req("SEI-28")
def test_a_challenged_ballot_is_never_cast_also_signed_anew(poll: Poll) -> None:
    challenges = Challenges(poll.database, poll.casting.house.booths, poll.clock)
    data = poll.ballot(0)
    tracker = challenges.record(ID, data, poll.voter(0))
    assert challenges.record(ID, data, poll.voter(0)) == tracker
    assert refused(poll, partial(poll.cast, 0, data)).rule == "urna.reto"
    assert refused(poll, partial(poll.cast, 0, resigned(poll, data))).rule == "urna.reto"
    assert poll.cast(0, poll.ballot(0, seed="otra")).height == 1
    with pytest.raises(CastingRefusal, match="credencial_usada"):
        challenges.record(ID, poll.ballot(0, seed="otra"), poll.voter(0))


def resigned(poll: Poll, data: bytes) -> bytes:
    """The same encryption with another signature of its credential."""
    from keys import credentials
    from keys.proofs import schnorr
    from tally.ballot import Ballot

    group = poll.group
    ballot = Ballot.from_bytes(data, "boleta", group.order)
    secret = credentials.exponent(group.order, ballot.election_uuid, poll.private[0])
    (commitment,) = group.encoded_powers(group.tables([group.generator]), [[77]])
    prefix = schnorr.ballot_prefix(ballot.signature_hash)
    proof = schnorr.answer(group, prefix, secret, 77, commitment)
    made = Ballot(
        ballot.election_uuid,
        ballot.election_hash,
        ballot.credential,
        ballot.answers,
        ballot.signature_hash,
        proof,
    )
    return made.data


def test_a_challenge_is_of_the_own_credential(poll: Poll) -> None:
    challenges = Challenges(poll.database, poll.casting.house.booths, poll.clock)
    with pytest.raises(CastingRefusal, match=r"urna\.persona"):
        challenges.record(ID, poll.ballot(0), poll.voter(1))


def test_sections_give_their_units(poll: Poll) -> None:
    assert {person.seccion for person in poll.persons} == {BOTH, ONE}


def together(poll: Poll, asked: list[tuple[int, bytes]]) -> list[Receipt | str]:
    """What a single transaction of these ballots answers: receipts, or rules."""
    house, found = poll.casting.house, []
    for number, data in asked:
        ballot = read_ballot(data, poll.group.order)
        booth = house.booths.found(house.database, ID, ballot.election_uuid)
        found.append(Proven(booth, ballot, data, poll.voter(number)))
    answers = poll.casting._enter_all(found)
    return [getattr(one, "rule", None) or one for one in answers]  # type: ignore[misc]


def test_ballots_of_one_transaction_make_one_chain_and_what_is_refused_is_refused_alone(
    database: Database, fast: Group
) -> None:
    poll = make_poll(database, fast, [BOTH, ONE, ONE, ONE])
    poll.cast(3, poll.ballot(3))
    mine, theirs = poll.ballot(0, ut=UTS[1]), poll.ballot(1)
    asked = [(0, mine), (2, theirs), (1, theirs), (3, poll.ballot(3, seed="otra")), (2, poll.ballot(2))]
    found = together(poll, asked)
    assert found[1:4:2] == ["urna.sesion", "urna.credencial_usada"]
    heights = [(one.uuid, one.height) for one in found if isinstance(one, Receipt)]
    assert heights == [(poll.uuids[UTS[1]], 1), (poll.uuids[UTS[0]], 2), (poll.uuids[UTS[0]], 3)]
    assert audited(poll) == {UTS[0]: 3, UTS[1]: 1}
    assert [voter.persona for voter in poll.told.voters[1:]] == [poll.persons[n].id for n in (0, 1, 2)]


@pytest.mark.req("SEI-20")
def test_two_ballots_of_one_person_are_not_decided_together(poll: Poll) -> None:
    rivals = [(0, poll.ballot(0)), (0, poll.ballot(0, ut=UTS[1])), (0, poll.ballot(0, seed="otra"))]
    house, found = poll.casting.house, []
    for number, data in rivals:
        ballot = read_ballot(data, poll.group.order)
        booth = house.booths.found(house.database, ID, ballot.election_uuid)
        found.append(Proven(booth, ballot, data, poll.voter(number)))
    answers = poll.casting._enter_all(found)
    assert [type(one) for one in answers] == [Receipt, StoreMoved, StoreMoved]
    assert together(poll, rivals[1:]) == ["urna.persona", "urna.credencial_usada"]
    assert sum(audited(poll).values()) == 1


@pytest.mark.req("SEI-28")
def test_a_challenge_is_of_its_ballot_alone_among_those_of_one_transaction(poll: Poll) -> None:
    challenges = Challenges(poll.database, poll.casting.house.booths, poll.clock)
    shown, kept = poll.ballot(1), poll.ballot(1, seed="otra")
    challenges.record(ID, shown, poll.voter(1))
    found = together(poll, [(2, poll.ballot(2)), (1, shown), (1, kept)])
    assert found[1] == "urna.reto"
    assert [one.height for one in found if isinstance(one, Receipt)] == [1, 2]


@pytest.mark.req("SEI-20")
def test_when_a_key_refuses_one_of_them_the_others_enter(poll: Poll, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process marked the person after the look: what only a database without the lock would do."""
    write = entering_sql.EnteringTogether.write
    raced = []

    def late(self: Any, now: Any) -> Any:
        if not raced:
            raced.append(True)
            raise already_opined()
        return write(self, now)

    monkeypatch.setattr(entering_sql.EnteringTogether, "write", late)
    found = together(poll, [(1, poll.ballot(1)), (2, poll.ballot(2))])
    assert [one.height for one in found if isinstance(one, Receipt)] == [1, 2]
    assert audited(poll)[UTS[0]] == 2
