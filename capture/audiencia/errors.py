"""What is refused about audiencias."""

from __future__ import annotations

from keys.errors import Refusal


class AudienciaRefusal(Refusal):
    """A step before or after its time, or a change that 002 §7.3 does not allow."""


class UnknownAudiencia(AudienciaRefusal):
    """There is no such audiencia."""
