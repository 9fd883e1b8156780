"""Connections that may not be held for nothing: what uvicorn leaves to a server in front of it.

Whoever connects and says nothing, or never ends a request's headers, is let go; and when there are too many
connections, the one that has been idle longest makes room for a new one.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 200
"""At once. Each costs a descriptor, and a process has about a thousand."""
IDLE_SECONDS = 20.0
"""Within which the headers of a request must have come. The body's time is the application's."""


class Connection(H11Protocol):
    """One connection."""

    _since = 0.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch = self.loop.call_later(IDLE_SECONDS, self._look, None)
        if len(self.connections) > MAX_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """See uvicorn."""
        self._since = self.loop.time()
        super().on_response_complete()

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _look(self, before: object) -> None:
        """Let it go if no request has begun since the last look."""
        if not self.is_busy and self.cycle is before:
            self.transport.abort()
        else:
            self._watch = self.loop.call_later(IDLE_SECONDS, self._look, self.cycle)

    def _make_room(self) -> None:
        others = [c for c in self.connections if isinstance(c, Connection) and c is not self]
        longest = min(others, key=lambda other: (other.is_busy, other._since))
        self.connections.discard(longest)  # at once: it is lost only after all that are waiting were accepted
        longest.transport.abort()
