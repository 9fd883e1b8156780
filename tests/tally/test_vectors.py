"""Archives made by belenios-tool: read, written again byte by byte, audited, and opened with its keys."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from keys.ceremony import steps, verify_trustees
from keys.ceremony.certificate import decode_certificates
from keys.ceremony.channel import derive_keys
from keys.ceremony.trustees import Pedersen, Trustees
from keys.group import Group, group_named
from keys.randomness import SeededRandomness
from tally import archive, decryption
from tally.audit import UrnaAuditor
from tally.ballot import Ballot
from tally.checking import BallotChecker
from tally.decryption import OwnedPartialDecryption, PartialDecryption
from tally.election import Election, SetupData, base64_digest
from tally.encrypted_tally import Aggregator, EncryptedTally, SizedTally
from tally.encryption import BallotMaker
from tally.events import Event
from tally.public_credentials import PublicCredentials
from tests.conftest import BELENIOS, make_group
from tests.tally.judging import judge, refusal
from tests.tally.making import steps_of
from tests.tally.rewriting import Piece, read_members, take_apart

COMPLETE = ("ed25519-blank", "ed25519-two-questions", "belenios2048-blank")
ALL = (*COMPLETE, "ed25519-100-ballots")

pytestmark = [
    pytest.mark.skipif(not BELENIOS.is_dir(), reason="AVISO: faltan tests/vectors/belenios: NADA se comparó"),
    pytest.mark.req("VER-05"),
]


@dataclass(frozen=True)
class Vector:
    """One election of others."""

    folder: Path
    group: Group
    blob: bytes

    @property
    def setup(self) -> dict[str, bytes]:
        return steps_of(self.blob)[0].data

    @property
    def election(self) -> Election:
        return Election.from_bytes(self.setup["election"], "election")

    @property
    def trustees(self) -> Trustees:
        return verify_trustees(self.group, self.setup["trustees"])

    @property
    def credentials(self) -> PublicCredentials:
        return PublicCredentials.from_bytes(self.group, self.setup["credentials"], "credentials")

    @property
    def ballots(self) -> list[bytes]:
        return [s.data["ballot"] for s in steps_of(self.blob) if s.event.type == "Ballot"]

    def last(self, kind: str) -> dict[str, bytes]:
        return [s.data for s in steps_of(self.blob) if s.event.type == kind][-1]

    @property
    def votes(self) -> list[list[list[int]]]:
        """Ballot by ballot, as they were cast."""
        return [json.loads(line) for line in (self.folder / "votes.txt").read_text().splitlines()]

    def sums(self) -> list[list[int]]:
        """The votes added up, by question and answer."""
        return [[sum(column) for column in zip(*rows, strict=True)] for rows in zip(*self.votes, strict=True)]


@cache
def vector(name: str, arithmetic: str = "auto") -> Vector:
    folder = BELENIOS / name
    (path,) = folder.glob("*.bel")
    if name.startswith("belenios"):
        group = make_group("enteros")
    else:
        group = group_named("Ed25519") if arithmetic == "auto" else make_group(arithmetic)
    return Vector(folder, group, path.read_bytes())


@pytest.mark.parametrize("name", ALL)
def test_every_member_is_written_again_byte_by_byte(name: str) -> None:
    blob = vector(name).blob
    found = list(archive.members(io.BytesIO(blob), "urna"))
    first = found[0]
    again = archive.header(first.timestamp)
    again += b"".join(archive.pack(m.kind, m.content, m.timestamp) for m in found[1:])
    assert again == blob
    assert found[-1].end == len(blob)
    assert [m.content for m in found] == [content for _, content in read_members(blob)]


@pytest.mark.parametrize("name", ALL)
def test_every_message_is_written_again_byte_by_byte(name: str) -> None:
    v = vector(name)
    order = v.group.order
    readers = {
        "election": lambda d: Election.from_bytes(d, "x").data,
        "trustees": lambda d: v.trustees.encode(),
        "credentials": lambda d: v.credentials.data,
        "setup": lambda d: SetupData.from_bytes(d, "x").data,
        "ballot": lambda d: Ballot.from_bytes(d, "x", order).data,
        "tally": lambda d: EncryptedTally.from_bytes(d, "x").data,
        "sized": lambda d: SizedTally.from_bytes(d, "x").data,
        "partial": lambda d: PartialDecryption.from_bytes(d, "x", order).data,
        "owned": lambda d: OwnedPartialDecryption.from_bytes(d, "x").data,
        "result": lambda d: decryption.result_data(decryption.read_result(d, "x")),
    }
    seen = set()
    for piece in take_apart(v.blob).pieces:
        for role, data in piece.data.items():
            assert readers[role](data) == data, role
            seen.add(role)
    assert seen >= {"election", "trustees", "credentials", "setup", "ballot"}
    assert name not in COMPLETE or seen == set(readers)
    for step in steps_of(v.blob):
        assert Event.from_bytes(step.event.data, "x") == step.event


@pytest.mark.parametrize("name", ALL)
def test_the_audit_accepts_and_finds_the_result(name: str) -> None:
    v = vector(name)
    audit = judge(v.group, v.blob)
    assert audit.ballots == len(v.ballots)
    assert audit.credentials == len(v.credentials.texts)
    assert audit.end == len(v.blob)
    if name in COMPLETE:
        assert audit.votes == v.sums() == decryption.read_result(v.last("Result")["result"], "x")
    else:
        assert audit.votes is None


@pytest.mark.parametrize("name", COMPLETE[:2])
def test_libsodium_audits_as_well(name: str) -> None:
    v = vector(name, "libsodium")
    assert judge(v.group, v.blob).votes == v.sums()


@pytest.mark.parametrize("name", COMPLETE[:2])
def test_the_audit_accepts_after_every_event_and_nowhere_else(name: str) -> None:
    v = vector(name)
    ends = [s.end for s in steps_of(v.blob)]
    small = ends[:3] + ends[-5:]
    for step, end in zip(steps_of(v.blob), ends, strict=True):
        if end in small:
            audit = judge(v.group, v.blob[:end])
            assert audit.last == step.event
    between = [m.end for m in archive.members(io.BytesIO(v.blob), "x") if m.end not in ends]
    assert [end for end in between if refusal(v.group, v.blob[:end]) is None] == []


@pytest.mark.parametrize("name", COMPLETE)
def test_trackers_are_the_digests_of_the_ballots(name: str) -> None:
    v = vector(name)
    for data in v.ballots:
        ballot = Ballot.from_bytes(data, "x", v.group.order)
        assert ballot.tracker == base64_digest(data)
        assert ballot.signature_hash == ballot.unsigned_hash
        assert ballot.election_hash == v.election.fingerprint
        assert ballot.credential in v.credentials.listed


@pytest.mark.parametrize("name", COMPLETE)
def test_the_encrypted_tally_is_the_product_of_the_ballots(name: str) -> None:
    v = vector(name)
    checker = BallotChecker(v.group, v.election, v.credentials)
    aggregator = Aggregator(v.group, v.election.questions)
    for data in v.ballots:
        aggregator.add(checker.read(data, "x").choices)
    assert aggregator.tally().data == v.last("EncryptedTally")["tally"]
    sized = SizedTally.from_bytes(v.last("EncryptedTally")["sized"], "x")
    assert sized.num_tallied == sized.total_weight == aggregator.count


def secrets_of(v: Vector) -> dict[int, int]:
    """The decryption key of every owner, from the trustees' private files."""
    group, found = v.group, {}
    singles = [json.loads(p.read_text()) for p in sorted((v.folder / "secrets").glob("*.privkey"))]
    owner = 0
    for item in v.trustees.items:
        if not isinstance(item, Pedersen):
            owner += 1
            found[owner] = int(singles.pop(0))
            continue
        certs = decode_certificates(group, (v.folder / "ceremony" / "certs.jsons").read_bytes(), "certs")
        for cert, key in zip(certs, item.verification_keys, strict=True):
            owner += 1
            stem = v.folder / "secrets" / cert.belenios_name
            keys = derive_keys(group, stem.with_suffix(".key").read_text().strip())
            sealed = stem.with_suffix(".dkey").read_text().strip()
            found[owner] = steps.open_decryption_key(group, keys, sealed, key.element)
    return found


def subsets(v: Vector) -> Sequence[tuple[int, ...]]:
    """Different sets of owners that are enough."""
    keys = range(1, len(v.trustees.verification_keys) + 1)
    (pedersen,) = [item for item in v.trustees.items if isinstance(item, Pedersen)]
    singles = len(v.trustees.items) - 1
    board = [k for k in keys if k > singles]
    fixed = tuple(range(1, singles + 1))
    return [
        fixed + tuple(board[: pedersen.threshold]),
        fixed + tuple(board[-pedersen.threshold :]),
        tuple(keys),
    ]


@pytest.mark.req("SEI-22")
@pytest.mark.parametrize("name", COMPLETE)
def test_the_keys_of_the_trustees_open_the_urn_whoever_comes(name: str) -> None:
    v = vector(name)
    group, random = v.group, SeededRandomness(name)
    tally = EncryptedTally.from_bytes(v.last("EncryptedTally")["tally"], "x")
    secrets, keys = secrets_of(v), v.trustees.verification_keys
    partials = {}
    for owner, secret in secrets.items():
        public = keys[owner - 1].public_key
        partials[owner] = decryption.decrypt(group, v.election.fingerprint, tally, secret, public, random)
        decryption.check(group, v.election.fingerprint, tally, partials[owner], public, "x")
    for owners in subsets(v):
        present = {o: partials[o] for o in owners}
        weights = v.trustees.combination(group, present)
        factors = decryption.combine(group, present, weights)
        assert decryption.result(group, tally, factors, len(v.ballots)) == v.sums()


@pytest.mark.parametrize("name", COMPLETE)
def test_the_factors_are_those_that_belenios_computed(name: str) -> None:
    v = vector(name)
    tally = EncryptedTally.from_bytes(v.last("EncryptedTally")["tally"], "x")
    secrets = secrets_of(v)
    for step in steps_of(v.blob):
        if step.event.type == "PartialDecryption":
            owner = OwnedPartialDecryption.from_bytes(step.data["owned"], "x").owner
            theirs = PartialDecryption.from_bytes(step.data["partial"], "x", v.group.order)
            public = v.trustees.verification_keys[owner - 1].public_key
            random = SeededRandomness("x")
            ours = decryption.decrypt(v.group, v.election.fingerprint, tally, secrets[owner], public, random)
            assert ours.factors == theirs.factors


@pytest.mark.parametrize("name", COMPLETE)
def test_our_ballots_enter_their_urn(name: str) -> None:
    """A ballot of ours in the place of the first of theirs; the archive cut after it."""
    v = vector(name)
    private = list(json.loads((v.folder / "secrets" / "private_creds.json").read_text()).values())
    maker = BallotMaker(v.group, v.election, SeededRandomness("nuestra"))
    ballot = maker.make(private[0], v.votes[0])
    plan = take_apart(v.blob).until(0)
    plan.pieces.append(Piece("Ballot", {"ballot": ballot.data}))
    assert judge(v.group, plan.write()).ballots == 1


def test_an_auditor_needs_the_trustees_of_the_archive() -> None:
    v, other = vector("ed25519-blank"), vector("ed25519-two-questions")
    auditor = UrnaAuditor(v.group, other.trustees, other.setup["trustees"])
    assert refusal(v.group, v.blob) is None
    with pytest.raises(Exception, match=r"urna\.custodios"):
        auditor.audit(io.BytesIO(v.blob), "x")
