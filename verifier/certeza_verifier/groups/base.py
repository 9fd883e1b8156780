"""What the verifier asks of a group (specification, section «Groups»), whatever computes it.

Elements are opaque to the rest of the package: they come from `parse`, which accepts only canonical texts of
elements of the prime-order group, or from operations on such elements.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

E = TypeVar("E")

# A product of powers: exponents of the fixed bases, then elements and their exponents, all in [0, order).
Job = tuple[Sequence[int], Sequence[E], Sequence[int]]

# The same with one element, which is named by its position in a list.
IndexedJob = tuple[Sequence[int], int, int]


class PointError(Exception):
    """The text at `index` is not acceptable; `rule` is an id of `rules.RULES`."""

    def __init__(self, index: int, rule: str) -> None:
        super().__init__(index, rule)
        self.index = index
        self.rule = rule


class Group(ABC, Generic[E]):
    """A group of prime order `order`, written multiplicatively as in the specification."""

    name: str
    order: int
    backend: str
    generator: E

    @abstractmethod
    def parse(self, texts: Sequence[str], *, allow_identity: bool = False, threads: int = 1) -> list[E]:
        """Elements of the texts, in order. Raises PointError for the first bad one.

        `threads` may be used where the arithmetic can use them.
        """

    @abstractmethod
    def text(self, element: E) -> str:
        """The one text of an element."""

    @abstractmethod
    def combine(self, elements: Sequence[E]) -> E:
        """Product of the elements; the identity for none."""

    @abstractmethod
    def multiply(self, bases: Sequence[E], jobs: Sequence[Job[E]]) -> list[E]:
        """For each job the product of bases[i]^fixed[i] and elements[j]^exponents[j]."""

    def multiply_text(self, bases: Sequence[E], jobs: Sequence[Job[E]]) -> list[str]:
        """`multiply`, as texts: what the challenges are computed from."""
        return [self.text(element) for element in self.multiply(bases, jobs)]

    def parse_and_multiply(
        self,
        texts: Sequence[str],
        products: Sequence[Sequence[int]],
        bases: Sequence[E],
        jobs: Sequence[IndexedJob],
    ) -> tuple[list[E], list[str]]:
        """`parse`, with `combine` of the elements at some positions, and `multiply_text` over both.

        The elements are those parsed, then one per list of positions. Raises PointError as `parse` does: what
        is computed from elements that it refuses never leaves this call.
        """
        elements = self.parse(texts)
        elements += [self.combine([elements[i] for i in positions]) for positions in products]
        plain = [(fixed, (elements[i],), (exponent,)) for fixed, i, exponent in jobs]
        return elements, self.multiply_text(bases, plain)

    @abstractmethod
    def sort_key(self, text: str) -> int:
        """Position of an element in Belenios' order of credentials."""

    def is_identity(self, element: E) -> bool:
        """Whether the element is the neutral one."""
        return self.text(element) == self.text(self.combine([]))


AnyGroup = Group[Any]
