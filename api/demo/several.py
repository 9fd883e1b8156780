"""Several things at a time, and the end of all of them when the rehearsal is interrupted.

Whoever interrupts it waits for nobody: what has not begun is not begun any more, and what is under way finds
the service gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from tally.parallel import cores

Pool = TypeVar("Pool", bound=Executor)


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """So many threads while the block runs; all that was given to them is done when it ends."""
    with _ended(ThreadPoolExecutor(count)) as pool:
        yield pool


@contextmanager
def processes(tasks: int) -> Iterator[ProcessPoolExecutor]:
    """The same with a process on each processor, and no more of them than tasks."""
    count, context = max(min(cores(), tasks), 1), multiprocessing.get_context("spawn")
    with _ended(ProcessPoolExecutor(count, context, _belong_to_the_rehearsal)) as pool:
        yield pool


@contextmanager
def _ended(pool: Pool) -> Iterator[Pool]:
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _belong_to_the_rehearsal() -> None:
    """The terminal interrupts the rehearsal alone; however that ends, this process does with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_rehearsal, daemon=True).start()


def _end_with_the_rehearsal() -> None:
    if (rehearsal := multiprocessing.parent_process()) is not None:
        rehearsal.join()
        os._exit(1)
