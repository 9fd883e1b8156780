"""The confined side: give everything up, load the engines once, then answer question after question.

A question is a message whose first part is a ticket that the answer repeats: an answer that was written
before its question came cannot be taken for it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence

from capture.reading.sandbox.confinement import allow_cpu, confine, seal
from capture.reading.sandbox.frames import Incoming, encode
from capture.reading.sandbox.limits import SandboxLimits

READY, DONE, FAILED = b"listo", b"hecho", b"falla"
MAX_QUESTION_BYTES = 24 * 1024 * 1024
Answering = Callable[[Sequence[bytes]], bytes]
"""Answers the parts of a question. Whatever it raises is told by the name of its type alone."""
_CHUNK = 1 << 16


def serve(load: Callable[[], Answering], limits: SandboxLimits) -> None:
    """Until the parent closes its end. `load` imports the engines and tries them once."""
    questions, answers = _own_pipes()
    held = confine(limits)
    allow_cpu(limits.start_cpu_seconds)
    answer = load()
    gc.collect()
    gc.freeze()
    held += seal()
    _write(answers, encode([READY, ",".join(held).encode()]))
    while (parts := _next(questions)) is not None:
        allow_cpu(limits.cpu_seconds)
        _write(answers, encode([parts[0], *_answered(answer, parts[1:])]))


def _answered(answer: Answering, parts: Sequence[bytes]) -> tuple[bytes, bytes]:
    try:
        return DONE, answer(parts)
    except Exception as error:  # noqa: BLE001 - a fault of one record; its words may be personal
        return FAILED, type(error).__name__.encode()[:80]


def _own_pipes() -> tuple[int, int]:
    """Standard input and output for us alone: what a library prints goes nowhere."""
    questions, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    os.close(nowhere)
    return questions, answers


def _next(fd: int) -> list[bytes] | None:
    incoming = Incoming(MAX_QUESTION_BYTES)
    while True:
        data = os.read(fd, _CHUNK)
        if not data:
            return None
        if (parts := incoming.feed(data)) is not None:
            return parts


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
