"""Many that come at once are written together: one commit serves all that wait for it.

Nobody waits for company: whoever comes while nothing is written begins at once, alone. Those who come
meanwhile are the next to be written, all of them together, so that the more there are the less each costs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Waiting(Generic[T, R]):
    """`woken` with an answer, or without one: then it is the turn of this one to write."""

    def __init__(self, item: T) -> None:
        self.item = item
        self.woken = Event()
        self.answers: list[R | Exception] = []


class Turns(Generic[T, R]):
    """`act` takes those who wait, `most` at a time, and gives the answer of each, in order; an exception is
    one too. One call of `act` at a time; from any thread."""

    def __init__(self, act: Callable[[Sequence[T]], Sequence[R | Exception]], most: int) -> None:
        self._act = act
        self._most = most
        self._queue: deque[_Waiting[T, R]] = deque()
        self._writing = False
        self._lock = Lock()

    def take(self, item: T) -> R:
        """The answer for one. Raises it when it is an exception."""
        mine = _Waiting[T, R](item)
        if not self._first(mine):
            mine.woken.wait()
        if not mine.answers:
            self._write()
        (answer,) = mine.answers
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _first(self, mine: _Waiting[T, R]) -> bool:
        with self._lock:
            self._queue.append(mine)
            first, self._writing = not self._writing, True
            return first

    def _write(self) -> None:
        """For those who have waited longest, this one among them, whatever happens to it meanwhile."""
        with self._lock:
            together = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        answers: Sequence[R | Exception]
        try:
            answers = self._act([one.item for one in together])
        except Exception as error:  # noqa: BLE001 - it is the answer of each
            answers = [error] * len(together)
        finally:
            self._next()
        for one, answer in zip(together, answers, strict=True):
            one.answers.append(answer)
            one.woken.set()

    def _next(self) -> None:
        with self._lock:
            self._writing = bool(self._queue)
            if self._queue:
                self._queue[0].woken.set()
