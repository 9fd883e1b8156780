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
from certeza_verifier.claims import Claim
from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup, Job, PointError
from certeza_verifier.messages.ballot import Answer, Ballot, parse_ballot
from certeza_verifier.messages.common import Proof
from certeza_verifier.messages.election import Election, Question

Pair = tuple[Any, Any]


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
    credential, *points = _elements(ballot, context.group)
    if proofs:
        claims.check(context.group, context.bases, _claims(ballot, context, credential, points))
    return ballot, points


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


def _elements(ballot: Ballot, group: AnyGroup) -> list[Any]:
    """Point 7: canonical elements of the prime-order group other than the identity, all decoded at once."""
    texts = [ballot.credential]
    for answer in ballot.answers:
        for choice in answer.choices:
            texts += choice
    try:
        return group.parse(texts)
    except PointError as error:
        raise Failure(error.rule, _where(ballot, error.index), got=texts[error.index]) from None


def _where(ballot: Ballot, index: int) -> str:
    if index == 0:
        return "credential"
    index -= 1
    for i, answer in enumerate(ballot.answers):
        if index < 2 * len(answer.choices):
            return f"answers[{i}].choices[{index // 2}].{('alpha', 'beta')[index % 2]}"
        index -= 2 * len(answer.choices)
    return "answers"


def _claims(ballot: Ballot, context: Context, credential: Any, points: list[Any]) -> list[Claim]:
    prefix = f"sig|{ballot.signature_hash}|"
    result = [claims.schnorr("boleta-firma", "signature", prefix, credential, ballot.signature_proof, 2)]
    start = 0
    seed = f"{context.fingerprint}|{ballot.credential}"
    for i, (answer, question) in enumerate(zip(ballot.answers, context.election.questions, strict=True)):
        pairs = list(zip(points[start::2], points[start + 1 :: 2], strict=False))[: question.choices]
        start += 2 * question.choices
        result += _answer(answer, question, context.group, seed, pairs, f"answers[{i}]")
    return result


def _answer(
    answer: Answer, question: Question, group: AnyGroup, seed: str, pairs: list[Pair], place: str
) -> list[Claim]:
    """Each choice is 0 or 1, and their sum (or the blank choice) is what the question allows."""
    texts = [f"{choice.alpha},{choice.beta}" for choice in answer.choices]
    result = []
    for j, (pair, proofs) in enumerate(zip(pairs, answer.individual_proofs, strict=True)):
        where, prefix = f"{place}.individual_proofs[{j}]", f"prove|{seed}|{texts[j]}|"
        result.append(
            _claim("boleta-prueba-individual", where, prefix, group, [(pair, 0), (pair, 1)], proofs)
        )
    full = f"{seed}|{','.join(texts)}"
    if answer.blank_proof is None:
        return [*result, _overall(answer, question, group, full, pairs, place)]
    return result + _blank(answer, question, group, full, pairs, place)


def _total(pairs: Sequence[Pair], group: AnyGroup) -> Pair:
    return group.combine([alpha for alpha, _ in pairs]), group.combine([beta for _, beta in pairs])


def _overall(
    answer: Answer, question: Question, group: AnyGroup, full: str, pairs: list[Pair], place: str
) -> Claim:
    """Without blank votes: the sum is in [min, max] (specification, «Proofs of interval membership»)."""
    total = _total(pairs, group)
    prefix = f"prove|{full}|{group.text(total[0])},{group.text(total[1])}|"
    statements = [(total, question.min + j) for j in range(question.overall)]
    return _claim(
        "boleta-prueba-global", f"{place}.overall_proof", prefix, group, statements, answer.overall_proof
    )


def _blank(
    answer: Answer, question: Question, group: AnyGroup, full: str, pairs: list[Pair], place: str
) -> list[Claim]:
    """With blank votes (specification, «Proofs of possibly-blank votes»)."""
    assert answer.blank_proof is not None  # noqa: S101 - `_fits` has refused its absence
    first, total = pairs[0], _total(pairs[1:], group)
    either = [(first, 0), (total, 0)]
    allowed = [(first, 1), *[(total, question.min + j) for j in range(question.overall - 1)]]
    where, prefix = f"{place}.blank_proof", f"bproof0|{full}|"
    blank = _claim("boleta-prueba-blanco", where, prefix, group, either, answer.blank_proof)
    where, prefix = f"{place}.overall_proof", f"bproof1|{full}|"
    return [blank, _claim("boleta-prueba-global", where, prefix, group, allowed, answer.overall_proof)]


def _claim(
    rule: str,
    place: str,
    prefix: str,
    group: AnyGroup,
    statements: Sequence[tuple[Pair, int]],
    proofs: Sequence[Proof],
) -> Claim:
    """A = g^response · alpha^challenge and B = y^response · (beta / g^value)^challenge for each statement."""
    jobs: list[Job[Any]] = []
    for ((alpha, beta), value), (challenge, response) in zip(statements, proofs, strict=True):
        jobs.append(((response, 0), (alpha,), (challenge,)))
        jobs.append(((-value * challenge % group.order, response), (beta,), (challenge,)))
    return Claim(rule, place, prefix, jobs, sum([proof.challenge for proof in proofs]))
