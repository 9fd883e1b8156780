"""Several confined processes, of which each question gets one; who asks waits while all are busy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import LifoQueue
from threading import Lock
from time import monotonic

from capture.reading.errors import NoReader, Unread
from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.process import Broken, Confined

TRIES = 2
"""A question that ends its process twice is not asked again."""
PAUSE_SECONDS = 20.0
"""After no process could be started, nobody tries again so long."""
PAUSED = "lector-pausa"
"""What is said meanwhile."""
Say = Callable[[str, str], None]
"""Told what happened and a stable word about it; nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class Program:
    """What runs confined: `python -m <module>`, what it is told beside the limits, and these."""

    module: str
    arguments: tuple[str, ...]
    limits: SandboxLimits


class _Place:
    """Where one process lives."""

    process: Confined | None = None

    def drop(self) -> None:
        """End its process."""
        if self.process is not None:
            self.process.kill()
            self.process = None


class Pool:
    """At most `workers` processes, started when they are first needed. Safe from any thread."""

    def __init__(self, program: Program, workers: int, say: Say) -> None:
        self._program, self._say = program, say
        self._places = [_Place() for _ in range(workers)]
        self._idle: LifoQueue[_Place] = LifoQueue()
        for place in self._places:
            self._idle.put(place)
        self._lock, self._busy, self._not_before, self._closed = Lock(), 0, 0.0, False

    @property
    def busy(self) -> int:
        """Questions that are being answered now."""
        return self._busy

    def start(self) -> None:
        """Start one process, to know that it can be. Raises NoReader."""
        place = self._idle.get()
        try:
            self._ready(place)
        finally:
            self._idle.put(place)

    def ask(self, parts: Sequence[bytes]) -> bytes | Unread:
        """The answer, or why there is none. Waits for a free process. Raises NoReader."""
        place = self._idle.get()
        self._count(1)
        try:
            return self._asked(place, parts)
        finally:
            self._count(-1)
            self._idle.put(place)

    def close(self) -> None:
        """End all processes, for good. What is being asked ends with them."""
        self._closed = True
        for place in self._places:
            place.drop()

    def _asked(self, place: _Place, parts: Sequence[bytes]) -> bytes | Unread:
        why = Unread.ENDED
        for _ in range(TRIES):
            process = self._ready(place)
            try:
                answer = process.ask(parts)
            except Broken as broken:
                place.process, why = None, broken.why
                self._say("lector-cayo", why.value)
                continue
            if process.answered >= self._program.limits.questions:
                place.drop()
            return answer
        return why

    def _ready(self, place: _Place) -> Confined:
        if place.process is None:
            if self._closed or monotonic() < self._not_before:
                raise NoReader("lector-cerrado" if self._closed else PAUSED)
            program = self._program
            try:
                place.process = Confined(program.module, program.arguments, program.limits)
            except OSError:
                self._not_before = monotonic() + PAUSE_SECONDS
                raise
            self._say("lector-listo", place.process.confinement)
        return place.process

    def _count(self, change: int) -> None:
        with self._lock:
            self._busy += change
