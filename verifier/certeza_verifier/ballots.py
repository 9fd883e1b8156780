"""Checks of one ballot (specification, «Encrypted answers» to «Ballots»; careful verifier, points 2, 5, 6,
7).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from certeza_verifier import claims
from certeza_verifier.ballot_claims import elements_of, statements
from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup, PointError
from certeza_verifier.messages.ballot import Ballot, parse_ballot
from certeza_verifier.messages.election import Election, Question


@dataclass(frozen=True, slots=True)
class Context:
    """What ballots are checked against. `weights` maps the text of each listed credential to its weight."""

    election: Election
    fingerprint: str
    group: AnyGroup
    public_key: Any
    weights: Mapping[str, int]

    @property
    def bases(self) -> tuple[Any, Any]:
        """Generator and election key: the fixed bases of all proofs of a ballot."""
        return (self.group.generator, self.public_key)


def compact64(digest: bytes) -> str:
    """Base64 without padding."""
    return base64.b64encode(digest).decode().rstrip("=")


def tracker(digest: str) -> str:
    """The «comprobante» of a ballot from the SHA-256 of its bytes in hexadecimal."""
    return compact64(bytes.fromhex(digest))


def verify_ballot(data: bytes, context: Context, *, proofs: bool = True) -> tuple[Ballot, list[Any]]:
    """A ballot and its elements: alpha and beta of each choice of each question, in order.

    With `proofs` False everything but the zero-knowledge proofs is checked: for a ballot whose proofs an
    earlier run has verified on the same bytes.
    """
    ballot = parse_ballot(data, context.group.order)
    _belongs(ballot, context)
    _fits(ballot, context.election.questions)
    try:
        elements = _proved(ballot, context) if proofs else context.group.parse(elements_of(ballot))
    except PointError as error:
        got = elements_of(ballot)[error.index]
        raise Failure(error.rule, _where(ballot, error.index), got=got) from None
    return ballot, elements[1 : 1 + 2 * sum([len(answer.choices) for answer in ballot.answers])]


def _proved(ballot: Ballot, context: Context) -> list[Any]:
    """Point 7, canonical elements of the prime-order group other than the identity, and all proofs: the
    elements are decoded and the commitments computed in one call.
    """
    group = context.group
    stated = statements(ballot, context.election.questions, context.fingerprint, group.order)
    jobs = [job for claim in stated.claims for job in claim.jobs]
    elements, commitments = group.parse_and_multiply(stated.texts, stated.products, context.bases, jobs)
    claims.compare(group, stated.claims, commitments, elements)
    return elements


def _belongs(ballot: Ballot, context: Context) -> None:
    if ballot.election_uuid != context.election.uuid:
        raise Failure("boleta-uuid", "election_uuid", context.election.uuid, ballot.election_uuid)
    if ballot.election_hash != context.fingerprint:
        raise Failure("boleta-eleccion", "election_hash", context.fingerprint, ballot.election_hash)
    if ballot.credential not in context.weights:
        raise Failure("boleta-credencial", "credential", "una credencial de la lista", ballot.credential)
    hashed = compact64(hashlib.sha256(ballot.unsigned.encode()).digest())
    if ballot.signature_hash != hashed:
        raise Failure("boleta-firma-hash", "signature.hash", hashed, ballot.signature_hash)


def _fits(ballot: Ballot, questions: Sequence[Question]) -> None:
    """Point 5: number of answers, choices and proofs as each question asks."""
    _length("answers", len(questions), len(ballot.answers))
    for i, (answer, question) in enumerate(zip(ballot.answers, questions, strict=True)):
        place = f"answers[{i}]"
        _length(f"{place}.choices", question.choices, len(answer.choices))
        _length(f"{place}.individual_proofs", question.choices, len(answer.individual_proofs))
        for j, item in enumerate(answer.individual_proofs):
            _length(f"{place}.individual_proofs[{j}]", 2, len(item))
        _length(f"{place}.overall_proof", question.overall, len(answer.overall_proof))
        if (answer.blank_proof is not None) != bool(question.blank):
            expected = "presente" if question.blank else "ausente"
            raise Failure("boleta-forma", f"{place}.blank_proof", expected, "lo contrario")
        if answer.blank_proof is not None:
            _length(f"{place}.blank_proof", 2, len(answer.blank_proof))


def _length(place: str, expected: int, got: int) -> None:
    if expected != got:
        raise Failure("boleta-forma", place, f"{expected} elementos", f"{got} elementos")


def _where(ballot: Ballot, index: int) -> str:
    if index == 0:
        return "credential"
    index -= 1
    for i, answer in enumerate(ballot.answers):
        if index < 2 * len(answer.choices):
            return f"answers[{i}].choices[{index // 2}].{('alpha', 'beta')[index % 2]}"
        index -= 2 * len(answer.choices)
    return "answers"
