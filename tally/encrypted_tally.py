"""The encrypted tally: the product of all ballots, answer by answer (specification, "Encrypted tally")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keys import canonical
from keys.errors import FormatRefusal
from keys.group import Element, Group
from tally.ballot import Ciphertext
from tally.questions import Question

SIZED_FIELDS = ("num_tallied", "total_weight", "encrypted_tally")
Matrix = list[list[tuple[Element, Element]]]
"""Ciphertexts by question and answer."""


class Aggregator:
    """Multiplies ballots as they come; keeps one ciphertext per answer, whatever the number of ballots."""

    def __init__(self, group: Group, questions: Sequence[Question]) -> None:
        self._group = group
        self.count = 0
        self.sums: Matrix = [[(group.identity, group.identity)] * q.size for q in questions]

    def add(self, choices: Matrix) -> None:
        """Multiply one ballot in. `choices` as `ReadBallot.choices`."""
        product = self._group.product
        self.sums = [
            [(product([a, c]), product([b, d])) for (a, b), (c, d) in zip(row, new, strict=True)]
            for row, new in zip(self.sums, choices, strict=True)
        ]
        self.count += 1

    def tally(self) -> EncryptedTally:
        """The tally so far."""
        encode = self._group.encode
        return EncryptedTally(tuple(tuple(Ciphertext(*encode(pair)) for pair in row) for row in self.sums))


@dataclass(frozen=True, slots=True)
class EncryptedTally:
    """`encrypted_tally`: ciphertexts by question and answer, as texts."""

    rows: tuple[tuple[Ciphertext, ...], ...]

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes([[{"alpha": a, "beta": b} for a, b in row] for row in self.rows])

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> EncryptedTally:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        rows = canonical.items(
            canonical.parse(data, place),
            place,
            lambda row, where: tuple(canonical.items(row, where, Ciphertext.from_json)),
        )
        tally = cls(tuple(rows))
        canonical.require_same(data, tally.data.decode(), place)
        return tally


@dataclass(frozen=True, slots=True)
class SizedTally:
    """`sized_encrypted_tally`: how many ballots, their weight, and the hash of the tally."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes({n: getattr(self, n) for n in SIZED_FIELDS})

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> SizedTally:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, SIZED_FIELDS)
        sized = cls(
            canonical.small_int(fields["num_tallied"], f"{place}.num_tallied"),
            canonical.small_int(fields["total_weight"], f"{place}.total_weight"),
            canonical.digest(fields["encrypted_tally"], f"{place}.encrypted_tally"),
        )
        canonical.require_same(data, sized.data.decode(), place)
        return sized


def require_recomputed(aggregator: Aggregator, tally: bytes, sized: SizedTally, place: str) -> None:
    """The published tally is the product of the ballots, and says how many they are. Raises FormatRefusal."""
    for name, expected, got in (
        ("num_tallied", aggregator.count, sized.num_tallied),
        ("total_weight", aggregator.count, sized.total_weight),
    ):
        if expected != got:
            raise FormatRefusal("computo.numero", f"{place}.{name}", expected, got)
    expected_tally = aggregator.tally().data
    if tally != expected_tally:
        at = next(
            (i for i, (a, b) in enumerate(zip(tally, expected_tally, strict=False)) if a != b),
            min(len(tally), len(expected_tally)),
        )
        raise FormatRefusal(
            "computo.cifrado",
            f"{place}.encrypted_tally, byte {at}",
            expected_tally[at : at + 40].decode(),
            tally[at : at + 40].decode("utf-8", "replace"),
        )
