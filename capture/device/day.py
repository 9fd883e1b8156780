"""A day of capture: many records offline, then all that wait are sent, several at a time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from capture.device.capturing import Holder, Taken, capture
from capture.device.courier import Courier
from capture.device.errors import TryAgain
from capture.device.outbox import Outbox
from capture.device.showing import Show
from capture.limits import CaptureLimits
from capture.packet.device_key import PrivateKey
from capture.packet.envelope import Envelope
from capture.packet.record import Location
from keys.errors import Refusal
from keys.randomness import Randomness
from ledger.policy import Policy

Told = Callable[[int, int], None]
"""Called with how many are done, of how many."""
_LATITUDE, _LONGITUDE, _SPREAD = 22_770_000, -102_580_000, 200_000  # microdegrees


@dataclass(frozen=True, slots=True)
class Offline:
    """What a device captures with. `clock` gives aware instants, `random` that many bytes."""

    holder: Holder
    key: PrivateKey
    outbox: Outbox
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    randomness: Randomness
    limits: CaptureLimits = field(default_factory=CaptureLimits)

    def capture_many(self, count: int, show: Show, told: Told) -> None:
        """Capture what so many people show, into the outbox."""
        for number in range(1, count + 1):
            taken = self._taken(show)
            sealed = capture(taken, self.holder, self.key, self.clock(), self.random, self.limits)
            self.outbox.keep(sealed)
            told(number, count)

    def _taken(self, show: Show) -> Taken:
        shown = show(self.randomness)
        away = (self.randomness.below(2 * _SPREAD) - _SPREAD for _ in range(2))
        return Taken(
            model=shown.model,
            credencial=shown.credencial,
            numero=shown.numero,
            fields=shown.fields,
            codes=shown.codes,
            images=shown.images,
            original=True,
            location=Location(_LATITUDE + next(away), _LONGITUDE + next(away), 5 + self.randomness.below(60)),
        )


@dataclass
class Sent:
    """How sending went. `seconds`: from the first byte of a record to its verified acuse, for each."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    """By rule; these records still wait on the device."""
    unreachable: int = 0
    """Records that did not get through, and wait."""
    lasted: float = 0.0
    """Seconds of all of it."""

    def quantile(self, part: float) -> float:
        """The seconds within which that part of the acuses was there (nearest rank)."""
        ordered = sorted(self.seconds)
        return ordered[max(-(-len(ordered) * round(part * 1000) // 1000) - 1, 0)] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Sending:
    """How records are sent. `per_second`: how many begin in a second at most; None for as fast as it goes."""

    outbox: Outbox
    policy: Policy
    courier: Courier
    at_once: int
    per_second: float | None = None

    async def all(self, told: Told) -> Sent:
        """Send all that wait. What is not acknowledged stays in the outbox."""
        queue = list(self.outbox.waiting())
        made, begun, total = Sent(), time.monotonic(), len(queue)
        waiting = iter(enumerate(queue))

        async def work() -> None:
            for number, envelope in waiting:
                if self.per_second is not None:
                    await asyncio.sleep(begun + number / self.per_second - time.monotonic())
                await self._one(envelope, made)
                told(len(made.seconds) + sum(made.refused.values()) + made.unreachable, total)

        await asyncio.gather(*(work() for _ in range(min(self.at_once, total))))
        made.lasted = time.monotonic() - begun
        return made

    async def _one(self, envelope: Envelope, made: Sent) -> None:
        body = await asyncio.to_thread(self.outbox.body, envelope)
        began = time.monotonic()
        try:
            acuse = await self.courier.deliver(envelope, body)
            await asyncio.to_thread(self.outbox.settle, envelope, acuse, self.policy)
        except TryAgain:
            made.unreachable += 1
        except Refusal as refusal:
            made.refused[refusal.rule] += 1
        else:
            made.seconds.append(time.monotonic() - began)
