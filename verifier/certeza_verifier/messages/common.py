"""Structures that several messages share (specification, «Common structures»)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from certeza_verifier import canonical

_PROOF = ("challenge", "response")


class Proof(NamedTuple):
    """A Schnorr-like proof; both numbers in [0, order)."""

    challenge: int
    response: int


class Ciphertext(NamedTuple):
    """Texts of the two elements; they are decoded when the message is verified."""

    alpha: str
    beta: str


class Signed(NamedTuple):
    """`signed_msg`: a message and the signature of it."""

    message: str
    signature: Proof


def proof(value: Any, order: int, place: str) -> Proof:
    """`proof`."""
    challenge, response = canonical.fields(value, _PROOF, place)
    return Proof(canonical.scalar(challenge, order, place), canonical.scalar(response, order, place))


def proofs(value: Any, order: int, place: str) -> list[Proof]:
    """`iproof`, or any array of proofs."""
    return [proof(item, order, f"{place}[{i}]") for i, item in enumerate(canonical.array(value, place))]


def ciphertext(value: Any, place: str) -> Ciphertext:
    """`ciphertext`."""
    alpha, beta = canonical.fields(value, ("alpha", "beta"), place)
    return Ciphertext(canonical.string(alpha, place), canonical.string(beta, place))


def ciphertexts(value: Any, place: str) -> list[Ciphertext]:
    """An array of ciphertexts."""
    return [ciphertext(item, f"{place}[{i}]") for i, item in enumerate(canonical.array(value, place))]


def strings(value: Any, place: str) -> list[str]:
    """An array of strings."""
    return [canonical.string(item, f"{place}[{i}]") for i, item in enumerate(canonical.array(value, place))]


def signed(value: Any, order: int, place: str) -> Signed:
    """`signed_msg`."""
    message, signature = canonical.fields(value, ("message", "signature"), place)
    return Signed(canonical.string(message, place), proof(signature, order, f"{place}.signature"))


def write_proof(value: Proof) -> str:
    """Canonical text of a proof."""
    return f'{{"challenge":"{value[0]}","response":"{value[1]}"}}'


def write_proofs(values: Sequence[Proof]) -> str:
    """Canonical text of an array of proofs."""
    return "[" + ",".join([write_proof(value) for value in values]) + "]"


def write_ciphertexts(values: Sequence[Ciphertext]) -> str:
    """Canonical text of an array of ciphertexts."""
    return "[" + ",".join([f'{{"alpha":"{a}","beta":"{b}"}}' for a, b in values]) + "]"


def write_texts(values: Sequence[str]) -> str:
    """Canonical text of an array of strings."""
    return "[" + ",".join([canonical.quote(value) for value in values]) + "]"


def write_signed(value: Signed) -> str:
    """Canonical text of a signed message."""
    return f'{{"message":{canonical.quote(value.message)},"signature":{write_proof(value.signature)}}}'
