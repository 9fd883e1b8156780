"""Delivering what waits, several letters at once: at least once, and said so once.

1. claim    a lease in the database, for as many letters as may leave now, in one short transaction: nobody
            else takes these messages while it lasts. What goes as one mail is settled here, for ever.
2. deliver  each in a thread, with no transaction open. The other side takes responsibility. A crash after it
            and before 3 delivers once more when the lease is over, the same mail under the same identifier:
            that is why it is «at least once». A letter begins in the first half of its lease or not at all.
3. settle   delivered, or put back with a longer pause, or put aside for a person: several in one transaction.
            What cannot be written is kept, and written at the next look.

Channels do not wait for each other, nor do letters: one that hangs costs its thread until its time is over.
A server that takes nothing is asked with one letter a look, not with every one that waits; many at once are
for a server that answered since.

Order. What one process delivers to a recipient leaves in the order in which it was put, each after the answer
to the one before: a newer token overtakes an older one only where that has to be tried again. Several
processes keep no order among them. None of this is less than what one letter at a time gave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.http import logs
from api.outbox.fate import Aside, Delivered, Fate, Later, Untried
from api.outbox.flight import Flight
from api.outbox.message import Channel
from api.outbox.ports import Attachment, Carrier, Letter, Undeliverable, Unreachable
from api.outbox.settings import OutboxSettings
from api.outbox.store_sql import SqlMessages
from api.outbox.waiting import Joint, Terms

Documents = Callable[[str], Attachment]
"""The file of an issued document by its id. Raises OSError when it cannot be read now."""
BREATH_SECONDS = 0.2
"""After so long letters that hang are left to themselves: the others are settled, and more leave."""
_SEPARATOR = "\n" + "·" * 40 + "\n\n"


@dataclass(slots=True)
class _Lane:
    """One channel: what is on its way, and what is known of its other side. `answered`: it took or refused a
    letter, in a look that never found it `shut`: taking nothing, so that nothing else leaves in that look."""

    flight: Flight
    answered: bool = False
    shut: bool = False

    def look(self) -> None:
        """A new look begins."""
        self.answered, self.shut = self.answered and not self.shut, False

    def room(self) -> int:
        """How many letters may leave: one alone to a side that did not answer yet, until it had its time."""
        if self.shut:
            return 0
        return self.flight.room if self.answered or self.flight.away else 1


class Delivery:
    """Delivers with the carriers that there are; a channel without one waits. A channel is of one thread."""

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
        lease, group = timedelta(seconds=settings.lease_seconds), timedelta(seconds=settings.group_seconds)
        self._terms = Terms(lease, group, settings.group_messages)
        self._lanes = {each: _Lane(Flight(self._fate, settings.at_once(each))) for each in Channel}

    def deliver_all(self) -> int:
        """Everything that is due; how many messages were delivered."""
        return sum(self.deliver_channel(channel) for channel in Channel)

    def deliver_channel(self, channel: Channel) -> int:
        """What is due of one channel; how many messages were delivered."""
        lane = self._lanes[channel]
        lane.look()
        total = self._settle(lane.flight)
        while (sent := self._send(channel, lane)) or lane.flight.away:
            lane.flight.wait(BREATH_SECONDS if sent else self._settings.seconds)
            total += self._settle(lane.flight)
        if channel in self._carriers:
            self._carriers[channel].rest()
        return total

    def _send(self, channel: Channel, lane: _Lane) -> int:
        """Claim what may leave now, and let it leave; how many letters."""
        room, now = lane.room(), self._clock()
        if not room:
            return 0
        claimed = self._messages.claim(channel, now, self._terms, room, lane.flight.busy)
        lane.flight.send(claimed, now + self._terms.lease / 2)
        return len(claimed)

    def _settle(self, flight: Flight) -> int:
        if not flight.landed:
            return 0
        self._messages.settle(flight.landed, self._clock())
        delivered = sum(len(joint) for joint, fate in flight.landed if isinstance(fate, Delivered))
        flight.landed.clear()
        return delivered

    def _fate(self, joint: Joint, begin_before: datetime) -> Fate:
        """Deliver one letter, in a thread of its own."""
        lane = self._lanes[joint[0].channel]
        if lane.shut or self._clock() > begin_before:
            return Untried()
        try:
            fate = self._tried(joint)
        except Unreachable as error:
            lane.shut = True
            return self._again(joint, _code(error))
        lane.answered = True
        return fate

    def _tried(self, joint: Joint) -> Fate:
        """Raises Unreachable."""
        carrier = self._carriers.get(joint[0].channel)
        if carrier is None:
            raise Unreachable("sin-salida")
        try:
            carrier.deliver(self._letter(joint))
        except Unreachable:
            raise
        except Undeliverable as error:
            return Aside(error.code)
        except OSError as error:
            return self._again(joint, _code(error))
        except Exception as error:  # noqa: BLE001 - one message that nobody foresaw stops no other
            logs.logger().error("mensaje", error=type(error).__name__, lugar=logs.place_of(error))
            return self._again(joint, type(error).__name__)
        return Delivered()

    def _again(self, joint: Joint, code: str) -> Fate:
        attempts = max(message.attempts for message in joint) + 1
        logs.logger().warning("mensaje", error=code, intento=attempts, cuantos=len(joint))
        if attempts >= self._settings.attempts:
            return Aside(code)
        return Later(code, self._clock() + self._pause(attempts))

    def _pause(self, attempts: int) -> timedelta:
        """Twice as long each time, and up to half more by chance, so that not all come back at once."""
        given = self._settings
        seconds = min(given.first_retry_seconds * 2 ** (attempts - 1), given.longest_retry_seconds)
        chance = int.from_bytes(self._random(2), "big") / 65_536
        return timedelta(seconds=seconds * (1 + chance / 2))

    def _letter(self, joint: Joint) -> Letter:
        first = joint[0]
        letter = Letter(first.sent_as, first.to, first.subject, first.body, self._attached(joint))
        if len(joint) == 1:
            return letter
        subject = f"{first.subject} ({len(joint)})"
        return replace(letter, subject=subject, body=_SEPARATOR.join(message.body for message in joint))

    def _attached(self, joint: Joint) -> tuple[Attachment, ...]:
        names = [message.document for message in joint if message.document]
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
