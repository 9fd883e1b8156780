"""What patterns refuse."""

from __future__ import annotations

from keys.errors import Refusal


class UnknownPattern(Refusal):
    """The process has no such pattern."""
