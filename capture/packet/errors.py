"""What a packet is refused for."""

from __future__ import annotations

from keys.errors import Refusal


class PacketRefusal(Refusal):
    """The packet is well formed and does not hold: a signature, a size, a hash, a file of the body."""
