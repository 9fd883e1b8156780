"""Tiles, entries and proofs of a tree of known size, from a source that may lack or change any of them."""

from __future__ import annotations

from collections import OrderedDict

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog import merkle, tiles
from certeza_verifier.tlog.source import Source
from certeza_verifier.tlog.tiles import ENTRIES, WIDTH

_KEPT = 64


CHECKPOINT = "checkpoint"


def published(source: Source) -> bytes:
    """The checkpoint. Raises NotJudged when there is none, since then there is nothing to judge."""
    data = source.read(CHECKPOINT, LIMITS.note)
    if data is None:
        raise NotJudged(f"no hay un archivo «{CHECKPOINT}»: no es una bitácora, o no ha empezado")
    return data


class Reader:
    """The tree of `size` entries behind a source; keeps the last few tiles."""

    def __init__(self, source: Source, size: int) -> None:
        self.source = source
        self.size = size
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def tile(self, level: int, index: int) -> list[bytes]:
        """Hashes of a tile, cut to what this tree has of it."""
        key = (level, index)
        if key not in self._tiles:
            self._tiles[key] = self._read_tile(level, index)
            if len(self._tiles) > _KEPT:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end(key)
        return self._tiles[key]

    def _read_tile(self, level: int, index: int) -> list[bytes]:
        width = tiles.width_of(self.size, level, index)
        data, got, name = self._fetch(level, index, width, LIMITS.tile)
        return tiles.parse_tile(data, got, name)[:width]

    def bundle(self, index: int) -> list[bytes]:
        """Entries of a bundle, cut to what this tree has of it."""
        width = tiles.width_of(self.size, 0, index)
        data, got, name = self._fetch(ENTRIES, index, width, LIMITS.bundle)
        return tiles.parse_bundle(data, got, name)[:width]

    def _fetch(self, level: int | str, index: int, width: int, limit: int) -> tuple[bytes, int, str]:
        """A tile or bundle with its width and name: a partial one that is gone is sought in the full one."""
        name = tiles.name(level, index, width)
        data = self.source.read(name, limit)
        if data is not None:
            return data, width, name
        full = tiles.name(level, index)
        data = self.source.read(full, limit) if width < WIDTH else None
        if data is None:
            raise Failure("tesela-falta", name if width == WIDTH else f"{name}, ni {full}")
        return data, WIDTH, full

    # --- proofs ---

    def _perfect(self, height: int, index: int) -> bytes:
        """Root of the perfect subtree number `index` of 2^height entries."""
        level, rest = divmod(height, 8)
        first = index << rest
        row = self.tile(level, first // WIDTH)
        return merkle.perfect(row[first % WIDTH : first % WIDTH + (1 << rest)])

    def range(self, low: int, high: int) -> bytes:
        """Root over the entries from `low` to `high`, as the tree groups them."""
        edge = merkle.CompactRange(0)
        while low < high:  # low is a multiple of every power of two used before
            height = (high - low).bit_length() - 1
            edge.push(height, self._perfect(height, low >> height))
            low += 1 << height
        return edge.root()

    def inclusion(self, index: int) -> list[bytes]:
        """RFC 6962, 2.1.1: the siblings of an entry, from the leaf upward."""
        low, high, proof = 0, self.size, []
        while high - low > 1:
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            if index < middle:
                proof.append(self.range(middle, high))
                high = middle
            else:
                proof.append(self.range(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, old: int) -> list[bytes]:
        """RFC 6962, 2.1.2: from the tree of the first `old` entries to this one."""
        if old in (0, self.size):
            return []
        low, high, proof = 0, self.size, []
        while old != high:
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            if old <= middle:
                proof.append(self.range(middle, high))
                high = middle
            else:
                proof.append(self.range(low, middle))
                low = middle
        if low:
            proof.append(self.range(low, high))
        return proof[::-1]
