"""`certeza serve` and `certeza worker` as processes of their own, by the clock of the rehearsal."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from api.demo.errors import UnexpectedOutcome

READY_SECONDS = 300.0
STOP_SECONDS = 30.0
_LOOK_SECONDS = 0.1
_TOLD_LINES = 5


class Process:
    """One order that runs until it is told to stop. What it says goes to the end of `log`."""

    def __init__(self, order: list[str], clock: Path, environment: Mapping[str, str], log: Path) -> None:
        self._name, self._log = order[0], log
        command = [sys.executable, "-m", "api.demo.sei.program", str(clock), *order]
        with log.open("ab") as said:
            self._running = subprocess.Popen(
                command, env={**os.environ, **environment}, stdout=said, stderr=said, stdin=subprocess.PIPE
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


@contextmanager
def running_service(
    url: str, port: int, clock: Path, environment: Mapping[str, str], log: Path
) -> Iterator[None]:
    """Both processes answer while the block runs. Raises UnexpectedOutcome when they do not begin."""
    started: list[Process] = []
    try:
        for order in (["worker"], ["serve", "--puerto", str(port)]):
            started.append(Process(order, clock, environment, log))
        _wait_ready(url, started)
        yield
    finally:
        for process in reversed(started):
            process.stop()


def _wait_ready(url: str, started: list[Process]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        for process in started:
            process.require_running()
        with suppress(httpx.HTTPError):
            answer = httpx.get(f"{url}/listo", timeout=5)
            if answer.is_success and set(answer.json()["partes"].values()) == {"listo"}:
                return
        time.sleep(_LOOK_SECONDS)
    raise UnexpectedOutcome(f"el servicio no estuvo listo en {READY_SECONDS:.0f} s")
