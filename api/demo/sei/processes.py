"""`certeza serve` and `certeza worker` as processes of their own, by the clock of the rehearsal.

They have no part in the terminal of the rehearsal, which is what tells them to stop: whoever interrupts it
does not interrupt them half-way. When it ends in any other way, their standard input does (`program`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.demo.errors import UnexpectedOutcome
from api.demo.patience import ANSWER, wait_until

STOP_SECONDS = 300.0
"""Within which each of them ends what it is doing, on a machine that may have much to do."""
_TOLD_LINES = 5


class Process:
    """One order that runs until it is told to stop. What it says goes to the end of `log`."""

    def __init__(self, order: list[str], clock: Path, environment: Mapping[str, str], log: Path) -> None:
        self._name, self._log = order[0], log
        command = [sys.executable, "-m", "api.demo.sei.program", str(clock), *order]
        with log.open("ab") as said:
            self._running = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdout=said,
                stderr=said,
                stdin=subprocess.PIPE,
                process_group=0,
            )

    def require_running(self) -> None:
        """Raises UnexpectedOutcome, with its last words, when it ended by itself."""
        if self._running.poll() is not None:
            last = self._log.read_text("utf-8", "replace").splitlines()[-_TOLD_LINES:]
            raise UnexpectedOutcome(f"certeza {self._name} terminó solo: {' '.join(last)}")

    def stop(self) -> None:
        """As whoever operates it does; one that does not end in time is ended."""
        self._running.terminate()
        try:
            self._running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()


@dataclass(frozen=True)
class RunningService:
    """The processes, of which each has to be there."""

    processes: Sequence[Process]

    def require_running(self) -> None:
        """Raises UnexpectedOutcome when one of them ended."""
        for process in self.processes:
            process.require_running()


@contextmanager
def running_service(
    url: str, port: int, clock: Path, environment: Mapping[str, str], log: Path
) -> Iterator[RunningService]:
    """Both processes answer while the block runs. Raises UnexpectedOutcome when they do not begin."""
    started: list[Process] = []
    try:
        for order in (["worker"], ["serve", "--puerto", str(port)]):
            started.append(Process(order, clock, environment, log))
        running = RunningService(started)
        wait_until(lambda: _is_ready(url, running), "el inicio del servicio")
        yield running
    finally:
        for process in reversed(started):
            process.stop()


def _is_ready(url: str, running: RunningService) -> bool:
    running.require_running()
    with suppress(httpx.HTTPError):
        answer = httpx.get(f"{url}/listo", timeout=ANSWER)
        return answer.is_success and set(answer.json()["partes"].values()) == {"listo"}
    return False
