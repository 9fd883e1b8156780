"""What «Mi Apoyo» refuses."""

from __future__ import annotations

from capture.processes.errors import NotRegistered, Refusal

__all__ = ["ActivationRefusal", "NotRegistered", "Refusal"]


class ActivationRefusal(Refusal):
    """An activation code cannot be given out or used as asked."""
