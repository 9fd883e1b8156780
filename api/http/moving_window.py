"""Counts of requests within the last seconds, in this process.

What the library `limits` counts in memory starts a thread for nearly every request, to forget what is old.
Here what is old is forgotten by whoever asks next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

from limits import RateLimitItem

MANY = 50_000
"""Names among which those that nobody uses any more are looked for."""


class MovingWindow:
    """Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = monotonic, many: int = MANY) -> None:
        self._clock = clock
        self._many = self._next = many
        self._hits: dict[tuple[str, ...], deque[float]] = {}
        self._until: dict[tuple[str, ...], float] = {}
        self._lock = Lock()

    def hit(self, item: RateLimitItem, *names: str) -> bool:
        """Count a request of these names; False, and nothing counted, when there were `item.amount` within
        `item`'s time."""
        now, seconds = self._clock(), item.get_expiry()
        with self._lock:
            if len(self._hits) >= self._next:
                self._forget(now)
            hits = self._hits.setdefault(names, deque())
            while hits and hits[0] <= now - seconds:
                hits.popleft()
            if len(hits) >= item.amount:
                return False
            hits.append(now)
            self._until[names] = now + seconds
            return True

    def _forget(self, now: float) -> None:
        for names in [names for names, until in self._until.items() if until <= now]:
            del self._hits[names], self._until[names]
        self._next = max(self._many, 2 * len(self._hits))
