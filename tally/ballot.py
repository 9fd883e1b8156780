"""Encrypted ballots: the messages (Belenios specification, sections "Encrypted answers" and "Ballots").

Group elements are kept as texts here; `checking` decodes them. Reading is strict: what `Ballot.data`
writes is byte for byte what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from keys import canonical
from keys.proofs import Proof
from tally.election import base64_digest

BALLOT_FIELDS = ("election_uuid", "election_hash", "credential", "answers", "signature")
ANSWER_FIELDS = ("choices", "individual_proofs", "overall_proof", "blank_proof")
MAX_BALLOT_BYTES = 4 * 2**20


class Ciphertext(NamedTuple):
    """`ciphertext` of the specification, as texts."""

    alpha: str
    beta: str

    @classmethod
    def from_json(cls, value: Any, place: str) -> Ciphertext:
        fields = canonical.record(value, place, ("alpha", "beta"))
        return cls(*(canonical.string(fields[n], f"{place}.{n}") for n in ("alpha", "beta")))


@dataclass(frozen=True, slots=True)
class Answer:
    """One encrypted answer. `blank_proof` is None when the question has no blank."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None

    def to_json(self) -> dict[str, Any]:
        blank = {} if self.blank_proof is None else {"blank_proof": _proofs_json(self.blank_proof)}
        return {
            "choices": [{"alpha": a, "beta": b} for a, b in self.choices],
            "individual_proofs": [_proofs_json(p) for p in self.individual_proofs],
            "overall_proof": _proofs_json(self.overall_proof),
            **blank,
        }

    @classmethod
    def from_json(cls, value: Any, place: str, order: int) -> Answer:
        fields = canonical.record(value, place, ANSWER_FIELDS, optional=("blank_proof",))

        def proofs(raw: Any, where: str) -> tuple[Proof, ...]:
            return tuple(canonical.items(raw, where, lambda v, p: Proof.from_json(v, p, order)))

        individual = canonical.items(fields["individual_proofs"], f"{place}.individual_proofs", proofs)
        blank = fields.get("blank_proof")
        return cls(
            choices=tuple(canonical.items(fields["choices"], f"{place}.choices", Ciphertext.from_json)),
            individual_proofs=tuple(individual),
            overall_proof=proofs(fields["overall_proof"], f"{place}.overall_proof"),
            blank_proof=None if blank is None else proofs(blank, f"{place}.blank_proof"),
        )


@dataclass(frozen=True)
class Ballot:
    """A signed ballot. `signature_hash` is the Base64 digest of the ballot without its signature."""

    election_uuid: str
    election_hash: str
    credential: str
    answers: tuple[Answer, ...]
    signature_hash: str
    signature_proof: Proof

    @cached_property
    def unsigned_hash(self) -> str:
        """What `signature_hash` has to be."""
        return base64_digest(canonical.encode_bytes(self._unsigned()))

    @cached_property
    def data(self) -> bytes:
        """The canonical bytes."""
        signature = {"hash": self.signature_hash, "proof": self.signature_proof.to_json()}
        return canonical.encode_bytes({**self._unsigned(), "signature": signature})

    @cached_property
    def tracker(self) -> str:
        """The tracking hash («comprobante») that the person keeps."""
        return base64_digest(self.data)

    def _unsigned(self) -> dict[str, Any]:
        return unsigned_json(self.election_uuid, self.election_hash, self.credential, self.answers)

    @classmethod
    def from_bytes(cls, data: bytes, place: str, order: int) -> Ballot:
        """Read strictly; the bytes must be canonical and every number below `order`. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, BALLOT_FIELDS)
        signature = canonical.record(fields["signature"], f"{place}.signature", ("hash", "proof"))
        answers = canonical.items(
            fields["answers"], f"{place}.answers", lambda v, p: Answer.from_json(v, p, order)
        )
        ballot = cls(
            election_uuid=canonical.string(fields["election_uuid"], f"{place}.election_uuid"),
            election_hash=canonical.string(fields["election_hash"], f"{place}.election_hash"),
            credential=canonical.string(fields["credential"], f"{place}.credential"),
            answers=tuple(answers),
            signature_hash=canonical.string(signature["hash"], f"{place}.signature.hash"),
            signature_proof=Proof.from_json(signature["proof"], f"{place}.signature.proof", order),
        )
        canonical.require_same(data, ballot.data.decode(), place)
        return ballot


def unsigned_json(uuid: str, fingerprint: str, credential: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """The ballot without its signature, whose compact serialization is hashed and signed."""
    return {
        "election_uuid": uuid,
        "election_hash": fingerprint,
        "credential": credential,
        "answers": [a.to_json() for a in answers],
    }


def _proofs_json(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    return [p.to_json() for p in proofs]
