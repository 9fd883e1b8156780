"""Jobs that somebody asked for: a name and one argument, done later by a worker.

The queue only wakes a worker up. What is to be done is a row in the database, and each domain names a scan
that finds rows whose wake-up was lost: a queue that is emptied by an accident costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api.worker.services import WorkerServices

Work = Callable[[WorkerServices, str], None]
"""Does a job; `argument` is the id of its row. Doing it twice has the effect of doing it once."""
Scan = Callable[[WorkerServices], list[str]]
"""The arguments of jobs that wait in the database."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job. `scan` is None for one that nothing depends on."""

    name: str
    work: Work
    scan: Scan | None = None


class Jobs(Protocol):
    """Where jobs are asked for."""

    def ask(self, name: str, argument: str) -> None:
        """Wake a worker up. Raises OSError when the queue cannot be reached: the scan finds it later."""
