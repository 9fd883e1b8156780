"""Appending entries to a tree of which only the right edge is held. Pure.

The edge is what the next batch needs: the peaks, the partial tile of each level and the entries of
the partial bundle; about 16 kB of hashes and at most 255 entries, whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.bundles import decode_bundle, encode_bundle, verify_bundle
from ledger.compact_range import CompactRange
from ledger.errors import StorageRefusal
from ledger.limits import TILE_BYTES, TILE_WIDTH
from ledger.tile_reader import Fetch, TileReader
from ledger.tiles import Tile, edge_tiles, level_growth, split_hashes, tile_root
from ledger.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: `tiles[l]` are the bytes of the partial tile of level l, maybe none."""

    peaks: CompactRange = field(default_factory=CompactRange)
    tiles: tuple[bytes, ...] = ()
    entries: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        """Leaves in the tree."""
        return self.peaks.size


@dataclass(frozen=True, slots=True)
class Growth:
    """What a batch adds: the resources to publish, in the order to publish them, and the new edge."""

    edge: Edge
    bundles: tuple[tuple[Tile, bytes], ...]
    tiles: tuple[tuple[Tile, bytes], ...]


def read_edge(fetch: Fetch, size: int, root: bytes) -> Edge:
    """The edge of a published tree, read from untrusted storage and held to the root that was signed.

    Raises StorageRefusal (or FormatRefusal from a bundle) naming the resource that is not as signed.
    """
    held = {tile: fetch(tile) for tile in edge_tiles(size)}
    peaks = CompactRange.read(TileReader(held.__getitem__, size), size)
    if (found := peaks.root()) != root:
        raise StorageRefusal("bitacora.raiz", f"teselas del tamaño {size}", root.hex(), found.hex())
    levels = max((tile.level for tile in held), default=-1) + 1
    by_level = {tile.level: data for tile, data in held.items()}
    tiles = tuple(by_level.get(level, b"") for level in range(levels))
    return Edge(peaks, tiles, _edge_entries(held, by_level.get(0, b"")))


def _edge_entries(held: dict[Tile, bytes], hashes: bytes) -> tuple[bytes, ...]:
    for tile, data in held.items():
        if tile.is_bundle:
            entries = decode_bundle(data, tile.path)
            verify_bundle(entries, split_hashes(hashes), tile.path)
            return tuple(entries)
    return ()


def grow(edge: Edge, entries: Sequence[bytes]) -> Growth:
    """The growth by these entries. Raises FormatRefusal for an entry no bundle can hold."""
    leaves = [leaf_hash(entry) for entry in entries]
    peaks = edge.peaks.extend(leaves)
    bundles, rest = _grow_bundles(edge, entries)
    tiles, partial = _grow_tiles(edge, b"".join(leaves), peaks.size)
    return Growth(Edge(peaks, partial, rest), tuple(bundles), tuple(tiles))


def _grow_bundles(edge: Edge, entries: Sequence[bytes]) -> tuple[list[tuple[Tile, bytes]], tuple[bytes, ...]]:
    held = [*edge.entries, *entries]
    tiles = level_growth(-1, edge.size, edge.size + len(entries))
    bundles = [(tile, encode_bundle(held[i * TILE_WIDTH :][: tile.width])) for i, tile in enumerate(tiles)]
    return bundles, tuple(held[len(held) - len(held) % TILE_WIDTH :])


def _grow_tiles(edge: Edge, added: bytes, size: int) -> tuple[list[tuple[Tile, bytes]], tuple[bytes, ...]]:
    published: list[tuple[Tile, bytes]] = []
    partial = list(edge.tiles)
    level = 0
    while added:
        partial += [b""] * (level + 1 - len(partial))
        data = partial[level] + added
        chunks = [data[at : at + TILE_BYTES] for at in range(0, len(data), TILE_BYTES)]
        published += zip(level_growth(level, edge.size, size), chunks, strict=True)
        partial[level] = data[len(data) - len(data) % TILE_BYTES :]
        added = b"".join(tile_root(chunk) for chunk in chunks if len(chunk) == TILE_BYTES)
        level += 1
    return published, tuple(partial)
