"""The whole check of one urn's public record, as trustees do it before they decrypt anything.

Streaming: ballots are checked in batches and forgotten; what stays is one credential a ballot and one
ciphertext an answer. The points of sei.md, "A careful verifier", are marked where they are enforced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from keys.ceremony.trustees import Trustees
from keys.errors import FormatRefusal
from keys.group import Group
from keys.proofs import settle
from tally import decryption
from tally.archive import members, sha256
from tally.checking import BallotChecker, ReadBallot
from tally.decryption import OwnedPartialDecryption, PartialDecryption
from tally.election import Election
from tally.encrypted_tally import Aggregator, EncryptedTally, SizedTally, require_recomputed
from tally.errors import CastingRefusal
from tally.events import Event, EventType
from tally.public_credentials import PublicCredentials
from tally.urna import Step, UrnaRecord

BATCH = 8
"""Ballots whose proofs share one call of the group: enough to hide the cost of the call."""


@dataclass
class UrnaAudit:
    """What a checked archive says. Fields are None while the archive has not got that far."""

    place: str
    end: int = 0
    last: Event | None = None
    events: dict[EventType, str] = field(default_factory=dict)
    election: Election | None = None
    credentials: int = 0
    ballots: int = 0
    tally: EncryptedTally | None = None
    partials: dict[int, PartialDecryption] = field(default_factory=dict)
    votes: list[list[int]] | None = None

    @property
    def stage(self) -> EventType | None:
        """Type of the last event."""
        return None if self.last is None else self.last.type

    def known_election(self) -> Election:
        """The election of an archive that passed its Setup. Raises FormatRefusal before that."""
        if self.election is None:
            raise FormatRefusal("cadena.orden", self.place, "un evento Setup", "ningún evento")
        return self.election


class UrnaAuditor:
    """Audits archives of one consultation: `trustees`, already verified, are `trustees_data`."""

    def __init__(self, group: Group, trustees: Trustees, trustees_data: bytes) -> None:
        self._group = group
        self._trustees = trustees
        self._trustees_data = trustees_data
        (self._key,) = group.encode([trustees.election_key(group)])

    def audit(self, stream: BinaryIO, place: str) -> UrnaAudit:
        """Check everything that the archive holds. Raises Refusal at the first flaw."""
        run = _Run(self, place)
        for member in members(stream, place):
            step = run.record.advance(member)
            if step is not None:
                run.take(step)
        run.record.finish()
        run.settle()
        return run.found

    def open_setup(self, step: Step, place: str) -> tuple[Election, PublicCredentials]:
        """Check the payloads of a Setup event (points 7 and 8)."""
        election = Election.from_bytes(step.data["election"], f"{place} › election")
        if election.group != self._group.name:
            raise FormatRefusal("grupo.nombre", f"{place} › election.group", self._group.name, election.group)
        if step.data["trustees"] != self._trustees_data:
            expected, got = sha256(self._trustees_data), sha256(step.data["trustees"])
            raise FormatRefusal("urna.custodios", f"{place} › trustees", expected, got)
        if election.public_key != self._key:
            raise FormatRefusal(
                "eleccion.llave", f"{place} › election.public_key", self._key, election.public_key
            )
        credentials = PublicCredentials.from_bytes(
            self._group, step.data["credentials"], f"{place} › credentials"
        )
        return election, credentials

    def check_partial(self, step: Step, found: UrnaAudit, place: str) -> tuple[int, PartialDecryption]:
        """Check one share as soon as it is there (point 4)."""
        owned = OwnedPartialDecryption.from_bytes(step.data["owned"], place)
        keys = self._trustees.verification_keys
        if not 1 <= owned.owner <= len(keys):
            raise FormatRefusal("descifrado.custodio", f"{place}.owner", f"de 1 a {len(keys)}", owned.owner)
        if owned.owner in found.partials:
            raise FormatRefusal("descifrado.repetido", f"{place}.owner", "una aportación", owned.owner)
        if found.tally is None:
            raise FormatRefusal("cadena.orden", place, "EncryptedTally antes", "ninguno")
        partial = PartialDecryption.from_bytes(step.data["partial"], place, self._group.order)
        decryption.check(
            self._group,
            found.known_election().fingerprint,
            found.tally,
            partial,
            keys[owned.owner - 1].public_key,
            place,
        )
        return owned.owner, partial

    def open(self, found: UrnaAudit) -> list[list[int]]:
        """The votes that the shares give. Raises Refusal when they are too few or do not fit."""
        if found.tally is None:
            raise FormatRefusal("cadena.orden", found.place, "EncryptedTally antes", "ninguno")
        weights = self._trustees.combination(self._group, found.partials)
        factors = decryption.combine(self._group, found.partials, weights)
        return decryption.result(self._group, found.tally, factors, found.ballots)


class _Run:
    """One pass over one archive."""

    def __init__(self, auditor: UrnaAuditor, place: str) -> None:
        self._auditor = auditor
        self._group = auditor._group
        self.record = UrnaRecord(place)
        self.found = UrnaAudit(place)
        self._used: set[str] = set()
        self._waiting: list[ReadBallot] = []
        self._checker: BallotChecker | None = None
        self._aggregator: Aggregator | None = None
        self._act: dict[EventType, Callable[[Step, str], None]] = {
            "Setup": self._setup,
            "Ballot": self._ballot,
            "EndBallots": self._end_ballots,
            "EncryptedTally": self._encrypted_tally,
            "PartialDecryption": self._partial,
            "Result": self._result,
        }

    def take(self, step: Step) -> None:
        """Check one event and what it refers to."""
        place = f"{self.found.place} › evento {step.event.height} ({step.event.type})"
        self._act[step.event.type](step, place)
        self.found.last = step.event
        self.found.end = step.end
        self.found.events[step.event.type] = step.event.hash

    def settle(self) -> None:
        """Check the proofs of the ballots that wait (point 2: of every ballot in the chain)."""
        if self._checker is not None and self._waiting:
            settle(self._group, self._checker.tables, [c for read in self._waiting for c in read.claims])
        self._waiting = []

    def _setup(self, step: Step, place: str) -> None:
        election, credentials = self._auditor.open_setup(step, place)
        self.found.election = election
        self.found.credentials = len(credentials.texts)
        self._checker = BallotChecker(self._group, election, credentials)
        self._aggregator = Aggregator(self._group, election.questions)

    def _ballot(self, step: Step, place: str) -> None:
        if self._checker is None or self._aggregator is None:
            raise FormatRefusal("cadena.orden", place, "Setup antes", "ninguno")
        read = self._checker.read(step.data["ballot"], place)
        if read.ballot.credential in self._used:
            raise CastingRefusal(
                "urna.credencial_usada", f"{place}.credential", "una credencial sin usar", "ya usada"
            )
        self._used.add(read.ballot.credential)
        self._aggregator.add(read.choices)
        self.found.ballots += 1
        self._waiting.append(read)
        if len(self._waiting) >= BATCH:
            self.settle()

    def _end_ballots(self, step: Step, place: str) -> None:
        self.settle()

    def _encrypted_tally(self, step: Step, place: str) -> None:
        """Recompute and compare, whether or not a result exists (point 3)."""
        if self._aggregator is None:
            raise FormatRefusal("cadena.orden", place, "Setup antes", "ninguno")
        sized = SizedTally.from_bytes(step.data["sized"], place)
        require_recomputed(self._aggregator, step.data["tally"], sized, place)
        self.found.tally = EncryptedTally.from_bytes(step.data["tally"], place)

    def _partial(self, step: Step, place: str) -> None:
        owner, partial = self._auditor.check_partial(step, self.found, place)
        self.found.partials[owner] = partial

    def _result(self, step: Step, place: str) -> None:
        published = decryption.read_result(step.data["result"], f"{place}.result")
        votes = self._auditor.open(self.found)
        if published != votes:
            raise FormatRefusal("resultado.valor", f"{place}.result", votes, published)
        self.found.votes = votes
