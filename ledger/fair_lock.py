"""A lock whose threads go in the order in which they came: who writes next to an SQLite file in this process.

SQLite has one writer at a time, and a connection that waits for it asks again after sleeps of its own: a
thread that writes again and again always finds the file free, and the others wait until they give up. Threads
that queue up wait no longer than those before them need.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock, get_ident
from weakref import WeakValueDictionary


class FairLock:
    """First come, first served. A thread that holds it and asks for it again gets a RuntimeError."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._queue: deque[int] = deque()
        """Threads: the one that holds the lock, then those that wait."""

    @contextmanager
    def held(self, seconds: float) -> Iterator[None]:
        """Wait for the lock and hold it until the block ends. Raises TimeoutError after `seconds`."""
        me = get_ident()
        with self._changed:
            if me in self._queue:
                raise RuntimeError("una transacción que escribe no cabe dentro de otra")
            self._queue.append(me)
        try:
            with self._changed:
                if not self._changed.wait_for(lambda: self._queue[0] == me, seconds):
                    raise TimeoutError(f"otros hilos escriben desde hace más de {seconds:g} segundos")
            yield
        finally:
            with self._changed:
                self._queue.remove(me)
                self._changed.notify_all()


_guard = Lock()
_of_file: WeakValueDictionary[str, FairLock] = WeakValueDictionary()


def lock_of(file: Path) -> FairLock:
    """The lock of a file: the same for everybody in this process who opened it, by whatever name."""
    with _guard:
        return _of_file.setdefault(str(file.resolve()), FairLock())
