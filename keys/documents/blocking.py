"""Waiting for pyHanko's coroutines from code that is not one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def finished(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The result of the coroutine that `make` gives. Where an event loop runs already, it stands still."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())
    with ThreadPoolExecutor(1) as other:
        return other.submit(lambda: asyncio.run(make())).result()
