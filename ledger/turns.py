"""Turns: who writes next to an SQLite file, among the threads of one process.

SQLite has one writer at a time, and a connection that waits for it asks again after sleeps of its own: a
thread that writes again and again always finds the file free, and the others wait until they give up. Threads
that take turns wait in the order in which they came, and no longer than those before them need.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from weakref import WeakValueDictionary


class Turns:
    """First come, first served. A thread that has the turn and asks for another gets a RuntimeError."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._holder: int | None = None
        self._waiting: deque[tuple[int, Lock]] = deque()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for the turn and have it until the block ends. Raises TimeoutError after `seconds`."""
        me = get_ident()
        called = self._enter(me)
        if called is not None:
            self._wait(me, called, seconds)
        try:
            yield
        finally:
            self._next()

    def _enter(self, me: int) -> Lock | None:
        """None when nobody has the turn; else what is released when it is ours."""
        with self._guard:
            if self._holder == me:
                raise RuntimeError("una transacción que escribe no cabe dentro de otra")
            if self._holder is None:
                self._holder = me
                return None
            called = Lock()
            called.acquire()
            self._waiting.append((me, called))
            return called

    def _wait(self, me: int, called: Lock, seconds: float) -> None:
        have = False
        try:
            have = called.acquire(timeout=seconds)
        finally:
            if not have:
                self._leave(me, called)
        if not have:
            raise TimeoutError(f"otro hilo escribe desde hace más de {seconds:g} segundos")

    def _leave(self, me: int, called: Lock) -> None:
        """Stop waiting; a turn that came in the last moment goes to the next."""
        with self._guard:
            if (me, called) in self._waiting:
                self._waiting.remove((me, called))
                return
        self._next()

    def _next(self) -> None:
        with self._guard:
            if not self._waiting:
                self._holder = None
                return
            self._holder, called = self._waiting.popleft()
            called.release()


_guard = Lock()
_of_file: WeakValueDictionary[str, Turns] = WeakValueDictionary()


def turns_of(file: Path) -> Turns:
    """The turns of a file: the same for everybody in this process who opened it, by whatever name."""
    name = str(file.resolve())
    with _guard:
        turns = _of_file.get(name)
        if turns is None:
            turns = _of_file[name] = Turns()
        return turns
