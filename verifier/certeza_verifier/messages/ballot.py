"""`ballot` (specification, «Encrypted answers», «Signatures» and «Ballots»)."""

from __future__ import annotations

from typing import Any, NamedTuple

from certeza_verifier import canonical
from certeza_verifier.messages.common import (
    Ciphertext,
    Proof,
    ciphertexts,
    proof,
    proofs,
    write_ciphertexts,
    write_proof,
    write_proofs,
)

_ANSWER = ("choices", "individual_proofs", "overall_proof")
_ANSWER_BLANK = (*_ANSWER, "blank_proof")


class Answer(NamedTuple):
    """`answer_h`. `blank_proof` is None when the field is absent."""

    choices: list[Ciphertext]
    individual_proofs: list[list[Proof]]
    overall_proof: list[Proof]
    blank_proof: list[Proof] | None


class Ballot(NamedTuple):
    """A parsed ballot; `unsigned` is its canonical text without the signature: what the voter signs."""

    election_uuid: str
    election_hash: str
    credential: str
    answers: list[Answer]
    signature_hash: str
    signature_proof: Proof
    unsigned: str


def parse_ballot(data: bytes, order: int) -> Ballot:
    """`ballot` in canonical form; whether it fits its election is checked elsewhere."""
    place = "ballot"
    names = ("election_uuid", "election_hash", "credential", "answers", "signature")
    uuid, election, credential, answers, signature = canonical.fields(
        canonical.load(data, place), names, place
    )
    texts = [
        canonical.string(v, f"{place}.{n}") for v, n in zip((uuid, election, credential), names, strict=False)
    ]
    items = [
        _answer(item, order, f"answers[{i}]") for i, item in enumerate(canonical.array(answers, "answers"))
    ]
    hashed, proved = canonical.fields(signature, ("hash", "proof"), "signature")
    hashed = canonical.string(hashed, "signature.hash")
    proved = proof(proved, order, "signature.proof")
    unsigned = _write(texts, items)
    signed = (
        f'{unsigned[:-1]},"signature":{{"hash":{canonical.quote(hashed)},"proof":{write_proof(proved)}}}}}'
    )
    canonical.same(data, signed, place)
    return Ballot(texts[0], texts[1], texts[2], items, hashed, proved, unsigned)


def _answer(value: Any, order: int, place: str) -> Answer:
    blank = isinstance(value, dict) and "blank_proof" in value
    got = canonical.fields(value, _ANSWER_BLANK if blank else _ANSWER, place)
    individual = canonical.array(got[1], f"{place}.individual_proofs")
    return Answer(
        ciphertexts(got[0], f"{place}.choices"),
        [proofs(item, order, f"{place}.individual_proofs[{i}]") for i, item in enumerate(individual)],
        proofs(got[2], order, f"{place}.overall_proof"),
        proofs(got[3], order, f"{place}.blank_proof") if blank else None,
    )


def _write_answer(answer: Answer) -> str:
    individual = ",".join([write_proofs(item) for item in answer.individual_proofs])
    blank = "" if answer.blank_proof is None else f',"blank_proof":{write_proofs(answer.blank_proof)}'
    return (
        f'{{"choices":{write_ciphertexts(answer.choices)},"individual_proofs":[{individual}],'
        f'"overall_proof":{write_proofs(answer.overall_proof)}{blank}}}'
    )


def _write(texts: list[str], answers: list[Answer]) -> str:
    uuid, election, credential = [canonical.quote(text) for text in texts]
    items = ",".join([_write_answer(answer) for answer in answers])
    return (
        f'{{"election_uuid":{uuid},"election_hash":{election},"credential":{credential},"answers":[{items}]}}'
    )
