"""Why a packet is not taken."""

from __future__ import annotations

from keys.errors import Refusal


class IntakeRefusal(Refusal):
    """The packet is not for now, not for here, or not from who may send it."""


class UnknownSender(IntakeRefusal):
    """No such device or process is registered."""
