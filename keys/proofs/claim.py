"""The one shape that all proofs of the protocol share, so that many are checked in one batch.

Each proof of the Belenios specification is verified by recomputing commitments A, B, … as products
of powers, and comparing a hash of them with the sum of the proof's challenges:

    SHA256(prefix | A,B,…) mod q = sum of challenges mod q

A `Claim` carries the products to compute, the prefix and the sum. `settle` computes the products
of all claims in one call of the group and compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from keys import canonical
from keys.errors import ProofRefusal
from keys.group import Group, Job, Tables

CHALLENGE_FIELDS = ("challenge", "response")


class Proof(NamedTuple):
    """`proof` of the specification: two numbers of Z_q."""

    challenge: int
    response: int

    def to_json(self) -> dict[str, str]:
        """The fields in the order of the specification."""
        return {"challenge": str(self.challenge), "response": str(self.response)}

    @classmethod
    def from_json(cls, value: Any, place: str, order: int) -> Proof:
        """Read one proof; both numbers must be below `order`."""
        fields = canonical.record(value, place, CHALLENGE_FIELDS)
        return cls(*(canonical.exponent(fields[n], f"{place}.{n}", order) for n in CHALLENGE_FIELDS))


@dataclass(frozen=True, slots=True)
class Claim:
    """One proof waiting for its commitments. `jobs` are over the tables given to `settle`."""

    rule: str
    place: str
    prefix: str
    jobs: Sequence[Job]
    challenges: int


def hash_to_exponent(order: int, prefix: str, commitments: Sequence[str]) -> int:
    """SHA256(prefix|A,B,…) as a big-endian number, modulo the group's order."""
    digest = hashlib.sha256(f"{prefix}|{','.join(commitments)}".encode()).digest()
    return int.from_bytes(digest, "big") % order


def settle(group: Group, tables: Tables, claims: Sequence[Claim]) -> None:
    """Check all claims in one batch. Raises ProofRefusal for the first one that does not hold."""
    for failure in failures(group, tables, claims):
        raise failure


def failures(group: Group, tables: Tables, claims: Sequence[Claim]) -> list[ProofRefusal]:
    """The refusals of all claims that do not hold, in order."""
    commitments = group.encoded_products(tables, [job for claim in claims for job in claim.jobs])
    found = []
    at = 0
    for claim in claims:
        own = commitments[at : at + len(claim.jobs)]
        at += len(claim.jobs)
        expected = hash_to_exponent(group.order, claim.prefix, own)
        if expected != claim.challenges % group.order:
            found.append(
                ProofRefusal(claim.rule, claim.place, f"reto {expected}", claim.challenges % group.order)
            )
    return found
