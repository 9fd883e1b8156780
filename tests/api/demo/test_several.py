"""Work of several threads and processes, which an interruption ends without waiting for what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from api.demo.several import processes, threads

_HOLD = """
import os, sys, time
from api.demo.several import processes
if __name__ == "__main__":
    with processes(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600)
        time.sleep(600)
"""


def test_all_that_was_given_is_done_when_the_block_ends() -> None:
    done: list[int] = []
    with threads(2) as pool:
        for number in range(20):
            pool.submit(done.append, number)
    assert sorted(done) == list(range(20))
    with processes(3) as workers:
        assert list(workers.map(abs, [-1, -2, -3])) == [1, 2, 3]


def test_an_interruption_begins_nothing_more() -> None:
    held, begun = threading.Event(), list[int]()
    with pytest.raises(KeyboardInterrupt), threads(1) as pool:
        pool.submit(held.wait)
        pool.submit(begun.append, 1)
        raise KeyboardInterrupt
    held.set()
    pool.shutdown()
    assert begun == []


def test_workers_end_with_the_rehearsal_even_when_it_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "hold.py"
    script.write_text(_HOLD, "utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as rehearsal:
        assert rehearsal.stdout is not None
        worker = int(rehearsal.stdout.readline())
        os.kill(worker, signal.SIGINT)  # as the terminal's: it is for the rehearsal alone
        time.sleep(0.2)
        assert _is_there(worker)
        rehearsal.kill()
    for _ in range(600):
        if not _is_there(worker):
            return
        time.sleep(0.1)
    pytest.fail("el proceso siguió sin su ensayo")


def _is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
