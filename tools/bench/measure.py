"""Timing: functions by the median of several runs, programs by what the kernel accounts of them."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(sys.executable).parent
# The kernel counts as a child's memory what its parent had when it was born. So that ours does not count, a
# small program is the parent.
_MIDWIFE = """
import json, os, sys, time
command = sys.argv[1:]
begun = time.perf_counter()
child = os.posix_spawn(command[0], command, os.environ)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - begun
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]), file=os.fdopen(3, "w"))
"""


@dataclass(frozen=True)
class Program:
    """One finished run: seconds of wall clock and of processor, largest resident set in MiB."""

    wall: float
    cpu: float
    peak: float


def median_of(act: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of `runs` calls, after one that is not counted."""
    act()
    found = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def program(arguments: Sequence[str | Path], *, cores: int | None = None) -> Program:
    """Run one of our programs to its end. Raises RuntimeError when it fails. `cores`: how many it may use."""
    command = [str(PROGRAMS / str(arguments[0])), *map(str, arguments[1:])]
    allowed = sorted(os.sched_getaffinity(0))[:cores] if cores else None
    reading, writing = os.pipe()
    with os.fdopen(reading) as told:
        done = subprocess.run(
            [sys.executable, "-S", "-c", _MIDWIFE.replace("fdopen(3", f"fdopen({writing}"), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[writing],
            preexec_fn=(lambda: os.sched_setaffinity(0, allowed)) if allowed else None,
            check=False,
        )
        os.close(writing)
        answer = told.read()
    code, wall, cpu, peak = json.loads(answer) if answer else (done.returncode, 0, 0, 0)
    if code != 0:
        raise RuntimeError(f"{command[0]}: {code}: {done.stderr.decode(errors='replace')[-500:]}")
    return Program(wall, cpu, peak)


def median_program(arguments: Sequence[str | Path], *, runs: int = 3, cores: int | None = None) -> Program:
    """The run with the median wall clock, after one that is not counted."""
    program(arguments, cores=cores)
    found = sorted((program(arguments, cores=cores) for _ in range(runs)), key=lambda p: p.wall)
    return found[len(found) // 2]
