"""The totals of a Mesa, encrypted to the key of the urns, with proofs (docs/adr/0022-small-urns.md).

Nobody but who encrypts them learns a number. What is proved: the author knows each total, none is negative,
and they add up to the number of ballots, which is public. Each total is written in binary and every bit
encrypted, with the proof of the Belenios specification that it is 0 or 1 ("Proofs of interval membership");
the product of the bits, each to its power of two, is the ciphertext of the total.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keys import canonical
from keys.errors import FormatRefusal
from keys.group import Element, Group, Tables
from keys.proofs import Claim, Proof, interval, settle
from keys.proofs.interval import Branches, branches
from keys.randomness import Randomness
from tally.ballot import Ciphertext

Pair = tuple[Element, Element]
VERSION = "certeza/mesa/v1"


@dataclass(frozen=True, slots=True)
class Bit:
    """One encrypted bit and the two branches of its proof."""

    ciphertext: Ciphertext
    proofs: tuple[Proof, Proof]

    def to_json(self) -> dict[str, Any]:
        """Its fields."""
        alpha, beta = self.ciphertext
        return {"alpha": alpha, "beta": beta, "prueba": [p.to_json() for p in self.proofs]}

    @classmethod
    def from_json(cls, value: Any, place: str, order: int) -> Bit:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, ("alpha", "beta", "prueba"))
        texts = (canonical.string(fields[n], f"{place}.{n}") for n in ("alpha", "beta"))
        first, second = canonical.items(
            fields["prueba"], f"{place}.prueba", lambda v, p: Proof.from_json(v, p, order), count=2
        )
        return cls(Ciphertext(*texts), (first, second))


@dataclass(frozen=True, slots=True)
class EncryptedTotals:
    """`rows`: bits of each option's total, the least significant first; the options of the urn's question."""

    rows: tuple[tuple[Bit, ...], ...]
    total_proof: Proof

    def to_json(self) -> dict[str, Any]:
        """Its fields."""
        return {
            "opciones": [[bit.to_json() for bit in row] for row in self.rows],
            "prueba_total": self.total_proof.to_json(),
        }

    @classmethod
    def from_json(cls, value: Any, place: str, order: int) -> EncryptedTotals:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, ("opciones", "prueba_total"))

        def bits(raw: Any, where: str) -> tuple[Bit, ...]:
            return tuple(canonical.items(raw, where, lambda v, p: Bit.from_json(v, p, order)))

        rows = canonical.items(fields["opciones"], f"{place}.opciones", bits)
        return cls(tuple(rows), Proof.from_json(fields["prueba_total"], f"{place}.prueba_total", order))


def width(total: int) -> int:
    """How many bits each option's total is written in: those of the number of ballots, at least one."""
    return max(1, total.bit_length())


def context(fingerprint: str, signer: str, total: int) -> str:
    """What binds every proof to its urn (`fingerprint` of its election), its author and its ballots."""
    return f"{VERSION}|{fingerprint}|{signer}|{total}"


class TotalsMaker:
    """Encrypts totals to one election key. Reusable; tables are computed once."""

    def __init__(self, group: Group, public_key: str, randomness: Randomness) -> None:
        self._group, self._randomness = group, randomness
        (key,) = group.decode([public_key], "llave_publica")
        self._tables: Tables = group.tables([group.generator, key])

    def make(self, where: str, numbers: Sequence[int]) -> EncryptedTotals:
        """`where`: as `context` gives it; `numbers`: one for each option. Raises FormatRefusal."""
        total = sum(numbers)
        for number in (*numbers, total):
            canonical.small_int(number, "totales de la Mesa")
        order, size = self._group.order, width(total)
        drafts = [[self._draft(number >> j & 1) for j in range(size)] for number in numbers]
        secret = sum(r << j for row in drafts for j, (r, _, _) in enumerate(row)) % order
        closing = branches(order, [(secret, 0)], 0, self._randomness)
        rows = [e for row in drafts for r, bit, proof in row for e in ((r,), (bit, r), *proof.rows)]
        texts = iter(
            self._group.encoded_powers(self._tables, [*rows, (secret,), (total, secret), *closing.rows])
        )
        made = tuple(
            tuple(_finish(order, f"{where}|{i}|{j}", draft, texts) for j, draft in enumerate(row))
            for i, row in enumerate(drafts)
        )
        prefix = interval.prefix(f"{where}|total", next(texts), next(texts))
        (proof,) = closing.finish(order, prefix, [next(texts), next(texts)], secret)
        return EncryptedTotals(made, proof)

    def _draft(self, bit: int) -> tuple[int, int, Branches]:
        """Randomness, bit, and its proof in the making."""
        order = self._group.order
        r = self._randomness.below(order)
        return r, bit, branches(order, [(r, bit), (r, bit - 1)], bit, self._randomness)


def _finish(order: int, where: str, draft: tuple[int, int, Branches], texts: Iterator[str]) -> Bit:
    r, _, proof = draft
    ciphertext = Ciphertext(next(texts), next(texts))
    commitments = [next(texts) for _ in proof.rows]
    first, second = proof.finish(order, interval.prefix(where, *ciphertext), commitments, r)
    return Bit(ciphertext, (first, second))


def check_totals(
    group: Group, public_key: str, totals: EncryptedTotals, options: int, total: int, where: str, place: str
) -> list[Pair]:
    """The ciphertext of each option's total, once all proofs hold. Raises Refusal.

    `where`: as `context` gives it. No bit and no product needs to be hidden from being the identity: a text
    that says so is refused, because no honest author draws it.
    """
    _require_shape(totals, options, width(total), place)
    (key,) = group.decode([public_key], "llave_publica")
    flat = [bit for row in totals.rows for bit in row]
    elements = group.decode([t for bit in flat for t in bit.ciphertext], f"{place}.opciones")
    pairs = list(zip(elements[::2], elements[1::2], strict=True))
    size = width(total)
    claims = [
        _claim(
            group, f"{place}.opciones[{n // size}][{n % size}]", f"{where}|{n // size}|{n % size}", bit, pair
        )
        for n, (bit, pair) in enumerate(zip(flat, pairs, strict=True))
    ]
    products = [_weighted(group, pairs[n : n + size]) for n in range(0, len(pairs), size)]
    claims.append(_total_claim(group, products, totals, total, where, place))
    settle(group, group.tables([group.generator, key]), claims)
    return products


def _require_shape(totals: EncryptedTotals, options: int, size: int, place: str) -> None:
    shape = [len(row) for row in totals.rows]
    if shape != [size] * options:
        expected = f"{options} opciones de {size} bits"
        raise FormatRefusal("mesa.forma", f"{place}.opciones", expected, shape)


def _claim(group: Group, place: str, where: str, bit: Bit, pair: Pair) -> Claim:
    prefix = interval.prefix(where, *bit.ciphertext)
    jobs = interval.branch_jobs(group.order, *pair, (0, 1), bit.proofs)
    return Claim("mesa.prueba_bit", place, prefix, jobs, sum(p.challenge for p in bit.proofs))


def _weighted(group: Group, bits: Sequence[Pair]) -> Pair:
    """The product of the bits of one number, each to its power of two."""
    powers = [1 << j for j in range(len(bits))]
    jobs = [((), [pair[side] for pair in bits], powers) for side in (0, 1)]
    alpha, beta = group.products(group.tables([]), jobs)
    return alpha, beta


def _total_claim(
    group: Group, products: Sequence[Pair], totals: EncryptedTotals, total: int, where: str, place: str
) -> Claim:
    whole = group.product([a for a, _ in products]), group.product([b for _, b in products])
    prefix = interval.prefix(f"{where}|total", *group.encode(whole))
    jobs = interval.branch_jobs(group.order, *whole, (total,), [totals.total_proof])
    return Claim("mesa.prueba_total", f"{place}.prueba_total", prefix, jobs, totals.total_proof.challenge)
