"""What is announced before a ceremony, and what every certificate repeats: group, size, threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from keys import canonical
from keys.ceremony.channel import CeremonyRefusal
from keys.errors import Refusal

T = TypeVar("T")
MAX_TRUSTEES = 64
CONTEXT_FIELDS = ("group", "size", "threshold", "index")


@dataclass(frozen=True, slots=True)
class Terms:
    """Any `threshold` of `size` trustees open what is encrypted to their key."""

    group: str
    size: int
    threshold: int

    def check(self, place: str) -> Terms:
        """Raises CeremonyRefusal unless 1 <= threshold <= size."""
        if not 1 <= self.threshold <= self.size:
            raise CeremonyRefusal(
                "ceremonia.umbral", place, f"un umbral entre 1 y {self.size} custodios", self.threshold
            )
        return self

    def check_for_consultation(self, place: str) -> Terms:
        """Ours alone: never n of n, so that one lost key does not lose the urn; at most MAX_TRUSTEES."""
        self.check(place)
        if self.size > MAX_TRUSTEES:
            raise CeremonyRefusal("ceremonia.custodios", place, f"hasta {MAX_TRUSTEES} custodios", self.size)
        if self.threshold == self.size:
            raise CeremonyRefusal(
                "ceremonia.umbral.todos",
                place,
                f"un umbral menor que {self.size}, para que una llave perdida no deje cerrada la urna",
                self.threshold,
            )
        return self

    def context(self, index: int) -> Context:
        """The context of the certificate of trustee `index` (from 1)."""
        return Context(self.group, self.size, self.threshold, index)

    def indices(self) -> range:
        """1..size."""
        return range(1, self.size + 1)

    def require_index(self, index: int, place: str) -> None:
        """Raises CeremonyRefusal unless `index` is in 1..size."""
        if index not in self.indices():
            raise CeremonyRefusal("ceremonia.indice", place, f"un índice entre 1 y {self.size}", index)


@dataclass(frozen=True, slots=True)
class Context:
    """`context` of the specification."""

    group: str
    size: int
    threshold: int
    index: int

    def to_json(self) -> dict[str, Any]:
        return {n: getattr(self, n) for n in CONTEXT_FIELDS}

    @classmethod
    def from_json(cls, value: Any, place: str) -> Context:
        fields = canonical.record(value, place, CONTEXT_FIELDS)
        group = canonical.string(fields["group"], f"{place}.group")
        return cls(group, *(canonical.small_int(fields[n], f"{place}.{n}") for n in CONTEXT_FIELDS[1:]))


@contextmanager
def blame(trustee: int) -> Iterator[None]:
    """Refusals raised inside name `trustee` as the one whose message is at fault."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.by(trustee) from None


def per_trustee(value: Any, place: str, read: Callable[[Any, str], T], size: int | None = None) -> list[T]:
    """An array with one item per trustee, in order; refusals of an item name its trustee."""
    found = []
    for position, item in enumerate(canonical.items(value, place, lambda v, _: v, size)):
        with blame(position + 1):
            found.append(read(item, f"{place}[{position}]"))
    return found
