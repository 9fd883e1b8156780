"""A program that runs a log and is killed (SIGKILL) at each step in turn; `test_kill.py` audits it.

    python -m tests.ledger.killed FOLDER FIRST LAST

For each step a child process of its own opens the log, appends batches, writes down what was
acknowledged and dies at that step; then the next child goes on from what the first one left.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Placed, Sequencer, create_log
from ledger.store_folder import FolderStorage

from .faults import FaultyLock, FaultyStorage, Steps, submission
from .signing import IDENTITY

SIZES = (2, 130, 3)


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def note_down(path: Path, line: str) -> None:
    """One line, in one write."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


class Recorded(Steps):
    """Steps whose names, and the checkpoints that took effect, outlive the process."""

    def __init__(self, folder: Path, at: int | None) -> None:
        super().__init__(at, die)
        self._folder = folder

    def reach(self, name: str) -> None:
        for data in self.history:
            note_down(self._folder / "history", data.hex())
        self.history.clear()
        note_down(self._folder / "steps", f"{len(self.names)} {name}")
        super().reach(name)


def run(folder: Path, steps: Steps) -> None:
    """Open or create the log; batches of entries that no run has used, and some of the run before."""
    storage = FaultyStorage(FolderStorage(folder / "log"), steps)
    inner = SqliteLock(folder / "lock.db")
    lock = FaultyLock(inner, steps)
    if inner.load() is None:
        create_log(storage, lock, IDENTITY)
    sequencer = Sequencer(storage, lock, IDENTITY)
    first = len((folder / "runs").read_text().split()) * sum(SIZES)
    for size in SIZES:
        batch = [submission(i) for i in range(max(0, first - 3), first + size)]
        for sent, outcome in zip(batch, sequencer.append(batch), strict=True):
            assert isinstance(outcome, Placed)
            note_down(folder / "acknowledged", f"{sent.key.decode()}\t{outcome.index}")
        first += size
    sequencer.close()


def main(folder: Path, first: int, last: int) -> None:
    """Kill a child at each step from `first` to `last`, or until one gets to its end before that."""
    for at in [*range(first, last + 1), None]:
        child = os.fork()
        if child == 0:
            run(folder, Recorded(folder, at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        note_down(folder / "runs", str(at))
        if status == 0:
            return
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"el paso {at} terminó con {status}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
