"""The group interface: all that protocols may ask of a prime-order group.

Elements are opaque: only the group that made one can use it. They are hashable and compare by
value. Two families of operations, never to be exchanged:

* `products`: variable time, for PUBLIC exponents (verification);
* `powers`, `power_each`: constant time where the backend offers it, for SECRET exponents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from keys.errors import ElementRefusal

Element: TypeAlias = Any
"""An element of a group; hashable, compared by value, meaningful to its group only."""

Tables: TypeAlias = Any
"""Precomputation for some fixed bases, made by `Group.tables`."""

Job: TypeAlias = tuple[Sequence[int], Sequence[Element], Sequence[int]]
"""(exponents of the fixed bases, further elements, their exponents); exponents in [0, order)."""


class Group(Protocol):
    """A cyclic group of prime order (Belenios specification, section "Groups")."""

    name: str
    """The string that specifies the group in an election."""
    order: int
    generator: Element
    identity: Element
    arithmetic: str
    """Which implementation computes: `nativa`, `libsodium` or `enteros`."""

    def decode(self, texts: Sequence[str], place: str) -> list[Element]:
        """Elements of the group other than the identity. Raises ElementRefusal naming `place[i]`."""

    def encode(self, elements: Sequence[Element]) -> list[str]:
        """The one text of each element; of the identity too."""

    def sort_key(self, text: str) -> bytes:
        """The order in which Belenios lists elements, given a valid text."""

    def product(self, elements: Sequence[Element]) -> Element:
        """The product of all; the identity for none."""

    def tables(self, bases: Sequence[Element]) -> Tables:
        """Precompute for fixed bases, in this order."""

    def products(self, tables: Tables, jobs: Sequence[Job]) -> list[Element]:
        """Per job, the product of powers of the fixed bases and of its own elements. Public data only."""

    def encoded_products(self, tables: Tables, jobs: Sequence[Job]) -> list[str]:
        """`products`, as text."""

    def powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[Element]:
        """Per row of secret exponents, one per fixed base, the product of the powers.

        A shorter row leaves out the last bases. Its length shows: only what the protocol fixes may shorten
        it, never a value that happens to be zero.
        """

    def encoded_powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[str]:
        """`powers`, as text."""

    def power_each(self, elements: Sequence[Element], exponent: int) -> list[Element]:
        """Each element to the same secret exponent."""


RULES = {
    "length": "la longitud exacta",
    "text": "la forma canónica del grupo",
    "non-canonical": "una codificación canónica",
    "not-on-curve": "un punto de la curva",
    "not-prime-order": "un elemento del subgrupo de orden primo",
    "identity": "un elemento distinto del neutro",
}


def refuse(place: str, index: int, rule: str, got: str) -> ElementRefusal:
    """The refusal for the element at `place[index]`; `rule` is a key of RULES."""
    return ElementRefusal(f"elemento.{rule}", f"{place}[{index}]", RULES[rule], got)
