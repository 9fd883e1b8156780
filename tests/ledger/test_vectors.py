"""Published vectors: proofs of transparency-dev/merkle and a log written by transparency-dev/tessera."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest

from ledger.bundles import decode_bundle, encode_bundle, verify_bundle
from ledger.checkpoint import parse_signed
from ledger.cosignature import parse_verifier
from ledger.errors import TreeRefusal
from ledger.growth import Edge, grow, read_edge
from ledger.note import verify_note
from ledger.tile_reader import TileReader
from ledger.tiles import Tile, parse_path, split_hashes
from ledger.tree import consistency_proof, inclusion_proof, leaf_hash
from ledger.tree_check import verify_consistency, verify_inclusion

GOLDEN_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
# tlog-witness asks to accept growth from size 0 with an empty proof; the vectors refuse it.
FROM_NOTHING = {"size1 is zero and size2 is not zero"}


def cases(vectors: Path, kind: str) -> list[dict[str, object]]:
    found = [
        json.loads(path.read_bytes()) for path in sorted((vectors / "rfc6962-proofs" / kind).rglob("*.json"))
    ]
    assert len(found) > 50
    return found


def raw(value: object) -> bytes:
    return b64decode(str(value or ""))


def hashes(value: object) -> list[bytes]:
    return [raw(item) for item in value] if isinstance(value, list) else []


@pytest.mark.req("VER-02")
def test_inclusion_vectors(vectors: Path) -> None:
    for case in cases(vectors, "inclusion"):
        index, size = int(str(case["leafIdx"])), int(str(case["treeSize"]))
        arguments = (index, size, raw(case["leafHash"]), hashes(case["proof"]), raw(case["root"]))
        if case["wantErr"]:
            with pytest.raises(TreeRefusal):
                verify_inclusion(*arguments)
        else:
            verify_inclusion(*arguments)


@pytest.mark.req("VER-02")
def test_consistency_vectors(vectors: Path) -> None:
    exceptions = set()
    for case in cases(vectors, "consistency"):
        sizes = int(str(case["size1"])), int(str(case["size2"]))
        arguments = (*sizes, raw(case["root1"]), raw(case["root2"]), hashes(case["proof"]))
        if case["wantErr"] and case["desc"] not in FROM_NOTHING:
            with pytest.raises(TreeRefusal):
                verify_consistency(*arguments)
        else:
            verify_consistency(*arguments)
            exceptions |= {case["desc"]} & FROM_NOTHING
    assert exceptions == FROM_NOTHING


@pytest.fixture(scope="session")
def golden(vectors: Path) -> Path:
    return vectors / "tessera-golden-log"


def test_every_golden_checkpoint_verifies_and_is_written_the_same(golden: Path) -> None:
    paths = sorted(golden.glob("checkpoint*"))
    assert len(paths) == 17
    for path in paths:
        signed = parse_signed(path.read_bytes())
        verify_note(signed.note, [parse_verifier(GOLDEN_KEY)])
        assert signed.encode() == path.read_bytes()
        assert signed.head.encode() == signed.note.text
    assert parse_verifier(GOLDEN_KEY).name == signed.head.origin


def test_golden_resources_have_our_names_and_contents(golden: Path) -> None:
    found = [path for path in golden.rglob("*") if path.is_file() and "tile" in path.parts]
    assert len(found) == 30
    for path in found:
        tile = parse_path(path.relative_to(golden).as_posix())
        data = path.read_bytes()
        if tile.is_bundle:
            entries = decode_bundle(data, tile.path)
            assert encode_bundle(entries) == data
            twin = golden / Tile(0, tile.number, tile.width).path
            verify_bundle(entries, split_hashes(twin.read_bytes()), tile.path)


def test_growing_the_golden_log_gives_its_bytes_at_every_size(golden: Path) -> None:
    entries = decode_bundle((golden / "tile/entries/000.p/15").read_bytes(), "entries")
    for old in range(16):
        for new in range(old + 1, 16):
            growth = grow(grow(Edge(), entries[:old]).edge, entries[old:new])
            for tile, data in (*growth.bundles, *growth.tiles):
                assert (golden / tile.path).read_bytes() == data
            head = parse_signed((golden / f"checkpoint.{new}").read_bytes()).head
            assert (growth.edge.size, growth.edge.peaks.root()) == (head.size, head.root)


def test_golden_log_proves_its_entries_and_its_history(golden: Path) -> None:
    heads = [parse_signed((golden / f"checkpoint.{size}").read_bytes()).head for size in range(16)]
    entries = decode_bundle((golden / "tile/entries/000.p/15").read_bytes(), "entries")
    for new in heads[1:]:
        reader = TileReader(lambda tile: (golden / tile.path).read_bytes(), new.size)
        read_edge(lambda tile: (golden / tile.path).read_bytes(), new.size, new.root)
        for index in range(new.size):
            proof = inclusion_proof(reader, index, new.size)
            verify_inclusion(index, new.size, leaf_hash(entries[index]), proof, new.root)
            old = heads[index]
            proof = consistency_proof(reader, old.size, new.size)
            verify_consistency(old.size, new.size, old.root, new.root, proof)
