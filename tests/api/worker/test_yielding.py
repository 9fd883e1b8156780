"""The worker's place behind whoever receives."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
from api.worker.yielding import GROUP, yield_processor
yield_processor(int(sys.argv[1]))
print(os.nice(0), GROUP.read_text() if GROUP.exists() else "")
"""


def priority(niceness: int, *, leads: bool, before: int = 0) -> tuple[int, str]:
    done = subprocess.run(
        ["nice", "-n", str(before), sys.executable, "-c", PROGRAM, str(niceness)],
        check=True,
        capture_output=True,
        text=True,
        start_new_session=leads,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    own, _, group = done.stdout.strip().partition(" ")
    return int(own), group


@pytest.mark.skipif(os.nice(0) > 5, reason="these tests run at a low priority themselves")
@pytest.mark.parametrize("leads", [True, False])
def test_priority_is_lowered(leads: bool) -> None:
    own, group = priority(10, leads=leads)
    assert own == 10
    assert not (leads and group) or group.endswith("nice 10")


def test_priority_is_never_raised() -> None:
    lower = min(19, os.nice(0) + 19)  # nice(1) adds to what these tests run at
    assert priority(3, leads=True, before=19)[0] == lower
