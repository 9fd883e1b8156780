"""Everything that must hold for a ballot to enter an urn.

Two halves, so that many ballots share one batch of group arithmetic: `read` does what is cheap (form,
place, membership) and returns the ballot with the claims its proofs make; `settle` checks claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keys.errors import FormatRefusal, ProofRefusal
from keys.group import Element, Group, Tables
from keys.proofs import Claim, blank, interval, schnorr, settle
from tally.ballot import Answer, Ballot
from tally.election import Election
from tally.public_credentials import PublicCredentials
from tally.questions import Question

BASES = 2
"""Fixed bases of every claim of a ballot: the generator and the election key."""


@dataclass(frozen=True, slots=True)
class ReadBallot:
    """A ballot whose form is right. `choices[i][j]` is the ciphertext of answer j of question i, decoded."""

    ballot: Ballot
    choices: list[list[tuple[Element, Element]]]
    claims: list[Claim]


class BallotChecker:
    """Checks ballots of one election. Pure: the same bytes always get the same verdict."""

    def __init__(self, group: Group, election: Election, credentials: PublicCredentials) -> None:
        self._group = group
        self._election = election
        self._credentials = credentials
        (key,) = group.decode([election.public_key], "eleccion.public_key")
        self.tables: Tables = group.tables([group.generator, key])

    def check(self, data: bytes, place: str) -> ReadBallot:
        """Read one ballot and settle all its claims. Raises Refusal."""
        return self.check_ballot(Ballot.from_bytes(data, place, self._group.order), place)

    def check_ballot(self, ballot: Ballot, place: str) -> ReadBallot:
        """The same for one whose form was read (`Ballot.from_bytes`). Raises Refusal."""
        read = self._read(ballot, place)
        settle(self._group, self.tables, read.claims)
        return read

    def read(self, data: bytes, place: str) -> ReadBallot:
        """Everything but the proofs. Raises Refusal."""
        return self._read(Ballot.from_bytes(data, place, self._group.order), place)

    def _read(self, ballot: Ballot, place: str) -> ReadBallot:
        self._require_place(ballot, place)
        questions = self._election.questions
        if len(ballot.answers) != len(questions):
            raise FormatRefusal("boleta.respuestas", f"{place}.answers", len(questions), len(ballot.answers))
        pairs = list(zip(questions, ballot.answers, strict=True))
        for index, (question, answer) in enumerate(pairs):
            require_form(question, answer, f"{place}.answers[{index}]")
        texts = [text for answer in ballot.answers for pair in answer.choices for text in pair]
        elements = iter(self._group.decode([*texts, ballot.credential], f"{place}.elementos"))
        choices = [_pairs(elements, len(answer.choices)) for answer in ballot.answers]
        claims = [self._signature_claim(ballot, next(elements), place)]
        for index, (question, answer) in enumerate(pairs):
            claims += self._answer_claims(
                ballot.credential, question, answer, choices[index], f"{place}.answers[{index}]"
            )
        return ReadBallot(ballot, choices, claims)

    def _require_place(self, ballot: Ballot, place: str) -> None:
        """The ballot belongs to this election and to a listed credential."""
        for rule, name, expected, got in (
            ("boleta.eleccion", "election_uuid", self._election.uuid, ballot.election_uuid),
            ("boleta.eleccion", "election_hash", self._election.fingerprint, ballot.election_hash),
            ("boleta.firma_hash", "signature.hash", ballot.unsigned_hash, ballot.signature_hash),
        ):
            if expected != got:
                raise ProofRefusal(rule, f"{place}.{name}", expected, got)
        if ballot.credential not in self._credentials.listed:
            raise ProofRefusal(
                "boleta.credencial", f"{place}.credential", "una credencial de la lista", ballot.credential
            )

    def _signature_claim(self, ballot: Ballot, credential: Element, place: str) -> Claim:
        return schnorr.claim(
            "boleta.firma",
            f"{place}.signature",
            schnorr.ballot_prefix(ballot.signature_hash),
            credential,
            ballot.signature_proof,
            bases=BASES,
        )

    def _answer_claims(
        self,
        credential: str,
        question: Question,
        answer: Answer,
        choices: list[tuple[Element, Element]],
        place: str,
    ) -> Iterator[Claim]:
        group = self._group
        own_context = ballot_context(self._election.fingerprint, credential)
        context = answer_context(self._election.fingerprint, credential, answer)
        for index, (text, pair, proofs) in enumerate(
            zip(answer.choices, choices, answer.individual_proofs, strict=True)
        ):
            prefix = interval.prefix(own_context, *text)
            yield interval.claim(group, f"{place}.individual_proofs[{index}]", prefix, pair, (0, 1), proofs)
        chosen = choices[1:] if question.blank else choices
        total = (group.product([a for a, _ in chosen]), group.product([b for _, b in chosen]))
        if answer.blank_proof is None:
            prefix = interval.prefix(context, *group.encode(total))
            claim = interval.claim(
                group, f"{place}.overall_proof", prefix, total, question.values, answer.overall_proof
            )
            yield claim
            return
        yield blank.blank_claim(group, f"{place}.blank_proof", context, choices[0], total, answer.blank_proof)
        yield blank.overall_claim(
            group,
            f"{place}.overall_proof",
            context,
            choices[0],
            total,
            question.values,
            answer.overall_proof,
        )


def ballot_context(fingerprint: str, credential: str) -> str:
    """The string S_0 that binds the proof of each ciphertext to the election and the credential."""
    return f"{fingerprint}|{credential}"


def answer_context(fingerprint: str, credential: str, answer: Answer) -> str:
    """The string S that binds the proofs of a whole answer to all its ciphertexts too."""
    ciphertexts = ",".join(f"{a},{b}" for a, b in answer.choices)
    return f"{ballot_context(fingerprint, credential)}|{ciphertexts}"


def require_form(question: Question, answer: Answer, place: str) -> None:
    """The lists of an answer have exactly the lengths that its question asks for. Raises FormatRefusal."""
    if question.blank != (answer.blank_proof is not None):
        expected = "blank_proof" if question.blank else "ningún blank_proof"
        raise FormatRefusal("boleta.forma", place, expected, "lo contrario")
    for name, expected_size, size in (
        ("choices", question.size, len(answer.choices)),
        ("individual_proofs", question.size, len(answer.individual_proofs)),
        ("overall_proof", len(question.values) + question.blank, len(answer.overall_proof)),
        ("blank_proof", 2 * question.blank, len(answer.blank_proof or ())),
    ):
        if expected_size != size:
            raise FormatRefusal("boleta.forma", f"{place}.{name}", expected_size, size)
    for index, proofs in enumerate(answer.individual_proofs):
        if len(proofs) != 2:
            raise FormatRefusal("boleta.forma", f"{place}.individual_proofs[{index}]", 2, len(proofs))


def _pairs(elements: Iterator[Element], count: int) -> list[tuple[Element, Element]]:
    return [(next(elements), next(elements)) for _ in range(count)]
