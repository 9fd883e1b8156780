"""Messages as they wait, and the terms on which they are claimed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from api.outbox.message import Channel


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message as it waits."""

    row: int
    identifier: str
    channel: Channel
    to: str
    subject: str
    body: str
    group: str | None
    document: str | None
    attempts: int
    sent_as: str
    """Identifier of the mail that it goes in: that of the first message of those that go as one."""


Joint = tuple[Waiting, ...]
"""What goes as one letter, at least one message."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How messages are claimed. `lease`: for how long; `group`: how long those of a group wait for others;
    `group_messages`: how many go as one at most."""

    lease: timedelta
    group: timedelta
    group_messages: int
