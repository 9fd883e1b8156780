"""What the worker looks for again and again; a look that fails is said, and the next one comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from api.http import logs
from api.worker.beats import Beats


class Loop:
    """Calls `look` every `seconds` in a thread of its own, until it is stopped."""

    def __init__(self, name: str, look: Callable[[], object], seconds: float) -> None:
        self.name = name
        self._look = look
        self._seconds = seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._beats: Beats | None = None

    def start(self, beats: Beats | None = None) -> None:
        """Begin; `beats` is told how each look ends."""
        self._beats = beats
        self._thread.start()

    def ask_to_stop(self) -> None:
        """The present look is the last one."""
        self._stop.set()

    def stop(self, seconds: float | None = None) -> bool:
        """Finish the present look and end; whether it did within `seconds`."""
        self.ask_to_stop()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._once()
            self._stop.wait(self._seconds)

    def _once(self) -> None:
        good = self._tried("vuelta", self._look)
        beats = self._beats
        if beats is not None:
            tell = beats.good if good else beats.bad
            self._tried("latido", lambda: tell(self.name))

    def _tried(self, event: str, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look comes
            place = logs.place_of(error)
            logs.logger().error(event, tarea=self.name, error=type(error).__name__, lugar=place)
            return False
        return True


@contextmanager
def running_loops(loops: Sequence[Loop], stop_seconds: float, beats: Beats | None = None) -> Iterator[None]:
    """They look while the block runs. What does not end in time is left to the end of the process."""
    for loop in loops:
        loop.start(beats)
    try:
        yield
    finally:
        for loop in loops:
            loop.ask_to_stop()
        until = monotonic() + stop_seconds
        for loop in loops:
            if not loop.stop(max(0.0, until - monotonic())):
                logs.logger().warning("no-termino", tarea=loop.name)
