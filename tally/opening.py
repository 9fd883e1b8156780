"""Apertura y Cómputo de la Urna Virtual (SEI-22; sei.md, "Opening").

On the trustee's side, `share_of` checks the whole public record of an urn and only then decrypts. On the
server's side, `check_share` checks what a trustee handed in and `open_urn` adds shares and result in one act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from keys.ceremony.trustees import Trustees
from keys.group import Group
from keys.randomness import Randomness
from tally import decryption
from tally.archive import members, sha256
from tally.audit import UrnaAudit
from tally.decryption import OwnedPartialDecryption, PartialDecryption
from tally.election import Election
from tally.encrypted_tally import EncryptedTally, SizedTally
from tally.errors import OpeningRefusal
from tally.events import Event
from tally.ports import ArchiveReader, ArchiveStore
from tally.shares import UrnShare
from tally.urna import UrnaRecord, make_link


@dataclass
class ClosedUrn:
    """An urn of ours that is closed: what the opening needs of it."""

    election: Election
    tally: EncryptedTally
    tally_hash: str
    ballots: int
    closing: Event
    last: Event
    end: int
    """Where the archive ended, in bytes."""
    timestamp: int
    votes: list[list[int]] | None
    owners: tuple[int, ...]
    """Trustees whose shares are in the archive, ascending."""

    @property
    def fingerprint(self) -> str:
        """What proofs of its decryption are bound to."""
        return self.election.fingerprint


class Sealed(Protocol):
    """What is opened: an urn's tally, or the sum of one with its Mesa."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def tally(self) -> EncryptedTally: ...

    @property
    def tally_hash(self) -> str: ...


def read_closed(store: ArchiveReader, place: str) -> ClosedUrn:
    """Read an urn of ours. Raises OpeningRefusal when it is still open."""
    record = UrnaRecord(place)
    found: dict[str, bytes] = {}
    closing: Event | None = None
    end = 0
    owners: list[int] = []
    with store.read() as stream:
        for member in members(stream, place):
            step = record.advance(member)
            end = end if step is None else step.end
            if step is None or step.event.type == "Ballot":
                continue
            found |= step.data
            if step.event.type == "PartialDecryption":
                owned = OwnedPartialDecryption.from_bytes(step.data["owned"], f"{place} › owned")
                owners.append(owned.owner)
            closing = step.event if step.event.type == "EndBallots" else closing
    record.finish()
    if "tally" not in found or closing is None or record.last is None:
        raise OpeningRefusal("urna.cerrada", place, "una urna cerrada", "una urna abierta")
    return ClosedUrn(
        election=Election.from_bytes(found["election"], f"{place} › election"),
        tally=EncryptedTally.from_bytes(found["tally"], f"{place} › encrypted_tally"),
        tally_hash=sha256(found["tally"]),
        ballots=SizedTally.from_bytes(found["sized"], f"{place} › sized_encrypted_tally").num_tallied,
        closing=closing,
        last=record.last,
        end=end,
        timestamp=record.timestamp or 0,
        votes=decryption.read_result(found["result"], f"{place} › result") if "result" in found else None,
        owners=tuple(sorted(owners)),
    )


def share_of(audit: UrnaAudit, group: Group, secret: int, public: str, randomness: Randomness) -> UrnShare:
    """A trustee's share of an urn whose record was just checked. Raises OpeningRefusal when it is open."""
    if audit.tally is None:
        raise OpeningRefusal("urna.cerrada", audit.place, "una urna cerrada", "una urna abierta")
    fingerprint = audit.known_election().fingerprint
    partial = decryption.decrypt(group, fingerprint, audit.tally, secret, public, randomness)
    return UrnShare(audit.known_election().uuid, sha256(audit.tally.data), partial.data)


def check_share(
    group: Group, trustees: Trustees, urn: Sealed, owner: int, share: UrnShare, place: str
) -> None:
    """One urn's part of a share is right. Raises Refusal."""
    count = len(trustees.verification_keys)
    if not 1 <= owner <= count:
        raise OpeningRefusal("descifrado.custodio", f"{place}.custodio", f"de 1 a {count}", owner)
    if share.tally != urn.tally_hash:
        raise OpeningRefusal("aportacion.computo", f"{place}.encrypted_tally", urn.tally_hash, share.tally)
    partial = PartialDecryption.from_bytes(share.partial, place, group.order)
    public = trustees.verification_keys[owner - 1].public_key
    decryption.check(group, urn.fingerprint, urn.tally, partial, public, place)


def open_urn(
    group: Group, trustees: Trustees, store: ArchiveStore, shares: Mapping[int, bytes], place: str
) -> ClosedUrn:
    """Add the shares (checked before) and the result in one atomic act. An urn already open stays as it is.

    `shares`: canonical partial decryptions by owner. Raises Refusal when they are too few or do not open, and
    StoreMoved when another act got in between.
    """
    urn = read_closed(store, place)
    if urn.votes is not None:
        return urn
    partials = {o: PartialDecryption.from_bytes(d, place, group.order) for o, d in shares.items()}
    weights = trustees.combination(group, partials)
    factors = decryption.combine(group, partials, weights)
    votes = decryption.result(group, urn.tally, factors, urn.ballots)
    blocks = []
    last = urn.last
    for owner, data in shares.items():
        owned = OwnedPartialDecryption(owner, sha256(data))
        link = make_link(last, "PartialDecryption", [data, owned.data], urn.timestamp)
        blocks.append(link.blocks)
        last = link.event
    final = make_link(last, "Result", [decryption.result_data(votes)], urn.timestamp)
    store.append_atomically(urn.end, b"".join([*blocks, final.blocks]))
    urn.last, urn.votes, urn.owners = final.event, votes, tuple(sorted(shares))
    return urn
