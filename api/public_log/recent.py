"""Where entries that were appended lately are, so that nobody waits for a second seal to learn it."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock

from ledger.sequencer import Placed
from ledger.tree import leaf_hash


class Recent:
    """The last `most` entries by their keys. Safe from any thread; what it forgets the log still knows."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: OrderedDict[bytes, Placed] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes, entry: bytes) -> Placed | None:
        """Its place; None when it is not remembered, or was another entry: the log decides then."""
        with self._lock:
            placed = self._places.get(key)
        return placed if placed is not None and placed.leaf == leaf_hash(entry) else None

    def keep(self, key: bytes, future: Future[Placed]) -> None:
        """Remember how an append ended, if it ended well."""
        if future.cancelled() or future.exception() is not None:
            return
        with self._lock:
            self._places[key] = future.result()
            if len(self._places) > self._most:
                self._places.popitem(last=False)
