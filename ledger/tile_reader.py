"""Hashes of subtrees out of tiles. Pure but for the function that fetches bytes, which may lie.

What is read here is only as good as the root it is compared with afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ledger.limits import TILE_HEIGHT
from ledger.tiles import Tile, expand, require_tile, tile_in
from ledger.tree import Node

Fetch = Callable[[Tile], bytes]


class TileReader:
    """A `HashReader` over the tiles of the tree of `size` leaves; each tile is fetched once.

    `keep` bounds the tiles held in memory (about 32 kB each); the oldest are dropped first.
    """

    def __init__(self, fetch: Fetch, size: int, keep: int = 256) -> None:
        self._fetch = fetch
        self._size = size
        self._keep = keep
        self._rows: dict[Tile, list[list[bytes]]] = {}

    def at(self, size: int) -> TileReader:
        """A reader for another size of the same log, which shares the tiles held."""
        other = TileReader(self._fetch, size, self._keep)
        other._rows = self._rows
        return other

    def forget(self) -> None:
        """Drop the tiles held: what they gave was not what was signed."""
        self._rows.clear()

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        """The hash of each node. Raises StorageRefusal for a missing or misshapen tile."""
        return [self._node(node) for node in nodes]

    def _node(self, node: Node) -> bytes:
        level, row = divmod(node.level, TILE_HEIGHT)
        number = node.number >> (TILE_HEIGHT - row)
        rows = self._tile(tile_in(level, number, self._size))
        return rows[row][node.number - (number << (TILE_HEIGHT - row))]

    def _tile(self, tile: Tile) -> list[list[bytes]]:
        rows = self._rows.get(tile)
        if rows is None:
            rows = expand(require_tile(tile, self._fetch(tile)))
            while len(self._rows) >= self._keep:
                del self._rows[next(iter(self._rows))]
            self._rows[tile] = rows
        return rows
