"""A log with many callers is killed at any instant, and started again at once, over SQLite and PostgreSQL.

`test_kill.py` visits every step in order; here the instants are whatever comes, also while it is starting.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.errors import StorageRefusal
from ledger.sequencer import Sequencer
from ledger.store_folder import FolderStorage
from ledger.tiles import CHECKPOINT

from .conftest import REPOSITORY
from .faults import audit
from .killed_appender import lock_of
from .signing import IDENTITY

LIVES = 6


class Run:
    """The folder of a log and the processes that own it one after another."""

    def __init__(self, folder: Path, conninfo: str) -> None:
        self.folder = folder
        self.conninfo = conninfo
        self.seen: set[bytes] = set()

    def begin(self, seed: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.ledger.killed_appender", str(self.folder), str(seed)]
        return subprocess.Popen([*command, self.conninfo], cwd=REPOSITORY)

    def lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def watch(self, seconds: float) -> None:
        """Keep every checkpoint that is shown, as citizens would."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(StorageRefusal):
                self.seen.add(FolderStorage(self.folder / "log").get(CHECKPOINT))
            time.sleep(0.002)

    def until(self, name: str, count: int, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + 30
        while len(self.lines(name)) < count and process.poll() in (None, 3):
            assert time.monotonic() < end, f"nadie escribió {name}"
            self.watch(0.02)

    def audit(self) -> int:
        """Everything that was acknowledged or shown is in the log; returns how many entries those are."""
        storage = FolderStorage(self.folder / "log")
        Sequencer(storage, lock_of(self.folder, self.conninfo), IDENTITY).close()
        acknowledged: dict[bytes, int] = {}
        for line in self.lines("acknowledged"):
            key, index = line.split("\t")
            assert acknowledged.setdefault(key.encode(), int(index)) == int(index), "una clave, dos índices"
        audit(storage, acknowledged, sorted(self.seen))
        return len(acknowledged)


@pytest.fixture(params=["sqlite", "postgres"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    conninfo = "" if request.param == "sqlite" else request.getfixturevalue("postgres")
    return Run(tmp_path, conninfo)


@pytest.mark.req("VER-02")
def test_nothing_acknowledged_or_shown_is_lost_at_any_instant(run: Run) -> None:
    rng, starts = random.Random(20_260), 0
    for life in range(LIVES):
        process = run.begin(life)
        if life % 3 == 2:
            run.watch(0.2 + rng.random() * 0.4)  # killed while it starts, or soon after
        else:
            run.until("started", starts + 1, process)
            run.watch(rng.random() * 0.6)
        assert process.poll() is None, "murió solo"
        process.kill()
        process.wait()
        starts = len(run.lines("started"))
    assert run.lines("another") == []
    assert run.audit() > 0


def test_a_second_one_started_by_mistake_says_so_and_takes_over_only_once_the_first_is_gone(run: Run) -> None:
    first = run.begin(1)
    run.until("started", 1, first)
    second = run.begin(2)
    run.until("another", 1, second)
    assert (first.poll(), second.wait()) == (None, 3)
    third = run.begin(3)
    run.watch(0.3)
    first.kill()
    run.until("started", 2, third)
    run.watch(0.3)
    third.kill()
    assert [first.wait(), third.wait()] == [-9, -9]
    assert run.audit() > 0
