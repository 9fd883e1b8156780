"""The parent's side of one confined process: started, asked one question at a time, and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import capture
from capture.reading.errors import NoReader, Unread
from capture.reading.sandbox.child import DONE, FAILED, READY
from capture.reading.sandbox.frames import Garbage, encode, receive, send
from capture.reading.sandbox.limits import SandboxLimits

_TICKET_BYTES = 16
_OF_THE_PROCESSOR = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""What may have been said to the libraries of linear algebra of the processor they run on."""


class Broken(Exception):  # noqa: N818 - what became of the process
    """It gave no answer, and is no more. `why` says what it did."""

    def __init__(self, why: Unread) -> None:
        super().__init__(why.value)
        self.why = why


class Confined:
    """One process of `python -m <module> <limits> <argument>…`. Not to be used by two threads at once."""

    def __init__(self, module: str, arguments: Sequence[str], limits: SandboxLimits) -> None:
        """Start it and wait until its engines are loaded. Raises NoReader."""
        self._limits = limits
        self.answered = 0
        self._folder = tempfile.TemporaryDirectory(prefix="lector-")
        command = [sys.executable, "-P", "-s", "-m", module, limits.encode(), *arguments]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env=environment(),
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: S101 - both are pipes
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        for fd in (self._to, self._from):
            os.set_blocking(fd, False)
        self.confinement = self._started()

    @property
    def pid(self) -> int:
        """Of the process, which leads a group of its own."""
        return self._process.pid

    def ask(self, parts: Sequence[bytes]) -> bytes:
        """Its answer. Raises Broken; then it is killed already."""
        ticket = os.urandom(_TICKET_BYTES)
        until = monotonic() + self._limits.seconds
        try:
            send(self._to, encode([ticket, *parts]), until)
            answer = receive(self._from, self._limits.reply_bytes, until)
            return self._held(answer, ticket)
        except TimeoutError:
            why = Unread.TIME
        except (EOFError, OSError):
            why = Unread.ENDED
        except Garbage:
            why = Unread.GARBAGE
        self.kill()
        # What ended it first is what is told of it, though it was killed again.
        raise Broken(Unread.CPU if self._process.returncode == -signal.SIGPROF else why)

    def kill(self) -> None:
        """End it and whatever it started in its group. Again: nothing."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()
        self._folder.cleanup()

    def _started(self) -> str:
        try:
            until = monotonic() + self._limits.start_seconds
            first = receive(self._from, self._limits.reply_bytes, until)
        except (EOFError, OSError, Garbage) as error:
            self.kill()
            raise NoReader(f"lector-{type(error).__name__}") from None
        if len(first) != 2 or first[0] != READY:
            self.kill()
            raise NoReader("lector-Garbage")
        return first[1].decode("ascii", "replace")

    def _held(self, answer: list[bytes], ticket: bytes) -> bytes:
        if len(answer) != 3 or answer[0] != ticket or answer[1] not in (DONE, FAILED):
            raise Garbage("respuesta")
        self.answered += 1
        if answer[1] == FAILED:
            self.kill()
            raise Broken(Unread.FAULT)
        return answer[2]


def environment() -> dict[str, str]:
    """All that such a process is told: where this program is, and to use one thread. Nothing of ours."""
    told = {
        "PYTHONPATH": str(Path(capture.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": "/nonexistent",
    }
    return told | {name: os.environ[name] for name in _OF_THE_PROCESSOR if name in os.environ}
