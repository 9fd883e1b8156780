"""What the validation module refuses."""

from __future__ import annotations

from keys.errors import Refusal


class ValidacionRefusal(Refusal):
    """It is not held by who asks, or it is not as it must be."""


class UnknownSorteo(Refusal):
    """No such sample, or the request is not in it."""
