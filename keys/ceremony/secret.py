"""The three secret contents that travel inside channels: a polynomial, one share, a decryption key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keys import canonical
from keys.ceremony.channel import hidden

SHARE = "secret"
DECRYPTION_KEY = "decryption_key"


def write_polynomial(coefficients: Sequence[int]) -> str:
    """`raw_polynomial`, from the constant term up."""
    return canonical.encode({"polynomial": [str(c) for c in coefficients]})


def read_polynomial(text: str, place: str, order: int, count: int) -> list[int]:
    """Exactly `count` coefficients. Raises FormatRefusal without quoting them."""
    with hidden(place):
        fields = _fields(text, place, "polynomial")
        return canonical.items(
            fields["polynomial"], place, lambda v, p: canonical.exponent(v, p, order), count
        )


def write_number(name: str, number: int) -> str:
    """`secret` or the decryption key: an object with one number."""
    return canonical.encode({name: str(number)})


def read_number(name: str, text: str, place: str, order: int) -> int:
    """The number of `write_number`. Raises FormatRefusal without quoting it."""
    with hidden(place):
        return canonical.exponent(_fields(text, place, name)[name], place, order)


def _fields(text: str, place: str, name: str) -> dict[str, Any]:
    fields = canonical.record(canonical.parse(text.encode(), place), place, (name,))
    canonical.require_same(text.encode(), canonical.encode(fields), place)
    return fields
