"""Refusals about the delivery of results."""

from __future__ import annotations

from keys.errors import Refusal


class ResultsRefusal(Refusal):
    """A step out of order, figures that do not add up, a key that came late, a term that is over."""


class PackageRefusal(Refusal):
    """A package that is not what the authority signed."""


class UnknownDelivery(ResultsRefusal):
    """There is no such delivery, or no such package."""
