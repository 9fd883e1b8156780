"""What the life cycle of a Clave refuses."""

from __future__ import annotations

from keys.errors import Refusal


class ClaveRefusal(Refusal):
    """A Clave cannot be issued, replaced or disabled as asked."""


class UnknownPerson(Refusal):
    """No person of the consultation is who was named. Only for operators: entry never says so."""
