"""The process is killed with SIGKILL at every step, again and again, over one folder and one SQLite file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.lock_sqlite import SqliteLock
from ledger.sequencer import Sequencer
from ledger.store_folder import FolderStorage

from .conftest import REPOSITORY
from .faults import audit
from .signing import IDENTITY


@pytest.mark.req("VER-02")
def test_nothing_acknowledged_is_lost_at_any_step_of_a_growing_log(tmp_path: Path) -> None:
    assert killed(tmp_path, 0, 200) > 35


@pytest.mark.parametrize("step", range(8))
def test_nothing_is_lost_at_any_step_of_a_log_s_creation(tmp_path: Path, step: int) -> None:
    assert killed(tmp_path, step, step) == 2


def killed(folder: Path, first: int, last: int) -> int:
    """Run the program and audit what it left; how many children it had."""
    (folder / "runs").touch()
    command = [sys.executable, "-m", "tests.ledger.killed", str(folder), str(first), str(last)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    storage, lock = FolderStorage(folder / "log"), SqliteLock(folder / "lock.db")
    Sequencer(storage, lock, IDENTITY).close()
    acknowledged: dict[bytes, int] = {}
    for line in (folder / "acknowledged").read_text().splitlines():
        key, index = line.split("\t")
        assert acknowledged.setdefault(key.encode(), int(index)) == int(index), "una clave, dos índices"
    history = [bytes.fromhex(line) for line in (folder / "history").read_text().split()]
    entries = audit(storage, acknowledged, history)
    runs = len((folder / "runs").read_text().split())
    assert 130 < len(acknowledged) <= len(entries) <= runs * 135
    assert len(history) >= runs // 2
    assert {path.name for path in (folder / "log").iterdir()} == {"checkpoint", "tile"}
    assert list((folder / ".log.tmp").iterdir()) == []
    return runs
