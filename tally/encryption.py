"""Making a ballot: encryption, proofs and credential signature (Belenios specification, "Encrypted answers").

All commitments are powers of the generator and the election key, because the prover knows the
randomness: one batch of `Group.encoded_powers` for the whole ballot.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keys import canonical, credentials
from keys.group import Group, Tables
from keys.proofs import Proof, blank, interval, schnorr
from keys.proofs.interval import Branches, branches
from keys.randomness import Randomness
from tally.ballot import Answer, Ballot, Ciphertext, unsigned_json
from tally.checking import answer_context, ballot_context
from tally.election import Election, base64_digest
from tally.questions import Question


@dataclass(frozen=True, slots=True)
class _Draft:
    """One answer in the making: randomness, and the disjunctive proofs that wait for their hash."""

    question: Question
    choice: Sequence[int]
    randomness: list[int]
    individual: list[Branches]
    total: tuple[int, int]
    """Randomness and plaintext of the product of the answers' ciphertexts (without the blank mark)."""
    overall: Branches
    overall_secret: int
    blank: Branches | None
    blank_secret: int

    def rows(self) -> Iterator[tuple[int, ...]]:
        """Exponents of (g, y) for every element, in the order that `finish` consumes."""
        for r, m in zip(self.randomness, self.choice, strict=True):
            yield (r,)
            yield (m, r)
        for proof in self.individual:
            yield from proof.rows
        if self.blank is None:
            # Only there is the product itself hashed.
            r, m = self.total
            yield from ((r,), (m, r))
        yield from self.overall.rows
        if self.blank is not None:
            yield from self.blank.rows


class BallotMaker:
    """Encrypts ballots of one election. Reusable; tables are computed once."""

    def __init__(self, group: Group, election: Election, randomness: Randomness) -> None:
        self._group = group
        self._election = election
        self._randomness = randomness
        (key,) = group.decode([election.public_key], "eleccion.public_key")
        self._tables: Tables = group.tables([group.generator, key])

    def make(self, private_credential: str, choices: Sequence[Sequence[int]]) -> Ballot:
        """A signed ballot. `choices[i]` is the 0/1 vector of question i, led by the blank mark if it has one.

        Raises FormatRefusal when a question does not allow the choice.
        """
        group, election = self._group, self._election
        for index, (question, choice) in enumerate(zip(election.questions, choices, strict=True)):
            question.require_vote(choice, f"pregunta {index + 1}")
        drafts = [
            _draft(group.order, q, c, self._randomness)
            for q, c in zip(election.questions, choices, strict=True)
        ]
        secret = credentials.exponent(group.order, election.uuid, private_credential)
        witness = self._randomness.below(group.order)
        rows = [(secret,), (witness,), *(row for draft in drafts for row in draft.rows())]
        texts = iter(group.encoded_powers(self._tables, rows))
        credential, commitment = next(texts), next(texts)
        answers = tuple(
            _finish(group.order, election.fingerprint, credential, draft, texts) for draft in drafts
        )
        digest = base64_digest(
            canonical.encode_bytes(unsigned_json(election.uuid, election.fingerprint, credential, answers))
        )
        proof = schnorr.answer(group, schnorr.ballot_prefix(digest), secret, witness, commitment)
        return Ballot(election.uuid, election.fingerprint, credential, answers, digest, proof)


def _draft(order: int, question: Question, choice: Sequence[int], randomness: Randomness) -> _Draft:
    r = [randomness.below(order) for _ in choice]
    individual = [
        branches(order, [(ri, mi), (ri, mi - 1)], mi, randomness) for ri, mi in zip(r, choice, strict=True)
    ]
    if not question.blank:
        total = (sum(r) % order, sum(choice))
        statements = [(total[0], total[1] - value) for value in question.values]
        overall = branches(order, statements, total[1] - question.minimum, randomness)
        return _Draft(question, choice, r, individual, total, overall, total[0], None, 0)
    mark, chosen = (r[0], choice[0]), (sum(r[1:]) % order, sum(choice[1:]))
    overall = blank.overall_branches(order, mark, chosen, question.values, randomness)
    empty = blank.blank_branches(order, mark, chosen, randomness)
    overall_secret = mark[0] if overall.true_branch == 0 else chosen[0]
    blank_secret = mark[0] if empty.true_branch == 0 else chosen[0]
    return _Draft(question, choice, r, individual, chosen, overall, overall_secret, empty, blank_secret)


def _finish(order: int, fingerprint: str, credential: str, draft: _Draft, texts: Iterator[str]) -> Answer:
    ciphertexts = tuple(Ciphertext(next(texts), next(texts)) for _ in draft.choice)
    context = answer_context(fingerprint, credential, Answer(ciphertexts, (), (), None))
    own_context = ballot_context(fingerprint, credential)
    individual = tuple(
        _close(order, interval.prefix(own_context, *pair), proof, texts, r)
        for pair, proof, r in zip(ciphertexts, draft.individual, draft.randomness, strict=True)
    )
    if draft.blank is None:
        prefix = interval.prefix(context, next(texts), next(texts))
        overall = _close(order, prefix, draft.overall, texts, draft.overall_secret)
        return Answer(ciphertexts, individual, overall, None)
    overall = _close(order, blank.overall_prefix(context), draft.overall, texts, draft.overall_secret)
    empty = _close(order, blank.blank_prefix(context), draft.blank, texts, draft.blank_secret)
    return Answer(ciphertexts, individual, overall, empty)


def _close(order: int, prefix: str, proof: Branches, texts: Iterator[str], secret: int) -> tuple[Proof, ...]:
    commitments = [next(texts) for _ in proof.rows]
    return tuple(proof.finish(order, prefix, commitments, secret))
