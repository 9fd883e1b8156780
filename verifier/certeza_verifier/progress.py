"""A small progress bar on stderr, only where a person can see it."""

from __future__ import annotations

import sys
import time

_WIDTH = 30
_EVERY = 0.1


class Progress:
    """Counts bytes of archives verified; draws nothing when stderr is not a terminal or `wanted` is False."""

    def __init__(self, total: int, *, wanted: bool) -> None:
        self._total = max(total, 1)
        self._done = 0
        self._drawn = 0.0
        self._on = wanted and sys.stderr.isatty()

    def advance(self, size: int) -> None:
        """`size` bytes more are done."""
        self._done += size
        now = time.monotonic()
        if self._on and (now - self._drawn > _EVERY or self._done >= self._total):
            self._drawn = now
            part = min(self._done / self._total, 1.0)
            bar = "█" * int(part * _WIDTH)
            sys.stderr.write(f"\r  verificando {bar:<{_WIDTH}} {part:4.0%}")
            sys.stderr.flush()

    def close(self) -> None:
        """Leaves the line clean."""
        if self._on:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
