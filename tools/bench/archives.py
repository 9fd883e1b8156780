"""Archives of any size, made by the project itself from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keys.ceremony import steps
from keys.ceremony.certificate import gamma_fingerprint
from keys.ceremony.channel import derive_keys, new_seed
from keys.ceremony.terms import Terms
from keys.ceremony.trustees import Trustees
from keys.credentials import generate
from keys.group import Group, group_named
from keys.randomness import SeededRandomness
from tally.election import Election
from tally.encryption import BallotMaker
from tally.parallel import over_urns
from tally.public_credentials import derive
from tally.questions import Question
from tally.setup import open_archive
from tally.urna import make_link

UUID = "Bench111111111"
CHUNK = 250


@dataclass(frozen=True)
class Bench:
    """What a process needs to make ballots. Picklable."""

    seed: str
    election: Election
    arithmetic: str = "auto"


def trustees_of(group: Group, size: int, threshold: int, seed: str) -> Trustees:
    """A whole ceremony in memory."""
    random = SeededRandomness(seed).child("ceremonia")
    terms = Terms(group.name, size, threshold)
    keys = [derive_keys(group, new_seed(random)) for _ in terms.indices()]
    certs = [steps.make_certificate(group, terms, k, i, random) for i, k in enumerate(keys, 1)]
    polynomials = [steps.make_polynomial(group, terms, k, certs, i, random) for i, k in enumerate(keys, 1)]
    vinputs = [steps.make_vinput(polynomials, i) for i in terms.indices()]
    gamma = gamma_fingerprint(certs)
    outputs = [
        steps.make_voutput(group, terms, k, certs, gamma, v, i, random, "banco")
        for i, (k, v) in enumerate(zip(keys, vinputs, strict=True), 1)
    ]
    return steps.threshold_parameters(group, terms, certs, polynomials, outputs)


def make_archive(path: Path, ballots: int, answers: int, seed: str) -> Path:
    """An open urn with `ballots` of 1 of `answers` or blank, 5 of 7 trustees. Made once per path."""
    if path.exists():
        return path
    group = group_named("Ed25519")
    trustees = trustees_of(group, 7, 5, seed)
    question = Question(
        tuple(f"Proyecto {i + 1}" for i in range(answers)), True, 1, 1, "¿Qué proyecto prefiere?"
    )
    (key,) = group.encode([trustees.election_key(group)])
    election = Election("Banco de pruebas", f"{ballots} boletas", group.name, key, (question,), UUID)
    random = SeededRandomness(seed).child("credenciales")
    private = [generate(random) for _ in range(ballots)]
    link = open_archive(group, election, trustees.encode(), derive(group, UUID, private), 1_700_000_000)
    chunks = [(i, private[i : i + CHUNK]) for i in range(0, ballots, CHUNK)]
    temporary = path.with_suffix(".partial")
    with temporary.open("wb") as stream:
        stream.write(link.blocks)
        last = link.event
        for made in over_urns(_Maker.make, chunks, _Maker, (Bench(seed, election),)):
            for data in made:
                added = make_link(last, "Ballot", [data], 1_700_000_000)
                stream.write(added.blocks)
                last = added.event
    temporary.rename(path)
    return path


class _Maker:
    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._group = group_named("Ed25519")

    def make(self, task: tuple[int, list[str]]) -> list[bytes]:
        first, private = task
        random = SeededRandomness(self._bench.seed).child(f"boletas/{first}")
        maker = BallotMaker(self._group, self._bench.election, random)
        size = self._bench.election.questions[0].size
        choices = (random.below(size) for _ in private)
        return [
            maker.make(c, [[int(i == mark) for i in range(size)]]).data
            for c, mark in zip(private, choices, strict=True)
        ]


def sizes(largest: int) -> Iterator[int]:
    """1, 10, 100, … up to `largest`."""
    size = 1
    while size <= largest:
        yield size
        size *= 10
