"""How a message reaches a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery: perhaps several messages as one. `identifier` is the same in a repeat."""

    identifier: str
    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    data: bytes


class Undeliverable(Exception):  # noqa: N818 - it says what the message is
    """This message will never arrive: the address is refused for good.

    `code` is stable and says nothing more.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Unreachable(OSError):  # noqa: N818 - it says what the other side is
    """The other side takes nothing now, whatever the message is: no other one is tried before the next look.

    Its text is a stable code.
    """


class Carrier(Protocol):
    """Delivers letters of one channel, from any number of threads at once.

    Raises Undeliverable to give up, Unreachable when no letter would arrive now, another OSError to try this
    one again later.
    """

    def deliver(self, letter: Letter) -> None:
        """Return once the other side has taken responsibility for it."""

    def rest(self) -> None:
        """No other letter is on its way or leaves soon: let go of what was kept for it. Raises nothing."""
