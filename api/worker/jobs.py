"""Jobs that somebody asked for: a name and one argument, done later by a worker.

The queue only wakes a worker up. What is to be done is a row in the database, and a loop looks for rows too:
a queue that is emptied by an accident costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from api.worker.services import WorkerServices

Work = Callable[[WorkerServices, str], object]
"""Does a job; `argument` is the id of its row. Doing it twice has the effect of doing it once."""


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job."""

    name: str
    work: Work


class Jobs(Protocol):
    """Where jobs are asked for."""

    def ask(self, name: str, argument: str, after_seconds: float = 0.0) -> None:
        """Wake a worker up. Raises OSError when the queue cannot be reached: a loop finds it later."""
