"""Refusals of the Mesa."""

from __future__ import annotations

from keys.errors import Refusal


class MesaRefusal(Refusal):
    """A count that does not add up, or an act that is not due."""


class MesaSettled(MesaRefusal):
    """Too early or too late: the stage of the Mesas, or an acta that was issued, does not permit it."""


class AlreadyOpined(Refusal):
    """The person opined by internet and must not opine again at the Mesa (SEI-24)."""
