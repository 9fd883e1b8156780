"""What processes of this machine use, from /proc: seconds of processor and memory of their own."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.api.killing import children_of

_TICKS = os.sysconf("SC_CLK_TCK")
_TIMES = slice(11, 15)
"""After the name of the program (proc(5)): user and system time, its own and of children that ended."""


@dataclass(frozen=True)
class Used:
    """By a process and those it began: seconds of processor; MiB, its own part of what is shared."""

    cpu: float
    memory: float


def used(pid: int) -> Used:
    """Up to now. Memory is the sum of the proportional sets: pages that two share count once."""
    family = [pid, *children_of(pid)]
    return Used(sum(map(cpu_seconds, family)), sum(map(_memory, family)))


def cpu_seconds(pid: int) -> float:
    """Of the processor, that a process and its children that ended used up to now."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[_TIMES])) / _TICKS
    return 0.0


def resident(pid: int) -> float:
    """The resident set of a process, in MiB."""
    return _line(pid, "status", "VmRSS:")


def peak(pid: int) -> float:
    """The largest resident set that a process ever had, in MiB."""
    return _line(pid, "status", "VmHWM:")


def _memory(pid: int) -> float:
    return _line(pid, "smaps_rollup", "Pss:")


def _line(pid: int, file: str, name: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return 0.0
