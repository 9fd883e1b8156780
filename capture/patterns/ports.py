"""What patterns need from outside, and what processing asks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from capture.patterns.seen import Seen
from capture.records.record import Record


class Sealer(Protocol):
    """The part of the bóveda that patterns use: see `capture.processing.ports.Boveda`."""

    def seal(self, proceso: str, data: bytes) -> bytes:
        """Encrypt to the process."""

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """Decrypt what `seal` made. Raises Refusal, OSError when it cannot be reached."""


class Patterns(Protocol):
    """Where processing leaves what it saw of a record. Patterns never change a record."""

    def seal(self, proceso: str, seen: Seen) -> bytes:
        """What is kept of a record. Raises Refusal, OSError."""

    def keep(self, connection: Connection, record: Record, sealed: bytes) -> None:
        """In the transaction that settles the record: it will be looked for. Nothing the second time."""


Progress = Callable[[str, int, int], None]
"""Told while an index is loaded: process, records so far, records in all."""
