"""Run as a program: processes what waits in a database, until it is killed. Arguments: address, folder."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from capture.processing.job import Processing
from ledger.database import Database, open_engine
from tests.capture.processing.vault import Bodies, tools


class SlowBodies(Bodies):
    """Files of a folder, each a little late, so that a kill meets every step."""

    def __init__(self, folder: Path) -> None:
        super().__init__({path.name: path.read_bytes() for path in folder.iterdir()})

    def get(self, path: str) -> bytes:  # type: ignore[override]
        """See Bodies."""
        time.sleep(0.005)
        return super().get(path)


def main(url: str, folder: str) -> None:
    """Say that it begins, then process."""
    job = Processing(tools(Database(open_engine(url)), SlowBodies(Path(folder))))
    print("empieza", flush=True)  # noqa: T201
    job.process_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
