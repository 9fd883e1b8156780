"""The other messages of the Pedersen protocol: polynomial, vinput, voutput and their parts.

Decoding checks form only, which includes that every element is in the prime-order subgroup and is not
the identity; `checks.py` says what must hold between messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from keys import canonical
from keys.ceremony.channel import Encrypted, Signed
from keys.ceremony.terms import per_trustee
from keys.group import Element, Group
from keys.proofs import Proof


@dataclass(frozen=True, slots=True)
class TrusteePublicKey:
    """`trustee_public_key`: the verification key of partial decryptions, with its proof of knowledge."""

    pok: Proof
    public_key: str
    element: Element = field(repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        return {"pok": self.pok.to_json(), "public_key": self.public_key}

    @classmethod
    def from_json(cls, group: Group, value: Any, place: str) -> TrusteePublicKey:
        fields = canonical.record(value, place, ("pok", "public_key"))
        pok = Proof.from_json(fields["pok"], f"{place}.pok", group.order)
        text = canonical.string(fields["public_key"], f"{place}.public_key")
        (element,) = group.decode([text], f"{place}.public_key")
        return cls(pok, text, element)


@dataclass(frozen=True, slots=True)
class Commitments:
    """`coefexps`: a signed message with the commitments A_0, A_1, … to the coefficients of a polynomial."""

    signed: Signed
    texts: tuple[str, ...]
    elements: tuple[Element, ...] = field(repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        return self.signed.to_json()

    @classmethod
    def from_json(cls, group: Group, value: Any, place: str) -> Commitments:
        signed = Signed.from_json(value, place, group.order)
        inner = f"{place}.message"
        fields = canonical.record(canonical.parse(signed.message.encode(), inner), inner, ("coefexps",))
        texts = canonical.items(fields["coefexps"], f"{inner}.coefexps", canonical.string)
        elements = group.decode(texts, f"{inner}.coefexps")
        canonical.require_same(signed.message.encode(), commitments_text(texts), inner)
        return cls(signed, tuple(texts), tuple(elements))


def commitments_text(texts: list[str]) -> str:
    """The serialized `raw_coefexps`, which is what a trustee signs."""
    return canonical.encode({"coefexps": texts})


@dataclass(frozen=True, slots=True)
class Polynomial:
    """`polynomial`: what a trustee sends once all certificates are known."""

    polynomial: str
    secrets: tuple[str, ...]
    coefexps: Commitments
    signature: Proof

    def to_json(self) -> dict[str, Any]:
        return {
            "polynomial": self.polynomial,
            "secrets": list(self.secrets),
            "coefexps": self.coefexps.to_json(),
            "signature": self.signature.to_json(),
        }

    def encode(self) -> bytes:
        return canonical.encode_bytes(self.to_json())

    @classmethod
    def decode(cls, group: Group, data: bytes, place: str, size: int) -> Polynomial:
        """Read the canonical bytes: one secret per trustee."""
        names = ("polynomial", "secrets", "coefexps", "signature")
        fields = canonical.record(canonical.parse(data, place), place, names)
        made = cls(
            sealed(group, fields["polynomial"], f"{place}.polynomial"),
            _sealed_list(group, fields["secrets"], f"{place}.secrets", size),
            Commitments.from_json(group, fields["coefexps"], f"{place}.coefexps"),
            Proof.from_json(fields["signature"], f"{place}.signature", group.order),
        )
        canonical.require_same(data, canonical.encode(made.to_json()), place)
        return made


def sealed(group: Group, value: Any, place: str) -> str:
    """The text of an encrypted message whose form is right."""
    text = canonical.string(value, place)
    Encrypted.read(group, text, place)
    return text


def _sealed_list(group: Group, value: Any, place: str, size: int) -> tuple[str, ...]:
    return tuple(canonical.items(value, place, lambda v, p: sealed(group, v, p), size))


@dataclass(frozen=True, slots=True)
class VInput:
    """`vinput`: what the coordinator hands to one trustee, routed from all polynomials."""

    polynomial: str
    secrets: tuple[str, ...]
    coefexps: tuple[Commitments, ...]
    signatures: tuple[Proof, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "polynomial": self.polynomial,
            "secrets": list(self.secrets),
            "coefexps": [c.to_json() for c in self.coefexps],
            "signatures": [s.to_json() for s in self.signatures],
        }

    def encode(self) -> bytes:
        return canonical.encode_bytes(self.to_json())

    @classmethod
    def decode(cls, group: Group, data: bytes, place: str, size: int) -> VInput:
        """Read the canonical bytes: one secret, one list of commitments, one signature per trustee."""
        names = ("polynomial", "secrets", "coefexps", "signatures")
        fields = canonical.record(canonical.parse(data, place), place, names)
        coefexps, signatures = read_public_parts(group, fields, place, size)
        made = cls(
            sealed(group, fields["polynomial"], f"{place}.polynomial"),
            tuple(per_trustee(fields["secrets"], f"{place}.secrets", lambda v, p: sealed(group, v, p), size)),
            coefexps,
            signatures,
        )
        canonical.require_same(data, canonical.encode(made.to_json()), place)
        return made


def read_public_parts(
    group: Group, fields: dict[str, Any], place: str, size: int
) -> tuple[tuple[Commitments, ...], tuple[Proof, ...]]:
    """The fields `coefexps` and `signatures` of a vinput and of threshold parameters."""
    coefexps = per_trustee(
        fields["coefexps"], f"{place}.coefexps", lambda v, p: Commitments.from_json(group, v, p), size
    )
    signatures = per_trustee(
        fields["signatures"], f"{place}.signatures", lambda v, p: Proof.from_json(v, p, group.order), size
    )
    return tuple(coefexps), tuple(signatures)


@dataclass(frozen=True, slots=True)
class VOutput:
    """`voutput`: a trustee's share of the key, public part and encrypted to itself."""

    private_key: str
    public_key: TrusteePublicKey

    def to_json(self) -> dict[str, Any]:
        return {"private_key": self.private_key, "public_key": self.public_key.to_json()}

    def encode(self) -> bytes:
        return canonical.encode_bytes(self.to_json())

    @classmethod
    def decode(cls, group: Group, data: bytes, place: str) -> VOutput:
        """Read the canonical bytes."""
        fields = canonical.record(canonical.parse(data, place), place, ("private_key", "public_key"))
        made = cls(
            sealed(group, fields["private_key"], f"{place}.private_key"),
            TrusteePublicKey.from_json(group, fields["public_key"], f"{place}.public_key"),
        )
        canonical.require_same(data, canonical.encode(made.to_json()), place)
        return made
