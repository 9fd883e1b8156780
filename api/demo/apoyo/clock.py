"""The clock of a rehearsal: it runs slowly (`PACE`), and is moved ahead where weeks have to pass."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from api.demo.patience import PACE

CENTRO = ZoneInfo("America/Mexico_City")


class MovedClock:
    """Aware instants that never go back. Safe from any thread."""

    def __init__(self, start: datetime) -> None:
        self._lock = Lock()
        self._start = start.astimezone(UTC)
        self._zero = time.monotonic()

    def __call__(self) -> datetime:
        """Now."""
        with self._lock:
            return self._now()

    def seconds(self) -> float:
        """Now, as seconds since 1970."""
        return self().timestamp()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.move_to(self() + timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        """Go on from `moment`, which is not earlier than now."""
        with self._lock:
            if moment < self._now():
                raise ValueError(f"el reloj del ensayo no retrocede: {moment.isoformat()}")
            self._start, self._zero = moment.astimezone(UTC), time.monotonic()

    def _now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._zero) / PACE)
