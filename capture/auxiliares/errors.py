"""What is refused of auxiliares, their rosters, their devices and of «Mi Apoyo»."""

from __future__ import annotations

from capture.identity.errors import FormRefusal, IdentityRefusal, Refusal
from capture.processes.errors import NotRegistered

__all__ = ["AuxiliarRefusal", "FormRefusal", "IdentityRefusal", "NotRegistered", "Refusal", "RosterRefusal"]


class AuxiliarRefusal(Refusal):
    """An auxiliar cannot be registered, removed or reviewed as asked."""


class RosterRefusal(AuxiliarRefusal):
    """A file of auxiliares cannot be read as one, before looking at its rows."""
