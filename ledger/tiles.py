"""tlog-tiles: names, widths and bytes of tiles and bundles, and which ones a growth publishes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.errors import FormatRefusal, StorageRefusal
from ledger.limits import HASH_BYTES, MAX_TILE_LEVEL, TILE_HEIGHT, TILE_WIDTH
from ledger.tree import node_hash

CHECKPOINT = "checkpoint"
_ENTRIES = "entries"
# 2**63 entries make tile numbers of at most 17 digits.
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/"
    r"(?P<groups>(?:x[0-9]{3}/){0,5})(?P<last>[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile, or at `level` -1 an entry bundle, of `width` hashes or entries (1 to 256)."""

    level: int
    number: int
    width: int = TILE_WIDTH

    @property
    def is_bundle(self) -> bool:
        """Whether it holds entries instead of hashes."""
        return self.level < 0

    @property
    def is_full(self) -> bool:
        """Whether it can no longer grow."""
        return self.width == TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/44`."""
        level = _ENTRIES if self.is_bundle else str(self.level)
        suffix = "" if self.is_full else f".p/{self.width}"
        return f"tile/{level}/{number_path(self.number)}{suffix}"

    def full(self) -> Tile:
        """The same tile once full: what a reader may fall back to when a partial one is gone."""
        return Tile(self.level, self.number)


def number_path(number: int) -> str:
    """A tile number in groups of three digits: 1234067 is `x001/x234/067`."""
    path = f"{number % 1000:03d}"
    while number := number // 1000:
        path = f"x{number % 1000:03d}/{path}"
    return path


def parse_path(path: str) -> Tile:
    """The tile or bundle that a path names. Raises FormatRefusal for any other spelling."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise FormatRefusal("tesela.ruta", "ruta", "tile/<nivel>/<número>[.p/<ancho>]", path)
    level = -1 if match["level"] == _ENTRIES else int(match["level"])
    number = int(match["groups"].replace("x", "").replace("/", "") + match["last"])
    tile = Tile(level, number, int(match["width"] or TILE_WIDTH))
    # A leading group x000, a width of 256 and a level above 63 have another spelling, or none.
    if tile.path != path or level > MAX_TILE_LEVEL or (match["width"] and tile.width >= TILE_WIDTH):
        raise FormatRefusal("tesela.ruta", "ruta", "la única forma de escribirla", path)
    return tile


def hashes_at(level: int, size: int) -> int:
    """How many hashes level `level` of the tiles has in a tree of `size` leaves (a bundle: entries)."""
    return size >> (TILE_HEIGHT * max(level, 0))


def tile_in(level: int, number: int, size: int) -> Tile:
    """That tile with its width in the tree of `size` leaves. Raises FormatRefusal when it is not there."""
    width = min(hashes_at(level, size) - number * TILE_WIDTH, TILE_WIDTH)
    if width <= 0:
        raise FormatRefusal(
            "tesela.fuera", f"tesela {number} del nivel {level}", f"un árbol de {size}", "nada"
        )
    return Tile(level, number, width)


def level_growth(level: int, old: int, new: int) -> list[Tile]:
    """The tiles of one level that a growth from `old` to `new` leaves must publish."""
    before, after = hashes_at(level, old), hashes_at(level, new)
    if before == after:
        return []
    last = (after - 1) // TILE_WIDTH
    return [tile_in(level, number, new) for number in range(before // TILE_WIDTH, last + 1)]


def growth_tiles(old: int, new: int) -> list[Tile]:
    """Everything a growth must publish: bundles first, then tiles level by level."""
    tiles, level = level_growth(-1, old, new), 0
    while hashes_at(level, new):
        tiles += level_growth(level, old, new)
        level += 1
    return tiles


def edge_tiles(size: int) -> list[Tile]:
    """The partial bundle and tiles on the right edge of a tree; none where a level ends in a full one."""
    tiles, level = [], -1
    while count := hashes_at(level, size):
        if width := count % TILE_WIDTH:
            tiles.append(Tile(level, count // TILE_WIDTH, width))
        level += 1
    return tiles


def obsolete_partials(tile: Tile) -> list[Tile]:
    """The partial forms that may be deleted once `tile` is published full."""
    return [Tile(tile.level, tile.number, width) for width in range(1, TILE_WIDTH)] if tile.is_full else []


def require_tile(tile: Tile, data: bytes) -> bytes:
    """The bytes, when they have exactly the tile's width. Raises StorageRefusal."""
    if len(data) != tile.width * HASH_BYTES:
        raise StorageRefusal(
            "tesela.longitud", tile.path, f"{tile.width * HASH_BYTES} bytes", f"{len(data)} bytes"
        )
    return data


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def expand(data: bytes) -> list[list[bytes]]:
    """All complete subtrees inside a tile: item k holds those of 2**k hashes, from left to right."""
    rows = [split_hashes(data)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])
    return rows


def tile_root(data: bytes) -> bytes:
    """The root of a full tile: one hash of the level above."""
    return expand(data)[TILE_HEIGHT][0]
