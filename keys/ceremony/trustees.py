"""The public result of the ceremonies: `threshold_parameters` and `trustees` (specification, "Trustees").

`verify_trustees` is the one door: what it returns has been checked completely.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from keys import canonical
from keys.ceremony import checks
from keys.ceremony.certificate import Certificate, check_certificates
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.messages import Commitments, TrusteePublicKey, read_public_parts
from keys.ceremony.terms import Terms, per_trustee
from keys.errors import FormatRefusal
from keys.group import Element, Group
from keys.proofs import Proof

_FIELDS = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
MOST_TRUSTEES = 1000
"""Of one item, of whosever election: a file with more only keeps its readers busy."""


@dataclass(frozen=True, slots=True)
class Single:
    """One trustee whose share is always needed."""

    key: TrusteePublicKey

    @property
    def verification_keys(self) -> tuple[TrusteePublicKey, ...]:
        return (self.key,)

    def to_json(self) -> list[Any]:
        return ["Single", self.key.to_json()]

    def sub_key(self, group: Group) -> Element:
        return self.key.element

    def check(self, group: Group, place: str) -> None:
        """Raises ProofRefusal unless the proof of knowledge verifies."""
        checks.check_pok(group, self.key, f"{place}[1]")


@dataclass(frozen=True, slots=True)
class Pedersen:
    """`threshold_parameters`: trustees of whom any `threshold` are enough."""

    threshold: int
    certs: tuple[Certificate, ...]
    coefexps: tuple[Commitments, ...]
    signatures: tuple[Proof, ...]
    verification_keys: tuple[TrusteePublicKey, ...]

    def to_json(self) -> list[Any]:
        return ["Pedersen", self.parameters_json()]

    def parameters_json(self) -> dict[str, Any]:
        """`threshold_parameters`, fields in the order of the specification."""
        return {
            "threshold": self.threshold,
            "certs": [c.to_json() for c in self.certs],
            "coefexps": [c.to_json() for c in self.coefexps],
            "signatures": [s.to_json() for s in self.signatures],
            "verification_keys": [k.to_json() for k in self.verification_keys],
        }

    @classmethod
    def from_json(cls, group: Group, value: Any, place: str) -> Pedersen:
        fields = canonical.record(value, place, _FIELDS)
        _require_readable(fields["certs"], f"{place}.certs")
        certs = per_trustee(
            fields["certs"], f"{place}.certs", lambda v, p: Certificate.from_json(group, v, p)
        )
        coefexps, signatures = read_public_parts(group, fields, place, len(certs))
        keys = per_trustee(
            fields["verification_keys"],
            f"{place}.verification_keys",
            lambda v, p: TrusteePublicKey.from_json(group, v, p),
            len(certs),
        )
        threshold = canonical.small_int(fields["threshold"], f"{place}.threshold")
        return cls(threshold, tuple(certs), coefexps, signatures, tuple(keys))

    def sub_key(self, group: Group) -> Element:
        """The product of the first commitments."""
        return group.product([c.elements[0] for c in self.coefexps])

    def terms(self, group: Group) -> Terms:
        return Terms(group.name, len(self.certs), self.threshold)

    def check(self, group: Group, place: str) -> None:
        """Certificates, commitments, their signatures and the verification keys that follow from them."""
        inner = f"{place}[1]"
        terms = self.terms(group)
        check_certificates(group, terms, self.certs, f"{inner}.certs")
        checks.check_all_commitments(group, terms, self.certs, self.coefexps, self.signatures, inner)
        total = checks.sum_commitments(group, self.coefexps)
        checks.require_not_identity(group, total[0], f"{inner}.coefexps")
        for index, key in zip(terms.indices(), self.verification_keys, strict=True):
            place_of_key = f"{inner}.verification_keys[{index - 1}]"
            checks.check_verification_key(group, total, index, key, place_of_key)


def _require_readable(certs: Any, place: str) -> None:
    """Each trustee signed the certificates of all: the work is the square of their number."""
    if isinstance(certs, list) and len(certs) > MOST_TRUSTEES:
        raise FormatRefusal("ceremonia.custodios", place, f"hasta {MOST_TRUSTEES} custodios", len(certs))


Item: TypeAlias = Single | Pedersen


@dataclass(frozen=True, slots=True)
class Trustees:
    """`trustees`. Owners of partial decryptions are numbered from 1 across all items."""

    items: tuple[Item, ...]

    def encode(self) -> bytes:
        return canonical.encode_bytes([item.to_json() for item in self.items])

    @property
    def verification_keys(self) -> tuple[TrusteePublicKey, ...]:
        """The key of owner 1, of owner 2, …"""
        return tuple(key for item in self.items for key in item.verification_keys)

    def election_key(self, group: Group) -> Element:
        """The product of the sub-keys."""
        return group.product([item.sub_key(group) for item in self.items])

    def combination(self, group: Group, available: Iterable[int]) -> dict[int, int]:
        """Per owner to use, the exponent of its decryption factor in the product that opens.

        Every Single, and of each Pedersen the first `threshold` of those in `available`. Raises
        CeremonyRefusal when they are not enough.
        """
        present = set(available)
        found: dict[int, int] = {}
        first = 1
        for position, item in enumerate(self.items):
            owners = range(first, first + len(item.verification_keys))
            first = owners.stop
            needed = item.threshold if isinstance(item, Pedersen) else 1
            chosen = [o for o in owners if o in present][:needed]
            if len(chosen) < needed:
                raise CeremonyRefusal(
                    "descifrado.umbral",
                    f"custodios {owners.start} a {first - 1} [{position}]",
                    needed,
                    len(chosen),
                )
            local = [o - owners.start + 1 for o in chosen]
            weights = lagrange(local, group.order) if isinstance(item, Pedersen) else {1: 1}
            found.update((o, weights[i]) for o, i in zip(chosen, local, strict=True))
        return found


def lagrange(indices: Sequence[int], order: int, at: int = 0) -> dict[int, int]:
    """The coefficient of each index for interpolation at `at`: ∏ (k - at) / (k - index) mod `order`."""
    found = {}
    for index in indices:
        numerator = denominator = 1
        for k in indices:
            if k != index:
                numerator = numerator * (k - at) % order
                denominator = denominator * (k - index) % order
        found[index] = numerator * pow(denominator, -1, order) % order
    return found


def _item(group: Group, value: Any, place: str) -> Item:
    if not isinstance(value, list) or len(value) != 2 or value[0] not in ("Single", "Pedersen"):
        raise FormatRefusal("formato.tipo", place, '["Single",…] o ["Pedersen",…]', value)
    if value[0] == "Single":
        return Single(TrusteePublicKey.from_json(group, value[1], f"{place}[1]"))
    return Pedersen.from_json(group, value[1], f"{place}[1]")


def decode_trustees(group: Group, data: bytes, place: str) -> Trustees:
    """Read the canonical bytes. Nothing but form and group membership is checked."""
    found = canonical.items(canonical.parse(data, place), place, lambda v, p: _item(group, v, p))
    made = Trustees(tuple(found))
    canonical.require_same(data, canonical.encode([item.to_json() for item in made.items]), place)
    return made


def verify_trustees(group: Group, data: bytes, place: str = "trustees.json") -> Trustees:
    """Read and check everything. Raises FormatRefusal, ElementRefusal, ProofRefusal or CeremonyRefusal.

    Checked: canonical bytes; every element in the prime-order subgroup and not the identity; per
    Pedersen item contexts and signatures of the certificates, keys distinct, commitments signed alone
    and with Γ, verification keys their product; proofs of knowledge; no key in two items; election key
    not the identity.
    """
    made = decode_trustees(group, data, place)
    if not made.items:
        raise CeremonyRefusal("ceremonia.trustees.vacio", place, "al menos un custodio", "ninguno")
    for position, item in enumerate(made.items):
        item.check(group, f"{place}[{position}]")
    _require_disjoint(made.items, place)
    checks.require_not_identity(group, made.election_key(group), place)
    return made


def _require_disjoint(items: Sequence[Item], place: str) -> None:
    """No key in two items: nobody takes part twice under one key."""
    seen: set[str] = set()
    for position, item in enumerate(items):
        certificates = item.certs if isinstance(item, Pedersen) else ()
        own = {key.public_key for key in item.verification_keys}
        own |= {key for c in certificates for key in (c.verification, c.encryption)}
        repeated = sorted(own & seen)
        if repeated:
            raise CeremonyRefusal(
                "ceremonia.trustees.repetido", f"{place}[{position}]", "llaves distintas", repeated[0]
            )
        seen |= own
