"""One clock for all processes of a rehearsal: it runs slowly, and is moved ahead where days pass.

A file of eight bytes that all of them look at: microseconds to add to what has passed on this machine, which
is told by its monotonic clock. Only the rehearsal writes it; whoever opens it without `create` only reads.
"""

from __future__ import annotations

import mmap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.demo.patience import PACE

_BYTES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SharedClock:
    """Aware instants that never go back. Safe from any thread of any process."""

    def __init__(self, file: Path, *, owner: bool = False) -> None:
        with file.open("r+b" if owner else "rb") as opened:
            access = mmap.ACCESS_WRITE if owner else mmap.ACCESS_READ
            self._map = mmap.mmap(opened.fileno(), _BYTES, access=access)
        # One number of eight bytes is read and written at once, never half of it.
        self._ahead = memoryview(self._map).cast("q")
        self.file = file

    @classmethod
    def create(cls, file: Path, start: datetime) -> SharedClock:
        """The one that may be moved, beginning at `start`."""
        file.write_bytes(bytes(_BYTES))
        file.chmod(0o600)
        made = cls(file, owner=True)
        made._set(start)
        return made

    def __call__(self) -> datetime:
        """Now."""
        return _EPOCH + timedelta(microseconds=self._ahead[0] + _passed())

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self.move_to(self() + timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        """Go on from `moment`, which is not earlier than now."""
        if moment < self():
            raise ValueError(f"el reloj del ensayo no retrocede: {moment.isoformat()}")
        self._set(moment)

    def _set(self, moment: datetime) -> None:
        self._ahead[0] = (moment - _EPOCH) // _MICROSECOND - _passed()


def _passed() -> int:
    """Microseconds, by the clock that all processes of a machine share and nobody sets."""
    return time.monotonic_ns() // (1000 * PACE)
