"""What a confined process may use, each figure with its unit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Of one process. Its parent measures `seconds`; the kernel holds the rest.

    Work is held by the processor's time, which is the same on a busy machine and for a courteous worker. The
    clock is only for a process that waits for what does not come.
    """

    seconds: float = 600.0
    """Of the clock, for one question. 3 seconds of work at niceness 19 beside a busy process take 200."""
    cpu_seconds: int = 20
    """Of the processor, for one question."""
    mib: int = 2048
    """MiB of address space: libraries reserve about twice what they use."""
    start_seconds: float = 600.0
    """Of the clock, until its engines are loaded."""
    start_cpu_seconds: int = 60
    """Of the processor, until its engines are loaded."""
    questions: int = 500
    """After so many the process is replaced by a new one."""
    descriptors: int = 32
    """Open files, while the engines are loaded."""
    reply_bytes: int = 256 * 1024
    """Bytes of an answer."""

    def encode(self) -> str:
        """As it is handed to the process."""
        return json.dumps(asdict(self))


def parse_limits(text: str) -> SandboxLimits:
    """Read what `encode` wrote; our own words, from our own parent."""
    return SandboxLimits(**json.loads(text))
