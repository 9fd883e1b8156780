"""Letters of one channel that are on their way at once, and what became of each.

Threads only deliver: whoever calls `send` and `wait`, always one thread, keeps the books. Letters to one
recipient go one after another in the order in which they were claimed, in one thread; others do not wait for
them. Threads end with the process: what was on its way then is claimed again when its lease is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from api.outbox.fate import Fate
from api.outbox.waiting import Joint

Deliver = Callable[[Joint, datetime], Fate]
"""Delivers one letter; the instant is the last one at which to begin. Raises only what ends a process."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """The letters of one recipient are all back; `problem` is what ended their thread before that."""

    to: str
    problem: BaseException | None = None


class Flight:
    """At most `most` recipients at once, each with a thread of its own."""

    def __init__(self, deliver: Deliver, most: int) -> None:
        self._deliver = deliver
        self._most = most
        self._told: SimpleQueue[tuple[Joint, Fate] | _Ended] = SimpleQueue()
        self._away: set[str] = set()
        self.landed: list[tuple[Joint, Fate]] = []
        """What became of letters, until whoever keeps the books takes it out."""

    @property
    def away(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._away)

    @property
    def room(self) -> int:
        """How many more letters may be sent now."""
        return self._most - len(self._away)

    @property
    def busy(self) -> frozenset[str]:
        """Recipients of what is on its way or not in the books yet: nothing else of theirs may leave."""
        return frozenset(self._away).union(joint[0].to for joint, _ in self.landed)

    def send(self, claimed: Sequence[Joint], begin_before: datetime) -> None:
        """Let them leave."""
        by_recipient: dict[str, list[Joint]] = {}
        for joint in claimed:
            by_recipient.setdefault(joint[0].to, []).append(joint)
        for to, theirs in by_recipient.items():
            Thread(target=self._one_after_another, args=(to, theirs, begin_before), daemon=True).start()
            self._away.add(to)

    def wait(self, seconds: float) -> None:
        """Until all are back, or so long. Raises what ended a thread."""
        until = monotonic() + seconds
        while self._away:
            try:
                told = self._told.get(timeout=max(0.0, until - monotonic()))
            except Empty:
                return
            self._note(told)

    def _note(self, told: tuple[Joint, Fate] | _Ended) -> None:
        if not isinstance(told, _Ended):
            self.landed.append(told)
            return
        self._away.discard(told.to)
        if told.problem is not None:
            raise told.problem

    def _one_after_another(self, to: str, theirs: Sequence[Joint], begin_before: datetime) -> None:
        problem: BaseException | None = None
        try:
            for joint in theirs:
                self._told.put((joint, self._deliver(joint, begin_before)))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits, which ends as this thread does
            problem = error
        self._told.put(_Ended(to, problem))
