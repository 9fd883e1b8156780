"""What the compulsa needs from outside, beside the padrón."""

from __future__ import annotations

from typing import Protocol


class Unsealer(Protocol):
    """Part of the bóveda: the only place where the keys of processes are."""

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """The data of a record in clear. Raises Refusal, or OSError when it cannot be reached."""
