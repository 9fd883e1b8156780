"""What registering a device needs from outside."""

from __future__ import annotations

from typing import Protocol


class SealedBodies(Protocol):
    """The store of sealed bytes."""

    def put(self, path: str, data: bytes) -> None:
        """Keep them durably before returning. Raises OSError when that cannot be."""
