"""Proofs of knowledge of one discrete logarithm: trustee keys, signed messages, ballot signatures.

Belenios specification, sections "Verification keys" (prefix `pok`), "Signing" (`sigmsg`) and
"Signatures" (`sig`). All are Schnorr proofs that differ in the prefix of the hash.

Claims here have jobs over tables of (generator, election key): the key's exponent is zero.
`generator_tables` makes tables of the generator alone, for which `bases` is 1.
"""

from __future__ import annotations

from keys.group import Element, Group, Tables
from keys.proofs.claim import Claim, Proof, hash_to_exponent
from keys.randomness import Randomness


def prove(group: Group, prefix: str, secret: int, randomness: Randomness) -> Proof:
    """A proof of knowledge of `secret` for the public element g^secret."""
    witness = randomness.below(group.order)
    (commitment,) = group.encoded_powers(group.tables([group.generator]), [[witness]])
    return answer(group, prefix, secret, witness, commitment)


def answer(group: Group, prefix: str, secret: int, witness: int, commitment: str) -> Proof:
    """The proof whose commitment g^witness was computed elsewhere, in a batch."""
    challenge = hash_to_exponent(group.order, prefix, [commitment])
    return Proof(challenge, (witness - secret * challenge) % group.order)


def claim(rule: str, place: str, prefix: str, public: Element, proof: Proof, bases: int = 1) -> Claim:
    """The claim that `proof` shows knowledge of log_g(public), over tables of `bases` fixed bases."""
    fixed = [proof.response, *[0] * (bases - 1)]
    return Claim(rule, place, prefix, [(fixed, [public], [proof.challenge])], proof.challenge)


def generator_tables(group: Group) -> Tables:
    """Tables of the generator alone."""
    return group.tables([group.generator])


def pok_prefix(group: Group, public: str) -> str:
    """Prefix for the proof of knowledge of a trustee's key; `public` is its text."""
    return f"pok|{group.name}|{public}"


def message_prefix(message: str) -> str:
    """Prefix for the signature of a message between trustees."""
    return f"sigmsg|{message}"


def ballot_prefix(digest: str) -> str:
    """Prefix for a ballot's signature; `digest` is the Base64 hash of the ballot without it."""
    return f"sig|{digest}"
