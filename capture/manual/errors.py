"""What captura manual refuses."""

from __future__ import annotations

from keys.errors import Refusal


class ManualRefusal(Refusal):
    """The régimen de excepción does not cover it, or the form is not complete."""
