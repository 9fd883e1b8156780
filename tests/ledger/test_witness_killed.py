"""A witness killed between writing and answering remembers what it may have said, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.witness_store import conflicts

from .conftest import REPOSITORY
from .signing import ORIGIN
from .witnessing import FALSE, TRUE, require_cosigned, watching

pytestmark = pytest.mark.req("VER-02")


def kill(folder: Path, when: str, body: bytes) -> None:
    program = REPOSITORY / "tests" / "ledger" / "killed_witness.py"
    command = [sys.executable, str(program), str(folder), when]
    done = subprocess.run(command, input=body, cwd=REPOSITORY, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert not done.stdout


@pytest.mark.parametrize(("when", "size"), [("before", 10), ("after", 30)])
def test_killed_while_cosigning(tmp_path: Path, when: str, size: int) -> None:
    witness, store = watching(tmp_path)
    witness.add_checkpoint(TRUE.request(0, 10).encode())
    store.close()
    kill(tmp_path, when, TRUE.request(10, 30).encode())
    witness, store = watching(tmp_path)
    latest = store.latest(ORIGIN)
    assert latest is not None
    assert latest.head.size == size
    again = witness.add_checkpoint(TRUE.request(10, 30).encode())
    if when == "after":
        assert (again.status, again.body) == (409, b"30\n")
        again = witness.add_checkpoint(TRUE.request(30, 30).encode())
    require_cosigned(again, TRUE.signed(30))
    assert witness.add_checkpoint(FALSE.request(30, 31).encode()).status == 422
    store.close()


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_evidence_outlives_the_process(tmp_path: Path, when: str, kept: int) -> None:
    witness, store = watching(tmp_path)
    witness.add_checkpoint(TRUE.request(0, 20).encode())
    store.close()
    kill(tmp_path, when, FALSE.request(20, 20).encode())
    _, store = watching(tmp_path)
    assert len(conflicts(store.notes(ORIGIN))) == kept
    store.close()
