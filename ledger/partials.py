"""Which partial tiles may go: those whose full tile has been there for a number of batches. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ledger.limits import TILE_WIDTH
from ledger.tiles import Tile, hashes_at


class Partials:
    """The partial tiles published since this process began; those of before a restart simply stay."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._batches: deque[list[Tile]] = deque()
        self._open: list[Tile] = []

    def published(self, tiles: Iterable[Tile], size: int) -> list[Tile]:
        """Take note of a batch that led to `size`; returns the partial tiles that may be deleted."""
        self._batches.append([tile for tile in tiles if not tile.is_full])
        if len(self._batches) <= self._keep:
            return []
        self._open += self._batches.popleft()
        obsolete = [tile for tile in self._open if _is_full_at(tile, size)]
        self._open = [tile for tile in self._open if not _is_full_at(tile, size)]
        return obsolete


def _is_full_at(tile: Tile, size: int) -> bool:
    return hashes_at(tile.level, size) >= (tile.number + 1) * TILE_WIDTH
