"""Reports of mails that came back, out of the folder in which a mail server leaves them (Maildir)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.http import logs
from api.outbox.bounce import MAX_REPORT_BYTES, parse_bounce
from api.outbox.desk_sql import bounced
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the inbox; one that is too large for a report is there without its end."""

    name: str
    data: bytes


class Inbox(Protocol):
    """Where reports arrive. Raises OSError."""

    def waiting(self) -> Iterator[Received]:
        """What nobody has read."""

    def read(self, name: str) -> None:
        """It was read; whoever looks at the inbox still finds it. Reading it twice does no harm."""


class MaildirInbox:
    """A Maildir: what is in `new` was not read, what is in `cur` was."""

    def __init__(self, folder: Path) -> None:
        self._new, self._cur = folder / "new", folder / "cur"

    def waiting(self) -> Iterator[Received]:
        """See `Inbox`."""
        for file in sorted(self._new.iterdir()):
            with file.open("rb") as opened:
                yield Received(file.name, opened.read(MAX_REPORT_BYTES + 1))

    def read(self, name: str) -> None:
        """See `Inbox`."""
        self._cur.mkdir(exist_ok=True)
        (self._new / name).rename(self._cur / f"{name.partition(':')[0]}:2,S")


class Returns:
    """Marks the messages that came back, so that a person sees them."""

    def __init__(self, database: Database, inbox: Inbox) -> None:
        self._database = database
        self._inbox = inbox

    def look(self) -> int:
        """Read what arrived; how many messages came back. Stopped anywhere, the next look does the rest."""
        total = 0
        for received in self._inbox.waiting():
            total += self._mark(received.data)
            self._inbox.read(received.name)
        return total

    def _mark(self, data: bytes) -> int:
        try:
            found = parse_bounce(data)
        except Exception as error:  # noqa: BLE001 - whatever somebody wrote to us, the others are read
            logs.logger().warning("rebote", error=type(error).__name__, lugar=logs.place_of(error))
            return 0
        if found is None:
            return 0
        with self._database.writing() as db:
            return bounced(db, found.sent_as, found.code)
