"""What the bóveda refuses."""

from __future__ import annotations

from keys.errors import Refusal


class VaultRefusal(Refusal):
    """There is no such key, it was destroyed, or what was given is not sealed to it."""
