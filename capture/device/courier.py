"""Sending one record until its acuse is here: begin, go on from where the server is, ask for the acuse.

Every step may be repeated: an upload has one name, a folio one record, and a record one acuse.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from capture.device.errors import DeviceRefused, TryAgain, TurnedDown
from capture.device.mischief import Mischief, flowing
from capture.device.service import Service
from capture.packet.envelope import Envelope

Sleep = Callable[[float], Awaitable[None]]
_LONGEST_WAIT = 30.0
"""Seconds."""
_NOT_RECEIVED = "paquete.no-recibido"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried, and how long after the first failure; then twice as long each time."""

    attempts: int = 8
    first_wait: float = 0.5
    """Seconds."""
    sleep: Sleep = field(default=asyncio.sleep)


class Courier:
    """Sends over one `Service`. `failed` counts requests that did not go through."""

    def __init__(
        self, service: Service, patience: Patience | None = None, mischief: Mischief | None = None
    ) -> None:
        self._service = service
        self._patience = patience or Patience()
        self._mischief = mischief
        self.failed = 0

    async def deliver(self, envelope: Envelope, body: bytes) -> bytes:
        """The acuse file, as the server gave it. Raises TurnedDown, and TryAgain when patience is over."""
        acuse = await self._persist(envelope, body)
        if self._mischief is not None and self._mischief.twice():
            repeated = await self._persist(envelope, body)
            _require_same(envelope, acuse, repeated)
        return acuse

    async def _persist(self, envelope: Envelope, body: bytes) -> bytes:
        wait = self._patience.first_wait
        for attempt in range(self._patience.attempts - 1):
            try:
                return await self._attempt(envelope, body, again=attempt > 0)
            except TryAgain as failure:
                self.failed += 1
                await self._patience.sleep(failure.seconds or wait)
                wait = min(2 * wait, _LONGEST_WAIT)
        return await self._attempt(envelope, body, again=True)

    async def _attempt(self, envelope: Envelope, body: bytes, *, again: bool) -> bytes:
        """At first the body goes along at once; afterwards what is missing of it, if anything is."""
        if again and (known := await self._known(envelope)) is not None:
            return known
        begun = await self._service.begin(envelope, None if again else self._flow(body))
        offset = begun.offset
        if again or offset < len(body):
            # Also when nothing is missing: the last byte may have come without the record being received.
            offset = await self._service.go_on(begun, self._flow(body[offset:]))
        acuse = await self._known(envelope) if offset == len(body) else None
        if acuse is None:
            raise TryAgain(f"van {offset} de {len(body)} bytes")
        return acuse

    async def _known(self, envelope: Envelope) -> bytes | None:
        """The acuse, if the record was received."""
        try:
            return await self._service.acuse(envelope)
        except TurnedDown as refusal:
            if refusal.rule != _NOT_RECEIVED:
                raise
            return None

    def _flow(self, data: bytes) -> AsyncIterator[bytes]:
        return flowing(data, self._mischief.cut(len(data)) if self._mischief is not None else None)


def _require_same(envelope: Envelope, acuse: bytes, repeated: bytes) -> None:
    """Its text is the same; its proof may be of a log that grew."""
    if acuse.partition(b"\n\n")[0] != repeated.partition(b"\n\n")[0]:
        raise DeviceRefused("acuse.repetido", f"registro {envelope.folio}", "el mismo acuse", "otro")
