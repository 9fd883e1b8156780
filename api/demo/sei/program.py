"""`python -m api.demo.sei.program FILE ORDER…`: any order of `certeza`, by the clock of a rehearsal.

The service of a rehearsal is the one that runs in earnest, started by its own orders; what differs is the
clock that they are handed (`api.cli.clock`). Settings for production are refused.
"""

from __future__ import annotations

import sys
from pathlib import Path

from api.cli import screen
from api.cli.clock import GivenClock
from api.cli.main import certeza
from api.demo.sei.clock import SharedClock


def main(arguments: list[str]) -> int:
    """The first argument is the file of the clock, the rest the order."""
    file, *order = arguments
    return screen.run(certeza, order, GivenClock(SharedClock(Path(file))))


if __name__ == "__main__":
    screen.forgive_alphabets()
    sys.exit(main(sys.argv[1:]))
