"""Run as a program: looks for what waits in a database, until it is killed. Argument: address."""

from __future__ import annotations

import sys

from capture.patterns import looking
from ledger.database import Database, open_engine
from tests.capture.patterns.making import patterns


def main(url: str) -> None:
    """Say that it begins, then look, two at a time so that a kill meets every step."""
    looking.BATCH, looking.SEGMENT = 2, 8
    mine = patterns(Database(open_engine(url)))
    print("empieza", flush=True)  # noqa: T201
    mine.look()


if __name__ == "__main__":
    main(*sys.argv[1:])
