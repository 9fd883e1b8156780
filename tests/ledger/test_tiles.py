"""Tiles: names, widths, growth and what is refused, against the formulas of tlog-tiles."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import FormatRefusal, StorageRefusal
from ledger.growth import Edge, grow, read_edge
from ledger.partials import Partials
from ledger.static import headers
from ledger.tile_reader import TileReader
from ledger.tiles import (
    Tile,
    edge_tiles,
    growth_tiles,
    number_path,
    obsolete_partials,
    parse_path,
    split_hashes,
    tile_in,
)
from ledger.tree import consistency_proof, inclusion_proof

from .textbook import Textbook

ENTRIES = [f"entrada {i}".encode() for i in range(66_000)]
TILES = st.builds(Tile, st.integers(-1, 63), st.integers(0, 2**55 - 1), st.integers(1, 256))


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (255, "255"), (1000, "x001/000"), (1234067, "x001/x234/067"), (1_000_000, "x001/x000/000")],
)
def test_numbers_are_written_in_groups_of_three(number: int, path: str) -> None:
    assert number_path(number) == path


@given(TILES)
def test_every_path_reads_back(tile: Tile) -> None:
    assert parse_path(tile.path) == tile


@settings(max_examples=300)
@given(
    st.from_regex(r"\Atile/(entries|[0-9]{1,2})/(x?[0-9]{2,4}/){0,3}[0-9]{3}(\.p/[0-9]{1,3})?\Z")
    | st.text(max_size=30)
)
def test_what_is_read_is_written_the_same(path: str) -> None:
    try:
        tile = parse_path(path)
    except FormatRefusal:
        return
    assert tile.path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1\n",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/٠٠٠",
        "tile/0/000/",
        "tile/-1/000",
    ],
)
def test_other_spellings_of_a_path_are_refused(path: str) -> None:
    with pytest.raises(FormatRefusal, match=r"tesela\.ruta"):
        parse_path(path)
    with pytest.raises(FormatRefusal):
        headers(path)


def test_example_of_the_specification() -> None:
    tiles = [tile for tile in growth_tiles(0, 70_000) if not tile.is_bundle]
    by_level = {level: [t for t in tiles if t.level == level] for level in range(4)}
    assert [len(by_level[level]) for level in range(4)] == [274, 2, 1, 0]
    assert [by_level[level][-1].width for level in range(3)] == [112, 17, 1]
    assert [t.path for t in growth_tiles(0, 256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert edge_tiles(256) == [Tile(1, 0, 1)]
    assert growth_tiles(7, 7) == [] == edge_tiles(0)


@given(st.integers(0, 2**40), st.integers(1, 3000))
def test_growth_is_what_the_widths_of_the_specification_say(old: int, more: int) -> None:
    new = old + more
    assert len(set(growth_tiles(old, new))) == len(growth_tiles(old, new))
    for tile in growth_tiles(old, new):
        count = new // 256 ** max(tile.level, 0)
        assert tile.width == min(256, count - 256 * tile.number)
        assert tile == tile_in(tile.level, tile.number, new)
    partial = {tile for tile in edge_tiles(new) if tile not in edge_tiles(old)}
    assert partial <= set(growth_tiles(old, new))


def test_growing_in_steps_publishes_the_tiles_of_the_whole() -> None:
    random_steps = random.Random(7)
    held: dict[Tile, bytes] = {}
    edge, at = Edge(), 0
    while at < len(ENTRIES):
        step = random_steps.choice([1, 3, 100, 255, 256, 257, 2000])
        growth = grow(edge, ENTRIES[at : at + step])
        made = dict((*growth.bundles, *growth.tiles))
        assert list(made) == growth_tiles(at, growth.edge.size)
        held |= made
        edge, at = growth.edge, growth.edge.size
    whole = dict((*(all_at_once := grow(Edge(), ENTRIES)).bundles, *all_at_once.tiles))
    assert all(held[tile] == data for tile, data in whole.items())
    assert edge.peaks == all_at_once.edge.peaks
    for tile, data in held.items():
        if not tile.is_bundle:
            assert whole_of(tile, whole)[: tile.width] == split_hashes(data)


def whole_of(tile: Tile, whole: dict[Tile, bytes]) -> list[bytes]:
    return split_hashes(whole[tile_in(tile.level, tile.number, len(ENTRIES))])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_the_edge_read_from_tiles_is_the_one_grown(size: int) -> None:
    growth = grow(Edge(), ENTRIES[:size])
    held = dict((*growth.bundles, *growth.tiles))
    edge = read_edge(held.__getitem__, size, growth.edge.peaks.root())
    assert (edge.peaks, edge.entries) == (growth.edge.peaks, growth.edge.entries)
    assert grow(edge, ENTRIES[size:700]) == grow(growth.edge, ENTRIES[size:700])


def test_an_altered_edge_is_refused_with_its_place() -> None:
    growth = grow(Edge(), ENTRIES[:300])
    root = growth.edge.peaks.root()
    good = dict((*growth.bundles, *growth.tiles))
    for tile, rule in ((Tile(0, 1, 44), "raiz"), (Tile(1, 0, 1), "raiz"), (Tile(-1, 1, 44), "paquete")):
        changed = good[tile][:-1] + bytes([good[tile][-1] ^ 1])
        with pytest.raises(StorageRefusal, match=rule):
            read_edge((good | {tile: changed}).__getitem__, 300, root)
        with pytest.raises((StorageRefusal, FormatRefusal), match=r"000|001"):
            read_edge((good | {tile: good[tile][:-1]}).__getitem__, 300, root)


def test_proofs_out_of_tiles_agree_with_the_textbook() -> None:
    size = 1000
    growth = grow(Edge(), ENTRIES[:size])
    book = Textbook(ENTRIES[:size])
    reader = TileReader(dict((*growth.bundles, *growth.tiles)).__getitem__, size, keep=2)
    for index in range(0, size, 7):
        assert inclusion_proof(reader, index, size) == book.inclusion(index, size)
        assert consistency_proof(reader, index, size) == book.consistency(index, size)
    with pytest.raises(FormatRefusal, match=r"tesela\.fuera"):
        tile_in(0, 4, size)


def test_partials_go_only_after_their_full_tile_has_been_there_a_while() -> None:
    partials, gone, size = Partials(keep=3), [], 0
    for _ in range(10):
        size += 100
        gone.append(partials.published(growth_tiles(size - 100, size), size))
    assert gone[:3] == [[], [], []]
    first = {Tile(level, 0, width) for level in (-1, 0) for width in (100, 200)}
    assert first == {tile for batch in gone[:5] for tile in batch}
    for batch, tiles in enumerate(gone, 1):
        assert all(tile.full() in growth_tiles(0, batch * 100) for tile in tiles)


def test_obsolete_partials() -> None:
    assert len(obsolete_partials(Tile(0, 3))) == 255
    assert obsolete_partials(Tile(0, 3, 9)) == []


def test_static_headers() -> None:
    assert headers("checkpoint")["Content-Type"] == "text/plain; charset=utf-8"
    assert "immutable" in headers("tile/0/000.p/3")["Cache-Control"]
    assert headers("tile/entries/x001/000")["Content-Type"] == "application/octet-stream"
