"""Proof that a decryption factor is alpha^x for the x of a trustee's public key X = g^x.

Belenios specification, section "Partial decryptions" (Chaum, Pedersen 1992).
"""

from __future__ import annotations

from collections.abc import Sequence

from keys.group import Element, Group
from keys.proofs.claim import Claim, Proof, hash_to_exponent
from keys.randomness import Randomness


def prefix(fingerprint: str, public: str) -> str:
    """Prefix of the hash: `fingerprint` is the election's, `public` the text of X."""
    return f"decrypt|{fingerprint}|{public}"


def factors(
    group: Group,
    hash_prefix: str,
    secret: int,
    alphas: Sequence[Element],
    randomness: Randomness,
) -> tuple[list[Element], list[Proof]]:
    """For each alpha, alpha^secret and its proof."""
    tables = group.tables([group.generator])
    found = group.power_each(alphas, secret)
    witnesses = [randomness.below(group.order) for _ in alphas]
    firsts = group.encoded_powers(tables, [[w] for w in witnesses])
    proofs = []
    for alpha, witness, first in zip(alphas, witnesses, firsts, strict=True):
        (second,) = group.encode(group.power_each([alpha], witness))
        challenge = hash_to_exponent(group.order, hash_prefix, [first, second])
        proofs.append(Proof(challenge, (witness - secret * challenge) % group.order))
    return found, proofs


def claim(
    place: str, hash_prefix: str, public: Element, alpha: Element, factor: Element, proof: Proof
) -> Claim:
    """The claim that log_alpha(factor) = log_g(public), over tables of the generator alone."""
    c, r = proof
    jobs = [((r,), (public,), (c,)), ((0,), (alpha, factor), (r, c))]
    return Claim("descifrado.prueba", place, hash_prefix, jobs, c)
