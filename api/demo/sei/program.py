"""`python -m api.demo.sei.program FILE ORDER…`: any order of `certeza`, by the clock of a rehearsal.

The service of a rehearsal is the one that runs in earnest, started by its own orders; what differs is the
clock that they are handed (`api.cli.clock`). Settings for production are refused.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from api.cli import screen
from api.cli.clock import GivenClock
from api.cli.main import certeza
from api.demo.sei.clock import SharedClock

ATTENDING = ("serve", "worker")
"""Orders that run until they are told to stop."""


def main(arguments: list[str]) -> int:
    """The first argument is the file of the clock, the rest the order."""
    file, *order = arguments
    if order[0] in ATTENDING:
        threading.Thread(target=_end_with_the_rehearsal, daemon=True).start()
    return screen.run(certeza, order, GivenClock(SharedClock(Path(file))))


def _end_with_the_rehearsal() -> None:
    """Standard input is a pipe whose other end the rehearsal holds: it closes however the rehearsal ends."""
    # Not of sys.stdin: a thread that holds its lock spoils the end of the process.
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    screen.forgive_alphabets()
    sys.exit(main(sys.argv[1:]))
