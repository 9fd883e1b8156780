"""Elections made with the code under test: ceremony, urn, ballots, closing, opening; all from seeds."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from typing import BinaryIO

from keys import credentials
from keys.ceremony import Terms, Trustees, channel, steps, verify_trustees
from keys.ceremony.certificate import gamma_fingerprint
from keys.group import Group
from keys.randomness import SeededRandomness
from tally.archive import members
from tally.audit import UrnaAudit, UrnaAuditor
from tally.calendar import Calendar
from tally.casting import OpenUrna
from tally.closing import close
from tally.election import Election
from tally.encryption import BallotMaker
from tally.errors import StoreMoved
from tally.opening import open_urn, read_closed, share_of
from tally.public_credentials import derive
from tally.questions import Question
from tally.setup import open_archive
from tally.urna import UrnaRecord

START = datetime(2023, 4, 21, 20, tzinfo=UTC)
CALENDAR = Calendar(START, START + timedelta(days=7), START + timedelta(days=8))
DURING, AFTER, OPENING = START + timedelta(hours=1), CALENDAR.voting_end, CALENDAR.opening
TIMESTAMP = 1682000000
UUID = "CertezaTest1111"


class MemoryStore:
    """An ArchiveStore in memory."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    @property
    def size(self) -> int:
        return len(self.data)

    @contextmanager
    def read(self) -> Iterator[BinaryIO]:
        yield io.BytesIO(self.data)

    def append(self, end: int, blocks: bytes) -> None:
        if end != self.size:
            raise StoreMoved("memoria", f"{end}, {self.size}")
        self.data += blocks

    append_atomically = append


@dataclass
class MemoryParticipation:
    """A Participation in memory. `people`: person by (uuid, public credential)."""

    people: dict[tuple[str, str], str]
    opinions: dict[str, tuple[str, str]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def person_of(self, uuid: str, credential: str) -> str | None:
        return self.people.get((uuid, credential))

    def opinion_of(self, person: str) -> tuple[str, str] | None:
        return self.opinions.get(person)

    def turn(self) -> Lock:
        return self.lock

    def record(self, person: str, uuid: str, tracker: str) -> None:
        self.opinions[person] = (uuid, tracker)


@dataclass(frozen=True)
class Board:
    """The outcome of a ceremony, with everybody's secrets."""

    trustees: Trustees
    data: bytes
    secrets: dict[int, int]
    """Decryption key by owner."""

    def public(self, owner: int) -> str:
        return self.trustees.verification_keys[owner - 1].public_key


@cache
def hold_ceremony(group: Group, size: int, threshold: int, seed: str = "ceremonia") -> Board:
    """A whole Pedersen ceremony."""
    random = SeededRandomness(f"{seed} {group.name} {size} {threshold}")
    terms = Terms(group.name, size, threshold)
    keys = [channel.derive_keys(group, channel.new_seed(random)) for _ in terms.indices()]
    certs = [steps.make_certificate(group, terms, keys[i - 1], i, random) for i in terms.indices()]
    polynomials = [
        steps.make_polynomial(group, terms, keys[i - 1], certs, i, random) for i in terms.indices()
    ]
    gamma = gamma_fingerprint(certs)
    outputs = []
    secrets = {}
    for i in terms.indices():
        vinput = steps.make_vinput(polynomials, i)
        output = steps.make_voutput(group, terms, keys[i - 1], certs, gamma, vinput, i, random)
        outputs.append(output)
        secrets[i] = steps.open_decryption_key(
            group, keys[i - 1], output.private_key, output.public_key.element
        )
    trustees = steps.threshold_parameters(group, terms, certs, polynomials, outputs)
    data = trustees.encode()
    assert verify_trustees(group, data) == trustees
    return Board(trustees, data, secrets)


ONE = Question(
    ("Árbol «ñandú»", "Luminarias"), blank=True, minimum=1, maximum=1, text="¿Qué proyecto prefiere?"
)
OTHER = Question(("A", "B", "C"), blank=False, minimum=0, maximum=2, text="¿Y cuáles de éstos?")


@dataclass(frozen=True)
class Made:
    """One complete election, stage by stage."""

    group: Group
    board: Board
    election: Election
    private: list[str]
    """Private credentials, one per voter."""
    ballots: list[bytes]
    archive: bytes
    votes: list[list[int]] | None

    @property
    def auditor(self) -> UrnaAuditor:
        return UrnaAuditor(self.group, self.board.trustees, self.board.data)

    def audit(self, data: bytes | None = None) -> UrnaAudit:
        return self.auditor.audit(io.BytesIO(self.archive if data is None else data), "urna")

    def stages(self) -> dict[str, bytes]:
        """The archive after each event, by height and type."""
        return {f"{e.event.height} {e.event.type}": self.archive[: e.end] for e in steps_of(self.archive)}


def steps_of(archive: bytes) -> list:
    """The steps of an archive whose structure is right."""
    record = UrnaRecord("urna")
    found = [record.advance(member) for member in members(io.BytesIO(archive), "urna")]
    return [step for step in found if step is not None]


def make_election(
    group: Group,
    choices: Sequence[Sequence[Sequence[int]]],
    *,
    questions: Sequence[Question] = (ONE,),
    board: tuple[int, int] = (3, 2),
    present: Sequence[int] = (1, 3),
    voters: int | None = None,
    uuid: str = UUID,
    seed: str = "eleccion",
) -> Made:
    """An election from its setup to its result, through the use cases. `choices`: one per ballot."""
    held = hold_ceremony(group, *board)
    random = SeededRandomness(f"{seed} {group.name}")
    (key,) = group.encode([held.trustees.election_key(group)])
    election = Election(
        "Consulta de prueba", "UT-1", group.name, key, tuple(questions), uuid, "IECM", "DEOEyG"
    )
    private = [credentials.generate(random) for _ in range(len(choices) if voters is None else voters)]
    public = derive(group, uuid, private)
    store = MemoryStore(open_archive(group, election, held.data, public, TIMESTAMP).blocks)
    people = MemoryParticipation({(uuid, c): f"persona {i}" for i, c in enumerate(public)})
    urna = OpenUrna(group, store, CALENDAR, people)
    maker = BallotMaker(group, election, random)
    ballots = [maker.make(c, choice).data for c, choice in zip(private, choices, strict=False)]
    for ballot in ballots:
        urna.cast(ballot, DURING)
    close(group, store, "urna")
    auditor = UrnaAuditor(group, held.trustees, held.data)
    with store.read() as stream:
        audit = auditor.audit(stream, "urna")
    shares = {
        owner: share_of(audit, group, held.secrets[owner], held.public(owner), random).partial
        for owner in present
    }
    votes = open_urn(group, held.trustees, store, shares, "urna").votes
    assert read_closed(store, "urna").votes == votes
    return Made(group, held, election, private, ballots, store.data, votes)


FOUR = ([[0, 1, 0]], [[0, 0, 1]], [[1, 0, 0]], [[0, 1, 0]])
"""Four voters: one, two, «voto nulo», one."""


@cache
def four_voters(group: Group) -> Made:
    """The election that the tampering starts from: 2 of 3 trustees, four voters, one question."""
    return make_election(group, FOUR)


@cache
def two_questions(group: Group) -> Made:
    """Two questions, with and without blank; 2 of 3."""
    votes = ([[0, 1, 0], [0, 0, 0]], [[1, 0, 0], [1, 0, 1]], [[0, 0, 1], [0, 1, 0]])
    return make_election(
        group, votes, questions=(ONE, OTHER), present=(2, 3), uuid="CertezaTest2222", seed="dos"
    )
