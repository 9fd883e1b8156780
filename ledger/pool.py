"""What waits to be sequenced, and when a batch is due. Pure: the time is passed in."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field

from ledger.errors import Overloaded
from ledger.limits import Pace
from ledger.sequencer import Placed, Submission


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission, since when it waits (seconds of the caller's clock), and whom to tell."""

    submission: Submission
    since: float
    future: Future[Placed] = field(default_factory=Future)


class Pool:
    """Submissions in the order they came. Used under its owner's lock."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._queue: deque[Waiting] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, waiting: Waiting) -> None:
        """Queue one. Raises Overloaded."""
        entries, size = len(self._queue) + 1, self._bytes + len(waiting.submission.entry)
        if entries > self._pace.pending_entries or size > self._pace.pending_bytes:
            expected = f"a lo más {self._pace.pending_entries} entradas o {self._pace.pending_bytes} bytes"
            raise Overloaded("limite.espera", "secuenciador", expected, f"{entries} entradas, {size} bytes")
        self._queue.append(waiting)
        self._bytes = size

    def due_in(self, now: float) -> float | None:
        """Seconds until the next batch must be sealed: 0 for now, None while nothing waits."""
        if not self._queue:
            return None
        if len(self._queue) >= self._pace.batch_entries or self._bytes >= self._pace.batch_bytes:
            return 0.0
        return max(0.0, self._queue[0].since + self._pace.interval - now)

    def take(self) -> list[Waiting]:
        """The next batch: at least one if any waits, and no more than the pace allows."""
        batch: list[Waiting] = []
        size = 0
        while self._queue and len(batch) < self._pace.batch_entries and size < self._pace.batch_bytes:
            batch.append(self._queue.popleft())
            size += len(batch[-1].submission.entry)
        self._bytes -= size
        return batch
