"""The worker leaves the processor to whoever receives: what waits can wait, a phone that sends cannot."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

GROUP = Path("/proc/self/autogroup")


def yield_processor(niceness: int) -> None:
    """Lower the priority of this process, 0 to 19, before it has threads.

    Linux schedules sessions first and processes within one (autogroup, sched(7)): whoever leads a session
    lowers that too. Where it is not to be had, as in a container, the process's own value remains.
    """
    os.nice(max(0, niceness - os.nice(0)))
    if os.getsid(0) == os.getpid() and GROUP.exists():
        with suppress(OSError):
            GROUP.write_text(str(niceness), "ascii")
