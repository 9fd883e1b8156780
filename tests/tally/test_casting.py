"""How an opinion enters the urn, and every way in which it may not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import partial
from unittest import mock

import pytest

from keys import credentials
from keys.errors import Refusal
from keys.group import Group
from keys.randomness import SeededRandomness
from tally.ballot import MAX_BALLOT_BYTES
from tally.casting import OpenUrna, Receipt
from tally.closing import close
from tally.election import Election
from tally.encryption import BallotMaker
from tally.errors import CastingRefusal, StoreError
from tally.opening import read_closed
from tally.public_credentials import derive
from tally.setup import open_archive
from tests.tally.making import (
    AFTER,
    CALENDAR,
    DURING,
    ONE,
    START,
    TIMESTAMP,
    MemoryParticipation,
    MemoryStore,
    hold_ceremony,
)

UTS = ("CertezaTestUT1", "CertezaTestUT2")


@dataclass
class Booth:
    """Two urns of one consultation and three persons; the first person is listed in both."""

    group: Group
    elections: list[Election]
    stores: list[MemoryStore]
    people: MemoryParticipation
    urnas: list[OpenUrna]
    private: list[str]

    def ballot(self, voter: int, choice: list[int], ut: int = 0, seed: str = "boleta") -> bytes:
        maker = BallotMaker(self.group, self.elections[ut], SeededRandomness(f"{seed} {voter} {ut}"))
        return maker.make(self.private[voter], [choice]).data

    def reopen(self, ut: int = 0) -> OpenUrna:
        """The same urn after a restart, marks forgotten."""
        self.people.opinions.clear()
        return OpenUrna(self.group, self.stores[ut], CALENDAR, self.people)


@pytest.fixture
def booth(fast: Group) -> Booth:
    board = hold_ceremony(fast, 3, 2)
    (key,) = fast.encode([board.trustees.election_key(fast)])
    random = SeededRandomness("casilla")
    private = [credentials.generate(random) for _ in range(3)]
    people = MemoryParticipation({})
    elections, stores = [], []
    for ut, listed in zip(UTS, (private, private[:1]), strict=True):
        election = Election("Consulta", ut, fast.name, key, (ONE,), ut)
        public = derive(fast, ut, listed)
        people.people |= {(ut, c): f"persona {i}" for i, c in enumerate(public)}
        elections.append(election)
        stores.append(MemoryStore(open_archive(fast, election, board.data, public, TIMESTAMP).blocks))
    urnas = [OpenUrna(fast, store, CALENDAR, people) for store in stores]
    return Booth(fast, elections, stores, people, urnas, private)


def refused(booth: Booth, data: bytes, now=DURING, ut: int = 0) -> Refusal:  # type: ignore[no-untyped-def]
    """The refusal; nothing at all may have changed."""
    before = booth.stores[ut].data, dict(booth.people.opinions), booth.urnas[ut].count
    with pytest.raises(Refusal) as caught:
        booth.urnas[ut].cast(data, now)
    assert (booth.stores[ut].data, booth.people.opinions, booth.urnas[ut].count) == before
    return caught.value


@pytest.mark.req("SEI-18")
def test_an_opinion_enters_and_its_person_is_marked(booth: Booth) -> None:
    data = booth.ballot(0, [0, 1, 0])
    receipt = booth.urnas[0].cast(data, DURING)
    assert (receipt.uuid, receipt.height) == (UTS[0], 1)
    assert booth.people.opinions == {"persona 0": (UTS[0], receipt.tracker)}
    assert data in booth.stores[0].data
    assert booth.urnas[0].count == 1


@pytest.mark.req("SEI-20")
@pytest.mark.req("SEI-01")
@pytest.mark.parametrize("instant", [START - timedelta(seconds=1), AFTER, AFTER + timedelta(days=30)])
def test_outside_the_phase_the_refusal_says_its_dates(booth: Booth, instant) -> None:  # type: ignore[no-untyped-def]
    found = refused(booth, booth.ballot(0, [0, 1, 0]), instant)
    assert found.rule == "calendario.opinion"
    assert "21/04/2023 20:00:00" in str(found)
    assert "28/04/2023 20:00:00" in str(found)


@pytest.mark.req("SEI-20")
def test_the_first_and_the_last_second_count(booth: Booth) -> None:
    booth.urnas[0].cast(booth.ballot(0, [0, 1, 0]), START)
    booth.urnas[0].cast(booth.ballot(1, [0, 0, 1]), AFTER - timedelta(microseconds=1))
    assert booth.urnas[0].count == 2


def test_the_phase_is_an_instant_whatever_the_zone(booth: Booth) -> None:
    mexico = timezone(timedelta(hours=-6))
    booth.urnas[0].cast(booth.ballot(0, [0, 1, 0]), START.astimezone(mexico))
    assert refused(booth, booth.ballot(1, [0, 1, 0]), AFTER.astimezone(mexico)).rule == "calendario.opinion"


@pytest.mark.req("SEI-20")
def test_a_retry_of_the_same_bytes_gets_the_same_receipt_and_adds_nothing(booth: Booth) -> None:
    data = booth.ballot(0, [0, 1, 0])
    first = booth.urnas[0].cast(data, DURING)
    stored = booth.stores[0].data
    assert booth.urnas[0].cast(data, DURING) == first
    assert booth.urnas[0].cast(data, AFTER + timedelta(days=1)) == first
    assert booth.stores[0].data == stored
    assert booth.reopen().cast(data, AFTER) == first


@pytest.mark.req("SEI-20")
def test_a_second_ballot_of_a_credential_is_refused(booth: Booth) -> None:
    booth.urnas[0].cast(booth.ballot(0, [0, 1, 0]), DURING)
    for choice in ([0, 1, 0], [1, 0, 0]):
        assert refused(booth, booth.ballot(0, choice, seed="otra")).rule == "urna.credencial_usada"


@pytest.mark.req("SEI-16")
@pytest.mark.req("SEI-20")
def test_a_person_of_two_units_uses_one(booth: Booth) -> None:
    booth.urnas[1].cast(booth.ballot(0, [0, 1, 0], ut=1), DURING)
    assert refused(booth, booth.ballot(0, [0, 1, 0])).rule == "urna.persona"
    booth.urnas[0].cast(booth.ballot(1, [0, 1, 0]), DURING)


def test_a_listed_credential_of_nobody_is_refused(booth: Booth) -> None:
    booth.people.people.clear()
    assert refused(booth, booth.ballot(0, [0, 1, 0])).rule == "urna.persona"


def test_a_credential_that_is_not_listed_is_refused(booth: Booth) -> None:
    assert refused(booth, booth.ballot(1, [0, 1, 0], ut=1), ut=1).rule == "boleta.credencial"


def test_a_ballot_of_another_unit_is_refused(booth: Booth) -> None:
    assert refused(booth, booth.ballot(0, [0, 1, 0], ut=1)).rule == "boleta.eleccion"


@pytest.mark.parametrize("data", [b"", b"{}", b"null", b"[]", b"\xff", b"x" * 1000])
def test_what_is_no_ballot_is_refused(booth: Booth, data: bytes) -> None:
    assert refused(booth, data).rule.startswith("formato.")


def test_a_ballot_too_large_is_refused_before_it_is_read(booth: Booth) -> None:
    assert refused(booth, b"[" * (MAX_BALLOT_BYTES + 1)).rule == "boleta.tamano"


def test_a_ballot_with_another_space_or_number_is_refused(booth: Booth) -> None:
    data = booth.ballot(0, [0, 1, 0])
    assert refused(booth, data + b"\n").rule == "formato.canonico"
    assert refused(booth, data.replace(b":", b": ", 1)).rule == "formato.canonico"
    at = data.rindex(b'"response":"') + 12
    digit = b"1" if data[at : at + 1] != b"1" else b"2"
    assert refused(booth, data[:at] + digit + data[at + 1 :]).rule in ("boleta.firma", "formato.exponente")


@pytest.mark.req("SEI-20")
def test_a_closed_urn_takes_no_ballot_even_within_the_phase(booth: Booth) -> None:
    data = booth.ballot(0, [0, 1, 0])
    receipt = booth.urnas[0].cast(data, DURING)
    late = booth.ballot(1, [0, 1, 0])
    close(booth.group, booth.stores[0], "urna")
    closed = booth.stores[0].data
    for _ in range(2):  # with what the service knew before the closing, then with what it read again
        assert refused(booth, late).rule == "urna.cerrada"
        assert booth.urnas[0].cast(data, DURING) == receipt
    booth.urnas[0] = OpenUrna(booth.group, booth.stores[0], CALENDAR, booth.people)
    assert refused(booth, late).rule == "urna.cerrada"
    assert booth.urnas[0].cast(data, DURING) == receipt
    assert booth.stores[0].data == closed


@pytest.mark.req("SEI-20")
def test_a_ballot_that_enters_while_the_urn_is_closed_is_counted(booth: Booth) -> None:
    """The closing has read the urn when the ballot enters: it reads it again."""
    store, late = booth.stores[0], booth.ballot(0, [0, 1, 0])

    def interrupted(end: int, blocks: bytes) -> None:
        if not booth.urnas[0].count:
            booth.urnas[0].cast(late, DURING)
        type(store).append_atomically(store, end, blocks)

    with mock.patch.object(store, "append_atomically", interrupted):
        close(booth.group, store, "urna")
    assert read_closed(store, "urna").ballots == 1


def test_marks_are_derived_from_the_urn_when_the_service_starts(booth: Booth) -> None:
    """A crash between the urn and the mark: the person has taken part all the same."""
    receipts = [booth.urnas[0].cast(booth.ballot(v, [0, 1, 0]), DURING) for v in range(2)]
    booth.urnas[0] = booth.reopen()
    assert booth.people.opinions == {f"persona {v}": (UTS[0], receipts[v].tracker) for v in range(2)}
    assert refused(booth, booth.ballot(0, [0, 1, 0], ut=1), ut=1).rule == "urna.persona"
    assert booth.urnas[0].count == 2


def test_a_disk_that_fails_marks_nobody_and_the_retry_enters(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(end: int, blocks: bytes) -> None:
        raise StoreError("urna", "sin espacio")

    data = booth.ballot(0, [0, 1, 0])
    monkeypatch.setattr(booth.stores[0], "append", fail)
    with pytest.raises(StoreError):
        booth.urnas[0].cast(data, DURING)
    assert not booth.people.opinions
    monkeypatch.undo()
    assert booth.urnas[0].cast(data, DURING).height == 1


def test_the_chain_continues_after_a_restart(booth: Booth) -> None:
    heights = [booth.urnas[0].cast(booth.ballot(0, [0, 1, 0]), DURING).height]
    again = booth.reopen()
    heights.append(again.cast(booth.ballot(1, [1, 0, 0]), DURING).height)
    assert heights == [1, 2]
    assert booth.reopen().count == 2


def at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each act returned or raised, all started together."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.req("SEI-20")
def test_attempts_at_the_same_time_give_one_opinion(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two urns, two ballots of one person and retries of each, in eight threads."""
    look = booth.people.opinion_of
    monkeypatch.setattr(booth.people, "opinion_of", lambda person: (look(person), time.sleep(0.01))[0])
    ballots = [(ut, booth.ballot(0, [0, 1, 0], ut, seed)) for ut in (0, 1) for seed in ("una", "otra")]
    acts = [partial(booth.urnas[ut].cast, data, DURING) for ut, data in ballots * 2]
    found = at_once(acts)
    receipts = {r for r in found if isinstance(r, Receipt)}
    assert len(receipts) == 1
    assert sum(urna.count for urna in booth.urnas) == 1
    assert len(found) - sum(isinstance(r, Refusal) for r in found) == 2


@pytest.mark.req("SEI-20")
def test_ballots_at_the_same_time_make_one_chain(booth: Booth) -> None:
    acts = [partial(booth.urnas[0].cast, booth.ballot(v, [0, 1, 0]), DURING) for v in range(3)]
    assert sorted(receipt.height for receipt in at_once(acts)) == [1, 2, 3]  # type: ignore[attr-defined]
    assert booth.reopen().count == 3


def test_refusals_of_casting_are_of_their_kind(booth: Booth) -> None:
    booth.urnas[0].cast(booth.ballot(0, [0, 1, 0]), DURING)
    assert isinstance(refused(booth, booth.ballot(0, [1, 0, 0])), CastingRefusal)
    assert isinstance(refused(booth, booth.ballot(1, [1, 0, 0]), AFTER), CastingRefusal)
