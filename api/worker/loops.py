"""What the worker looks for again and again; a look that fails is said, and the next one comes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from api.http import logs


class Loop:
    """Calls `look` every `seconds` in a thread of its own, until it is stopped."""

    def __init__(self, name: str, look: Callable[[], object], seconds: float) -> None:
        self.name = name
        self._look = look
        self._seconds = seconds
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
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
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look comes
            place = logs.place_of(error)
            logs.logger().error("vuelta", tarea=self.name, error=type(error).__name__, lugar=place)
