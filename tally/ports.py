"""What the use cases of an urn need from outside."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import BinaryIO, Protocol


class ArchiveReader(Protocol):
    """The bytes of one urn's archive."""

    def read(self) -> AbstractContextManager[BinaryIO]:
        """The archive from its beginning."""


class ArchiveStore(ArchiveReader, Protocol):
    """An archive with a single writer process, whose threads may act on it at once.

    Whoever adds to it says where it ended when it was read (`end`, bytes): when another act got in between,
    StoreMoved is raised and nothing is added. What a method returns from is durable.
    """

    def append(self, end: int, blocks: bytes) -> None:
        """Add one event with its data. Raises StoreMoved, or StoreError when nothing could be added."""

    def append_atomically(self, end: int, blocks: bytes) -> None:
        """Add several events: whatever happens, all of them are in the archive or none. Raises likewise."""

    @property
    def size(self) -> int:
        """Length in bytes."""


class Participation(Protocol):
    """Who has taken part, over all urns of a consultation (SEI-20)."""

    def person_of(self, uuid: str, credential: str) -> str | None:
        """The person to whom this public credential of this urn was issued."""

    def opinion_of(self, person: str) -> tuple[str, str] | None:
        """(uuid, tracker) of the person's recorded ballot."""

    def turn(self) -> AbstractContextManager[object]:
        """While it is held nobody else looks at or marks a person, in whichever urn of the consultation."""

    def record(self, person: str, uuid: str, tracker: str) -> None:
        """Mark the person, after the ballot is durable."""


class Clock(Protocol):
    """The time, with its zone."""

    def now(self) -> datetime:
        """The instant."""
