"""What persons and Claves need from outside."""

from __future__ import annotations

from typing import Protocol


class Keeper(Protocol):
    """Seals what must be read again, and blinds names that must not be stored in clear, with a key that is
    not in the database."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """Authenticated encryption bound to a place."""

    def open(self, place: str, sealed: bytes) -> bytes:
        """What was sealed there."""

    def blind(self, kind: str, name: str) -> bytes:
        """32 bytes that stand for a name: equal for equal names, and of no use without the key."""
