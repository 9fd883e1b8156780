"""The rehearsal: before the consultation opens, t trustees show that they hold working keys.

The coordinator encrypts a random number to the election key and proves that it chose the randomness of the
ciphertext itself. Without that proof a trustee would answer with a partial decryption of whatever it is
handed, a ballot or an encrypted tally included; with it, only of what its author could open anyway. The
proofs of answers are bound to the challenge, so that no answer can serve as a share of an election.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from keys import canonical
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.terms import blame
from keys.ceremony.trustees import Trustees
from keys.group import Element, Group
from keys.proofs import Proof, decryption, schnorr, settle
from keys.randomness import Randomness

VERSION = 1
VALUES = 10_000
_CHALLENGE = ("alpha", "beta", "conocimiento", "trustees", "version")
_ANSWER = ("custodio", "factor", "prueba", "reto", "version")


@dataclass(frozen=True, slots=True)
class Challenge:
    """`ensayo/reto.json`: a ciphertext for the trustees of `trustees` (hash of the file's bytes)."""

    alpha: str
    beta: str
    knowledge: Proof
    trustees: str
    elements: tuple[Element, Element] = field(repr=False, compare=False)

    def encode(self) -> bytes:
        return canonical.encode_bytes(
            {
                "alpha": self.alpha,
                "beta": self.beta,
                "conocimiento": self.knowledge.to_json(),
                "trustees": self.trustees,
                "version": VERSION,
            }
        )

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Opening:
    """What the coordinator keeps until the rehearsal ends, and then publishes in its acta."""

    value: int
    randomness: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """`ensayo/respuesta-I.json`: a decryption factor with its proof."""

    owner: int
    factor: str
    proof: Proof
    challenge: str
    element: Element = field(repr=False, compare=False)

    def encode(self) -> bytes:
        values: dict[str, Any] = {
            "custodio": self.owner,
            "factor": self.factor,
            "prueba": self.proof.to_json(),
            "reto": self.challenge,
            "version": VERSION,
        }
        return canonical.encode_bytes(values)


def _knowledge_prefix(group: Group, trustees: str, alpha: str, beta: str) -> str:
    return f"certeza/ensayo/v1|{group.name}|{trustees}|{alpha}|{beta}"


def _answer_prefix(challenge: str, public: str) -> str:
    return decryption.prefix(f"certeza/ensayo/v1/{challenge}", public)


def make_challenge(group: Group, trustees: Trustees, randomness: Randomness) -> tuple[Challenge, Opening]:
    """A fresh random number below VALUES, encrypted to the election key."""
    digest = hashlib.sha256(trustees.encode()).hexdigest()
    value, r = randomness.below(VALUES), randomness.below(group.order)
    tables = group.tables([group.generator, trustees.election_key(group)])
    elements = group.powers(tables, [[r, 0], [value, r]])
    alpha, beta = group.encode(elements)
    proof = schnorr.prove(group, _knowledge_prefix(group, digest, alpha, beta), r, randomness)
    return Challenge(alpha, beta, proof, digest, (elements[0], elements[1])), Opening(value, r)


def read_challenge(group: Group, trustees: Trustees, data: bytes, place: str) -> Challenge:
    """Read and check: for these trustees, and made by someone who knows its randomness."""
    fields = canonical.record(canonical.parse(data, place), place, _CHALLENGE)
    _require_version(fields, place)
    alpha, beta = (canonical.string(fields[n], f"{place}.{n}") for n in ("alpha", "beta"))
    elements = [group.decode([t], f"{place}.{n}")[0] for t, n in ((alpha, "alpha"), (beta, "beta"))]
    proof = Proof.from_json(fields["conocimiento"], f"{place}.conocimiento", group.order)
    digest = canonical.digest(fields["trustees"], f"{place}.trustees")
    made = Challenge(alpha, beta, proof, digest, (elements[0], elements[1]))
    canonical.require_same(data, made.encode().decode(), place)
    expected = hashlib.sha256(trustees.encode()).hexdigest()
    if digest != expected:
        raise CeremonyRefusal("ensayo.reto.trustees", f"{place}.trustees", expected, digest)
    prefix = _knowledge_prefix(group, digest, alpha, beta)
    claim = schnorr.claim("ensayo.reto.conocimiento", f"{place}.conocimiento", prefix, elements[0], proof)
    settle(group, schnorr.generator_tables(group), [claim])
    return made


def make_answer(
    group: Group, trustees: Trustees, challenge: Challenge, owner: int, secret: int, randomness: Randomness
) -> Answer:
    """The decryption factor of trustee `owner`. `challenge` must come from `read_challenge`."""
    public = trustees.verification_keys[owner - 1].public_key
    prefix = _answer_prefix(challenge.sha256, public)
    (factor,), (proof,) = decryption.factors(group, prefix, secret, [challenge.elements[0]], randomness)
    (text,) = group.encode([factor])
    return Answer(owner, text, proof, challenge.sha256, factor)


def read_answer(
    group: Group, trustees: Trustees, challenge: Challenge, owner: int, data: bytes, place: str
) -> Answer:
    """Read and check the answer of trustee `owner`. Refusals name it."""
    with blame(owner):
        made = _decode_answer(group, data, place)
        for name, expected, found in (
            ("custodio", owner, made.owner),
            ("reto", challenge.sha256, made.challenge),
        ):
            if expected != found:
                raise CeremonyRefusal(f"ensayo.respuesta.{name}", f"{place}.{name}", expected, found)
        key = trustees.verification_keys[owner - 1]
        prefix = _answer_prefix(challenge.sha256, key.public_key)
        alpha = challenge.elements[0]
        claim = decryption.claim(f"{place}.prueba", prefix, key.element, alpha, made.element, made.proof)
        settle(group, schnorr.generator_tables(group), [claim])
        return made


def _decode_answer(group: Group, data: bytes, place: str) -> Answer:
    fields = canonical.record(canonical.parse(data, place), place, _ANSWER)
    _require_version(fields, place)
    factor = canonical.string(fields["factor"], f"{place}.factor")
    (element,) = group.decode([factor], f"{place}.factor")
    made = Answer(
        canonical.small_int(fields["custodio"], f"{place}.custodio"),
        factor,
        Proof.from_json(fields["prueba"], f"{place}.prueba", group.order),
        canonical.digest(fields["reto"], f"{place}.reto"),
        element,
    )
    canonical.require_same(data, made.encode().decode(), place)
    return made


def _require_version(fields: Mapping[str, Any], place: str) -> None:
    if canonical.small_int(fields["version"], f"{place}.version") != VERSION:
        raise CeremonyRefusal("ensayo.version", f"{place}.version", VERSION, fields["version"])


def recover(group: Group, trustees: Trustees, challenge: Challenge, answers: Mapping[int, Answer]) -> int:
    """The encrypted number, from checked answers. Raises CeremonyRefusal below the threshold."""
    weights = trustees.combination(group, answers)
    factors = [answers[owner].element for owner in weights]
    exponents = [-w % group.order for w in weights.values()]
    beta = challenge.elements[1]
    (found,) = group.products(group.tables([]), [([], [beta, *factors], [1, *exponents])])
    power = group.identity
    for value in range(VALUES):
        if power == found:
            return value
        power = group.product([power, group.generator])
    raise CeremonyRefusal("ensayo.valor", "ensayo", f"un número menor que {VALUES}", "otro elemento")
