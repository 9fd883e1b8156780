"""Partial decryptions and the result (specification, "Partial decryptions" and "Election result")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from keys import canonical
from keys.errors import FormatRefusal
from keys.group import Element, Group
from keys.proofs import Claim, Proof, decryption, settle
from keys.proofs.schnorr import generator_tables
from keys.randomness import Randomness
from tally.encrypted_tally import EncryptedTally

FIELDS = ("decryption_factors", "decryption_proofs")
T = TypeVar("T")
OWNED_FIELDS = ("owner", "payload")


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's factors and proofs for one tally, by question and answer; factors as texts."""

    factors: tuple[tuple[str, ...], ...]
    proofs: tuple[tuple[Proof, ...], ...]

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes(
            {
                "decryption_factors": [list(row) for row in self.factors],
                "decryption_proofs": [[p.to_json() for p in row] for row in self.proofs],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, place: str, order: int) -> PartialDecryption:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        factors = canonical.items(
            fields["decryption_factors"],
            f"{place}.decryption_factors",
            lambda row, where: tuple(canonical.items(row, where, canonical.string)),
        )
        proofs = canonical.items(
            fields["decryption_proofs"],
            f"{place}.decryption_proofs",
            lambda row, where: tuple(canonical.items(row, where, lambda v, p: Proof.from_json(v, p, order))),
        )
        partial = cls(tuple(factors), tuple(proofs))
        canonical.require_same(data, partial.data.decode(), place)
        return partial


@dataclass(frozen=True, slots=True)
class OwnedPartialDecryption:
    """Payload of a PartialDecryption event: the trustee's number, from 1, and the hash of the factors."""

    owner: int
    payload: str

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes({"owner": self.owner, "payload": self.payload})

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> OwnedPartialDecryption:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, OWNED_FIELDS)
        owned = cls(
            canonical.small_int(fields["owner"], f"{place}.owner"),
            canonical.digest(fields["payload"], f"{place}.payload"),
        )
        canonical.require_same(data, owned.data.decode(), place)
        return owned


def decrypt(
    group: Group,
    fingerprint: str,
    tally: EncryptedTally,
    secret: int,
    public: str,
    randomness: Randomness,
) -> PartialDecryption:
    """One trustee's share for one tally. `public` is the text of g^secret.

    An identity alpha (an urn without ballots) gives the identity, with a proof all the same.
    """
    prefix = decryption.prefix(fingerprint, public)
    alphas = [alpha for row in tally.rows for alpha, _ in row]
    elements = decode_tally(group, alphas, "cómputo cifrado")
    factors, proofs = decryption.factors(group, prefix, secret, elements, randomness)
    texts = group.encode(factors)
    return PartialDecryption(_shaped(texts, tally), _shaped(proofs, tally))


def claims(
    group: Group,
    fingerprint: str,
    tally: EncryptedTally,
    partial: PartialDecryption,
    public: str,
    place: str,
) -> list[Claim]:
    """What a share claims, over tables of the generator. Raises FormatRefusal when its shape is another."""
    shape = [len(row) for row in tally.rows]
    for name, rows in (("decryption_factors", partial.factors), ("decryption_proofs", partial.proofs)):
        if [len(row) for row in rows] != shape:
            raise FormatRefusal("descifrado.forma", f"{place}.{name}", shape, [len(row) for row in rows])
    prefix = decryption.prefix(fingerprint, public)
    (key,) = group.decode([public], f"{place}.llave")
    alphas = decode_tally(group, [a for row in tally.rows for a, _ in row], f"{place}.alpha")
    texts = [text for row in partial.factors for text in row]
    factors = decode_tally(group, texts, f"{place}.decryption_factors")
    proofs = [proof for row in partial.proofs for proof in row]
    return [
        decryption.claim(f"{place}.decryption_proofs[{i}]", prefix, key, alpha, factor, proof)
        for i, (alpha, factor, proof) in enumerate(zip(alphas, factors, proofs, strict=True))
    ]


def check(
    group: Group,
    fingerprint: str,
    tally: EncryptedTally,
    partial: PartialDecryption,
    public: str,
    place: str,
) -> None:
    """A share is right. Raises Refusal otherwise."""
    settle(group, generator_tables(group), claims(group, fingerprint, tally, partial, public, place))


def result(
    group: Group,
    tally: EncryptedTally,
    factors: Sequence[Sequence[Element]],
    ballots: int,
) -> list[list[int]]:
    """Votes by question and answer, from the combined `factors` F: log_g(beta / F), at most `ballots`.

    Raises FormatRefusal when there is no such number: the shares do not open this tally.
    """
    betas = [decode_tally(group, [b for _, b in row], "beta") for row in tally.rows]
    minus_one = group.order - 1
    tables = group.tables([])
    plain = [
        group.products(tables, [((), (b, f), (1, minus_one)) for b, f in zip(row, found, strict=True)])
        for row, found in zip(betas, factors, strict=True)
    ]
    logs = _small_logs(group, {element for row in plain for element in row}, ballots)
    return [[logs[element] for element in row] for row in plain]


def combine(
    group: Group, partials: Mapping[int, PartialDecryption], coefficients: Mapping[int, int]
) -> list[list[Element]]:
    """Product over owners of factor^coefficient, by question and answer. Coefficients are Lagrange's."""
    used = {o: decode_factors(group, o, partial) for o, partial in partials.items() if o in coefficients}
    return combine_factors(group, used, coefficients)


def decode_factors(group: Group, owner: int, partial: PartialDecryption) -> list[list[Element]]:
    """The factors of a share as elements, by question and answer. Raises ElementRefusal."""
    return [decode_tally(group, row, f"custodio {owner}") for row in partial.factors]


def combine_factors(
    group: Group, factors: Mapping[int, Sequence[Sequence[Element]]], coefficients: Mapping[int, int]
) -> list[list[Element]]:
    """`combine` for factors that are elements already; each owner has a coefficient."""
    owners = list(factors)
    exponents = [coefficients[o] for o in owners]
    tables = group.tables([])
    return [
        group.products(tables, [((), [factors[o][i][j] for o in owners], exponents) for j in range(len(row))])
        for i, row in enumerate(factors[owners[0]])
    ]


def result_data(votes: Sequence[Sequence[int]]) -> bytes:
    """Canonical bytes of the `result` structure."""
    return canonical.encode_bytes({"result": [list(row) for row in votes]})


def read_result(data: bytes, place: str) -> list[list[int]]:
    """Votes by question and answer. Raises FormatRefusal."""
    fields = canonical.record(canonical.parse(data, place), place, ("result",))
    votes = canonical.items(
        fields["result"], place, lambda row, where: canonical.items(row, where, canonical.small_int)
    )
    canonical.require_same(data, result_data(votes).decode(), place)
    return votes


def decode_tally(group: Group, texts: Sequence[str], place: str) -> list[Element]:
    """Decode elements of a tally or of a share, where the identity is right: an urn may be empty."""
    (neutral,) = group.encode([group.identity])
    others = iter(group.decode([t for t in texts if t != neutral], place))
    return [group.identity if t == neutral else next(others) for t in texts]


def _shaped(flat: Sequence[T], tally: EncryptedTally) -> tuple[tuple[T, ...], ...]:
    items = iter(flat)
    return tuple(tuple(next(items) for _ in row) for row in tally.rows)


def _small_logs(group: Group, wanted: set[Element], limit: int) -> dict[Element, int]:
    """The exponents in [0, limit] whose powers of g are `wanted`, by stepping."""
    found: dict[Element, int] = {}
    current = group.identity
    for number in range(limit + 1):
        if current in wanted:
            found[current] = number
            if len(found) == len(wanted):
                return found
        current = group.product([current, group.generator])
    raise FormatRefusal("resultado.logaritmo", "resultado", f"un número de 0 a {limit}", "ninguno")
