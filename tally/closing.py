"""Closing an urn: EndBallots and the encrypted tally (SEI-20, SEI-22)."""

from __future__ import annotations

from keys.group import Group
from tally.archive import members, sha256
from tally.checking import BallotChecker
from tally.election import Election
from tally.encrypted_tally import Aggregator, SizedTally
from tally.errors import OpeningRefusal, StoreMoved
from tally.events import Event
from tally.ports import ArchiveStore
from tally.public_credentials import PublicCredentials
from tally.urna import UrnaRecord, make_link


def close(group: Group, store: ArchiveStore, place: str) -> None:
    """Add EndBallots and EncryptedTally in one atomic act; nothing happens to an urn already closed.

    Every ballot is read again from the archive, never from memory: what is counted is what is public. When a
    ballot enters while the urn is read, it is read again: no urn is closed without a ballot that it holds.
    """
    while True:
        try:
            _close(group, store, place)
            return
        except StoreMoved:
            continue


def _close(group: Group, store: ArchiveStore, place: str) -> None:
    record = UrnaRecord(place)
    end = 0
    aggregator: Aggregator | None = None
    checker: BallotChecker | None = None
    with store.read() as stream:
        for member in members(stream, place):
            step = record.advance(member)
            if step is None:
                continue
            end = step.end
            if step.event.type == "Setup":
                election = Election.from_bytes(step.data["election"], f"{place} › election")
                listed = PublicCredentials.from_bytes(
                    group, step.data["credentials"], f"{place} › credentials"
                )
                checker = BallotChecker(group, election, listed)
                aggregator = Aggregator(group, election.questions)
            elif step.event.type == "Ballot" and checker is not None and aggregator is not None:
                read = checker.read(step.data["ballot"], f"{place} › evento {step.event.height}")
                aggregator.add(read.choices)
    record.finish()
    if record.last is None or aggregator is None:
        raise OpeningRefusal("urna.cerrada", place, "una urna con Setup", "una urna vacía")
    if record.last.type in ("Setup", "Ballot"):
        blocks = _tally_blocks(record.last, aggregator, record.timestamp or 0)
        store.append_atomically(end, blocks)


def _tally_blocks(last: Event, aggregator: Aggregator, timestamp: int) -> bytes:
    end = make_link(last, "EndBallots", [], timestamp)
    tally = aggregator.tally().data
    sized = SizedTally(aggregator.count, aggregator.count, sha256(tally))
    encrypted = make_link(end.event, "EncryptedTally", [tally, sized.data], timestamp)
    return end.blocks + encrypted.blocks
