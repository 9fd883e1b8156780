"""How a rehearsal ends when it is told to: in order, whoever tells it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_TOLD = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """While the block runs, being ended or losing the terminal is as being interrupted (Ctrl+C).

    What was begun is put away then: processes, sockets, temporary files. A signal that is ignored, as under
    `nohup`, stays so. Only in the main thread.
    """
    before = {number: signal.getsignal(number) for number in _TOLD}
    changed = [number for number in _TOLD if before[number] is not signal.SIG_IGN]
    for number in changed:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, before[number])
