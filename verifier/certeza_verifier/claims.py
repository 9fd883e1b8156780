"""Every zero-knowledge proof of the protocol has one form: commitments are recomputed from the proof, hashed
after a prefix, and the hash modulo the order must be the (sum of the) challenges of the proof.

A Claim is one such statement. Many are checked with one call of the arithmetic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup
from certeza_verifier.messages.common import Proof


class Claim(NamedTuple):
    """`prefix` is hashed before the texts of the commitments joined by commas; `challenge` is not yet
    reduced. Each of `jobs` is a Job, or an IndexedJob where the elements are decoded in the same call; then
    the texts of those at the positions `shown` end the prefix.
    """

    rule: str
    place: str
    prefix: str
    jobs: Sequence[Any]
    challenge: int
    shown: tuple[int, ...] = ()


def check(group: AnyGroup, bases: Sequence[Any], claims: Sequence[Claim]) -> None:
    """Raises the Failure of the first claim that does not hold."""
    texts = group.multiply_text(bases, [job for claim in claims for job in claim.jobs])
    compare(group, claims, texts)


def compare(
    group: AnyGroup, claims: Sequence[Claim], texts: Sequence[str], elements: Sequence[Any] = ()
) -> None:
    """`check`, when the texts of all commitments have been computed; `elements` are those of `shown`."""
    start = 0
    for claim in claims:
        end = start + len(claim.jobs)
        data = claim.prefix + ",".join(texts[start:end])
        if claim.shown:
            shown = ",".join([group.text(elements[i]) for i in claim.shown])
            data = f"{claim.prefix}{shown}|{','.join(texts[start:end])}"
        expected = int.from_bytes(hashlib.sha256(data.encode()).digest(), "big") % group.order
        if expected != claim.challenge % group.order:
            raise Failure(
                claim.rule, claim.place, f"desafío {expected}", f"desafío {claim.challenge % group.order}"
            )
        start = end


def schnorr(rule: str, place: str, prefix: str, key: Any, proof: Proof, bases: int = 1) -> Claim:
    """Knowledge of the logarithm of `key` in the first base: A = g^response · key^challenge."""
    fixed = (proof.response, *[0] * (bases - 1))
    return Claim(rule, place, prefix, [(fixed, (key,), (proof.challenge,))], proof.challenge)


def signature(rule: str, place: str, key: Any, message: str, proof: Proof) -> Claim:
    """A signed message between trustees (specification, «Signing»)."""
    return schnorr(rule, place, f"sigmsg|{message}|", key, proof)
