"""Ballots by the chunk: the unit of work that can go to another process.

A chunk names ballots by where they lie in the archive; whoever runs it reads them there. What comes back is
small: an outcome per ballot and the sums of the chunk as texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from certeza_verifier import groups
from certeza_verifier.archive import Member
from certeza_verifier.ballots import Context, compact64, tracker, verify_ballot
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.messages.credentials import parse_credentials
from certeza_verifier.messages.election import parse_election

# Ballots in a chunk, by what computes: fractions of a second, so that several processes share one archive.
SIZE = {"nativa": 64, "libsodium": 8, "python": 2}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Ballots as (height, member). An earlier run has verified those in the first `trusted` bytes."""

    path: str
    election: Member
    credentials: Member
    arithmetic: str
    trusted: int
    ballots: tuple[tuple[int, Member], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A ballot: its credential when it could be read, its failure when there is one, its weight."""

    height: int
    tracker: str
    credential: str
    weight: int
    failure: tuple[str, str, str | None, str | None] | None


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """`sums`: texts of the weighted products, alpha and beta of each choice, over the ballots that hold."""

    outcomes: tuple[Outcome, ...]
    sums: tuple[str, ...]
    proofs: int


_contexts: dict[tuple[str, str, str], Context] = {}


def read_member(file: BinaryIO, member: Member, limit: int) -> bytes:
    """Content of a member that was checked before; it must still be the same."""
    if member.size > limit:
        raise Failure("archivo-tamano", f"byte {member.offset}", f"{limit} bytes como máximo", member.size)
    file.seek(member.offset)
    data = file.read(member.size)
    if hashlib.sha256(data).hexdigest() != member.digest:
        raise NotJudged("El archivo cambió mientras se verificaba; vuelva a intentarlo con una copia.")
    return data


def remember(chunk: Chunk, context: Context) -> None:
    """Keeps the context of one archive at a time."""
    _contexts.clear()
    _contexts[_key(chunk)] = context


def _key(chunk: Chunk) -> tuple[str, str, str]:
    return chunk.election.digest, chunk.credentials.digest, chunk.arithmetic


def _context(file: BinaryIO, chunk: Chunk) -> Context:
    """The context of a chunk in a process that has not verified the setup; the one that did reports its
    faults.
    """
    if _key(chunk) not in _contexts:
        election = parse_election(read_member(file, chunk.election, LIMITS.election))
        listed = parse_credentials(read_member(file, chunk.credentials, LIMITS.data))
        group = groups.group(election.group, chunk.arithmetic)
        (key,) = group.parse([election.public_key])
        weights = {credential.key: credential.weight for credential in listed}
        fingerprint = compact64(bytes.fromhex(chunk.election.digest))
        remember(chunk, Context(election, fingerprint, group, key, weights))
    return _contexts[_key(chunk)]


def run_chunk(chunk: Chunk) -> ChunkResult:
    """Verifies the ballots of a chunk and adds up those that hold."""
    with Path(chunk.path).open("rb") as file:
        context = _context(file, chunk)
        outcomes, rows, proofs = [], [], 0
        for height, member in chunk.ballots:
            full = member.end > chunk.trusted
            outcome, row = _one(file, context, height, member, proofs=full)
            outcomes.append(outcome)
            proofs += full
            if row is not None:
                rows.append(row)
    return ChunkResult(tuple(outcomes), tuple(_sums(rows, context)), proofs)


def _one(
    file: BinaryIO, context: Context, height: int, member: Member, *, proofs: bool
) -> tuple[Outcome, list[Any] | None]:
    code = tracker(member.digest)
    try:
        data = read_member(file, member, LIMITS.ballot)
        ballot, points = verify_ballot(data, context, proofs=proofs)
    except Failure as failure:
        fault = (failure.rule, failure.place, failure.expected, failure.got)
        return Outcome(height, code, "", 0, fault), None
    weight = context.weights[ballot.credential]
    return Outcome(height, code, ballot.credential, weight, None), weighted(points, weight, context)


def weighted(points: list[Any], weight: int, context: Context) -> list[Any]:
    """Each element to the power of the weight."""
    if weight == 1:
        return points
    exponent = weight % context.group.order
    jobs = [((0, 0), (point,), (exponent,)) for point in points]
    return context.group.multiply(context.bases, jobs)


def _sums(rows: Sequence[Sequence[Any]], context: Context) -> list[str]:
    columns = zip(*rows, strict=True) if rows else [()] * columns_of(context)
    return [context.group.text(context.group.combine(column)) for column in columns]


def columns_of(context: Context) -> int:
    """Elements of one ballot."""
    return 2 * sum(question.choices for question in context.election.questions)


def replaced(path: str, member: Member, context: Context) -> list[Any]:
    """Elements that take a replaced ballot out of the sums: those of the ballot to the power of minus its
    weight.
    """
    with Path(path).open("rb") as file:
        data = read_member(file, member, LIMITS.ballot)
    ballot, points = verify_ballot(data, context, proofs=False)
    exponent = -context.weights[ballot.credential] % context.group.order
    return context.group.multiply(context.bases, [((0, 0), (point,), (exponent,)) for point in points])
