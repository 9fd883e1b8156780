"""What the worker looks for again and again; a look that fails is said, and the next one comes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

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

    def stop(self) -> None:
        """Finish the present look and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._once()
            if self._stop.wait(self._seconds):
                return

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
