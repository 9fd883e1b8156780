"""Delivering what waits: at least once, and said so once.

1. claim    a lease in the database: nobody else takes these messages while it lasts. What goes as one mail
            is settled here, for ever.
2. deliver  the other side takes responsibility. A crash after it and before 3 delivers once more when the
            lease is over, the same mail under the same identifier: that is why it is «at least once».
3. mark     delivered, or put back with a longer pause, or put aside for a person.

Channels do not wait for each other. A server that takes nothing is asked once a look, not once a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.http import logs
from api.outbox.message import Channel
from api.outbox.ports import Attachment, Carrier, Letter, Undeliverable, Unreachable
from api.outbox.settings import OutboxSettings
from api.outbox.store_sql import SqlMessages, Waiting

Documents = Callable[[str], Attachment]
"""The file of an issued document by its id. Raises OSError when it cannot be read now."""
_SEPARATOR = "\n" + "·" * 40 + "\n\n"


class Delivery:
    """Delivers with the carriers that there are; a channel without one waits."""

    def __init__(
        self,
        messages: SqlMessages,
        carriers: Mapping[Channel, Carrier],
        settings: OutboxSettings,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        documents: Documents | None = None,
    ) -> None:
        self._messages = messages
        self._carriers = carriers
        self._settings = settings
        self._clock = clock
        self._random = random
        self._documents = documents

    def deliver_all(self) -> int:
        """Everything that is due; how many messages were delivered."""
        return sum(self.deliver_channel(channel) for channel in Channel)

    def deliver_channel(self, channel: Channel) -> int:
        """What is due of one channel; how many messages were delivered."""
        total = 0
        while claimed := self._claim(channel):
            try:
                total += self._deliver(claimed)
            except Unreachable as error:
                self._later(claimed, _code(error))
                break
        return total

    def _claim(self, channel: Channel) -> list[Waiting]:
        given = self._settings
        lease, group = timedelta(seconds=given.lease_seconds), timedelta(seconds=given.group_seconds)
        return self._messages.claim(channel, self._clock(), lease, group, given.group_messages)

    def _deliver(self, claimed: Sequence[Waiting]) -> int:
        carrier = self._carriers.get(claimed[0].channel)
        if carrier is None:
            raise Unreachable("sin-salida")
        try:
            carrier.deliver(self._letter(claimed))
        except Unreachable:
            raise
        except Undeliverable as error:
            self._messages.put_aside(claimed, error.code)
        except OSError as error:
            self._later(claimed, _code(error))
        except Exception as error:  # noqa: BLE001 - one message that nobody foresaw stops no other
            logs.logger().error("mensaje", error=type(error).__name__, lugar=logs.place_of(error))
            self._later(claimed, type(error).__name__)
        else:
            self._messages.delivered(claimed, self._clock())
            return len(claimed)
        return 0

    def _later(self, claimed: Sequence[Waiting], code: str) -> None:
        attempts = max(message.attempts for message in claimed) + 1
        logs.logger().warning("mensaje", error=code, intento=attempts, cuantos=len(claimed))
        if attempts >= self._settings.attempts:
            self._messages.put_aside(claimed, code)
            return
        self._messages.put_back(claimed, code, self._clock() + self._pause(attempts))

    def _pause(self, attempts: int) -> timedelta:
        """Twice as long each time, and up to half more by chance, so that not all come back at once."""
        given = self._settings
        seconds = min(given.first_retry_seconds * 2 ** (attempts - 1), given.longest_retry_seconds)
        chance = int.from_bytes(self._random(2), "big") / 65_536
        return timedelta(seconds=seconds * (1 + chance / 2))

    def _letter(self, claimed: Sequence[Waiting]) -> Letter:
        first = claimed[0]
        letter = Letter(first.sent_as, first.to, first.subject, first.body, self._attached(claimed))
        if len(claimed) == 1:
            return letter
        subject = f"{first.subject} ({len(claimed)})"
        return replace(letter, subject=subject, body=_SEPARATOR.join(message.body for message in claimed))

    def _attached(self, claimed: Sequence[Waiting]) -> tuple[Attachment, ...]:
        names = [message.document for message in claimed if message.document]
        if not names:
            return ()
        if self._documents is None:
            raise OSError("sin-documentos")
        return tuple(self._documents(name) for name in names)


def _code(error: OSError) -> str:
    """A stable code: never the text of the other side, which may quote the message."""
    text = str(error)
    known = text if text.replace("-", "").isalnum() and len(text) < 40 else type(error).__name__
    return known[:80]
