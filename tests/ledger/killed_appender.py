"""A program with many callers that append until it is killed; `test_kill_appender.py` kills and audits it.

    python -m tests.ledger.killed_appender FOLDER SEED [CONNINFO]

With the conninfo of a PostgreSQL server the trusted state is there, otherwise in SQLite. It writes down that
it started, or that another one is running, and each entry that was acknowledged.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from threading import Thread

from ledger.appender import Appender
from ledger.errors import AnotherSequencer
from ledger.limits import Pace
from ledger.lock_sqlite import SqliteLock
from ledger.ports import CheckpointLock
from ledger.sequencer import Sequencer, create_log
from ledger.store_folder import FolderStorage

from .faults import submission
from .killed import note_down
from .signing import IDENTITY

PACE = Pace(interval=0.01, batch_entries=200, keep_partials=2)
CALLERS = 4
KEYS = 3000


def lock_of(folder: Path, conninfo: str) -> CheckpointLock:
    """The log's trusted state."""
    if not conninfo:
        return SqliteLock(folder / "lock.db")
    from ledger.lock_postgres import PostgresLock

    return PostgresLock(conninfo, f"{IDENTITY.origin}/{folder}")


def call(appender: Appender, folder: Path, rng: random.Random) -> None:
    """Add some entries, the first of them twice, and write each down once its proof is there. For ever."""
    while True:
        chosen = [submission(rng.randrange(KEYS)) for _ in range(rng.choice((1, 1, 40)))]
        futures = [(sent, appender.add(sent.key, sent.entry)) for sent in (chosen[0], *chosen)]
        for sent, future in futures:
            placed = future.result(20)
            appender.prove(placed).verify_leaf(placed.leaf)
            note_down(folder / "acknowledged", f"{sent.key.decode()}\t{placed.index}")


def main(folder: Path, seed: int, conninfo: str) -> None:
    """Run until killed; 3 when another one is running."""
    storage, lock = FolderStorage(folder / "log"), lock_of(folder, conninfo)
    try:
        if lock.load() is None:
            create_log(storage, lock, IDENTITY)
        sequencer = Sequencer(storage, lock, IDENTITY, PACE)
    except AnotherSequencer:
        note_down(folder / "another", str(seed))
        sys.exit(3)
    note_down(folder / "started", str(seed))
    appender = Appender(sequencer, storage, PACE).start()
    arguments = [(appender, folder, random.Random(seed * CALLERS + i)) for i in range(CALLERS)]
    callers = [Thread(target=call, args=args, daemon=True) for args in arguments]
    for caller in callers:
        caller.start()
    while all(caller.is_alive() for caller in callers):
        time.sleep(0.05)
    sys.exit(4)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
