"""What others ask of the bóveda, wherever it runs."""

from __future__ import annotations

from typing import Protocol


class KeyChamber(Protocol):
    """Keys of processes and periodos. Raises VaultRefusal, and OSError when it is out of reach."""

    def new_process_key(self, proceso: str) -> str:
        """Make the process's key, once: its age recipient. The same one when it was made before."""

    def open(self, proceso: str, sealed: bytes) -> bytes:
        """What was sealed to the process's recipient. Raises VaultRefusal (boveda.llave, boveda.sobre)."""

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """32 bytes that only the bóveda can compute, the same for the whole periodo."""

    def destroy(self, proceso: str) -> bytes:
        """Destroy the process's key for ever; the SHA-256 of its recipient, as evidence."""
