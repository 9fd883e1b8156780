"""What the proofs of a ballot state (specification, «Encrypted answers» to «Ballots»), before any element is
decoded: elements are named by their position.

Position 0 is the credential; then come alpha and beta of each choice of each question, in order; then the
products of choices that the ballot's overall proofs are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from certeza_verifier.claims import Claim
from certeza_verifier.groups import IndexedJob
from certeza_verifier.messages.ballot import Answer, Ballot
from certeza_verifier.messages.common import Proof
from certeza_verifier.messages.election import Question

Pair = tuple[int, int]


class Statements(NamedTuple):
    """`products` are those of the elements at these positions; theirs follow those of the elements."""

    texts: list[str]
    products: list[Sequence[int]]
    claims: list[Claim]


def elements_of(ballot: Ballot) -> list[str]:
    """The texts of all elements, in the order of their positions."""
    texts = [ballot.credential]
    for answer in ballot.answers:
        for choice in answer.choices:
            texts += choice
    return texts


def statements(ballot: Ballot, questions: Sequence[Question], fingerprint: str, order: int) -> Statements:
    """Everything that a ballot which fits its election states."""
    texts = elements_of(ballot)
    found = Statements(texts, [], [_signature(ballot)])
    start, seed = 1, f"{fingerprint}|{ballot.credential}"
    for i, (answer, question) in enumerate(zip(ballot.answers, questions, strict=True)):
        pairs = [(at, at + 1) for at in range(start, start + 2 * question.choices, 2)]
        start += 2 * question.choices
        _answer(found, answer, question, order, seed, pairs, f"answers[{i}]")
    return found


def _signature(ballot: Ballot) -> Claim:
    challenge, response = ballot.signature_proof
    prefix = f"sig|{ballot.signature_hash}|"
    return Claim("boleta-firma", "signature", prefix, [((response, 0), 0, challenge)], challenge)


def _answer(
    found: Statements,
    answer: Answer,
    question: Question,
    order: int,
    seed: str,
    pairs: list[Pair],
    place: str,
) -> None:
    """Each choice is 0 or 1, and their sum (or the blank choice) is what the question allows."""
    texts = [f"{alpha},{beta}" for alpha, beta in answer.choices]
    for j, (pair, proofs) in enumerate(zip(pairs, answer.individual_proofs, strict=True)):
        where, prefix = f"{place}.individual_proofs[{j}]", f"prove|{seed}|{texts[j]}|"
        stated = [(pair, 0), (pair, 1)]
        found.claims.append(_claim("boleta-prueba-individual", where, prefix, order, stated, proofs))
    full = f"{seed}|{','.join(texts)}"
    if answer.blank_proof is None:
        total = _total(found, pairs)
        found.claims.append(_overall(answer, question, order, full, total, place))
    else:
        found.claims.extend(_blank(answer, question, order, full, pairs[0], _total(found, pairs[1:]), place))


def _total(found: Statements, pairs: Sequence[Pair]) -> Pair:
    at = len(found.texts) + len(found.products)
    found.products.append([alpha for alpha, _ in pairs])
    found.products.append([beta for _, beta in pairs])
    return at, at + 1


def _overall(answer: Answer, question: Question, order: int, full: str, total: Pair, place: str) -> Claim:
    """Without blank votes: the sum is in [min, max] (specification, «Proofs of interval membership»)."""
    stated = [(total, question.min + j) for j in range(question.overall)]
    where, prefix, proofs = f"{place}.overall_proof", f"prove|{full}|", answer.overall_proof
    return _claim("boleta-prueba-global", where, prefix, order, stated, proofs)._replace(shown=total)


def _blank(
    answer: Answer, question: Question, order: int, full: str, first: Pair, total: Pair, place: str
) -> list[Claim]:
    """With blank votes (specification, «Proofs of possibly-blank votes»)."""
    assert answer.blank_proof is not None  # noqa: S101 - the caller has seen it
    either = [(first, 0), (total, 0)]
    allowed = [(first, 1), *[(total, question.min + j) for j in range(question.overall - 1)]]
    where, prefix = f"{place}.blank_proof", f"bproof0|{full}|"
    blank = _claim("boleta-prueba-blanco", where, prefix, order, either, answer.blank_proof)
    where, prefix = f"{place}.overall_proof", f"bproof1|{full}|"
    return [blank, _claim("boleta-prueba-global", where, prefix, order, allowed, answer.overall_proof)]


def _claim(
    rule: str,
    place: str,
    prefix: str,
    order: int,
    stated: Sequence[tuple[Pair, int]],
    proofs: Sequence[Proof],
) -> Claim:
    """A = g^response · alpha^challenge and B = y^response · (beta / g^value)^challenge for each statement."""
    jobs: list[IndexedJob] = []
    for ((alpha, beta), value), (challenge, response) in zip(stated, proofs, strict=True):
        jobs.append(((response, 0), alpha, challenge))
        jobs.append(((-value * challenge % order, response), beta, challenge))
    return Claim(rule, place, prefix, jobs, sum([proof.challenge for proof in proofs]))
