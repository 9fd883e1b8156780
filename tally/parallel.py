"""The same act over all urns of a consultation, on all cores.

Each worker process prepares once (group, trustees), when it takes its first urn. Results come back in
the order of the urns. An exception in one urn stops everything, as it should.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
FEW = 16
"""Below so many urns, starting processes costs more than it saves."""

_prepared: dict[str, Any] = {}


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_urns(
    act: Callable[[Any, T], R],
    urns: Sequence[T],
    prepare: Callable[..., Any],
    arguments: tuple[Any, ...],
    processes: int | None = None,
) -> Iterator[R]:
    """`act(prepared, urn)` for every urn, where `prepared = prepare(*arguments)` is made once a process."""
    count = min(processes or cores(), len(urns))
    if count <= 1 or len(urns) < FEW:
        prepared = prepare(*arguments)
        yield from (act(prepared, urn) for urn in urns)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context) as pool:
        chunk = max(1, min(8, len(urns) // (4 * count)))
        yield from pool.map(_Act(act, prepare, arguments), urns, chunksize=chunk)


class _Act(Generic[T, R]):
    """Picklable: prepares once in each process, so that a refusal there reaches the caller as it is."""

    def __init__(
        self, act: Callable[[Any, T], R], prepare: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        self._act = act
        self._prepare = prepare
        self._arguments = arguments

    def __call__(self, urn: T) -> R:
        if "value" not in _prepared:
            _prepared["value"] = self._prepare(*self._arguments)
        return self._act(_prepared["value"], urn)
