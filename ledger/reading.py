"""Reading a published log out of untrusted storage: resources, and proofs checked before they are given."""

from __future__ import annotations

from threading import Lock

from ledger.bundles import decode_bundle
from ledger.checkpoint import SignedCheckpoint, parse_signed
from ledger.errors import StorageRefusal, TreeRefusal
from ledger.limits import HASH_BYTES
from ledger.ports import TileStorage
from ledger.proof import LogProof
from ledger.tile_reader import Fetch, TileReader
from ledger.tiles import CHECKPOINT, Tile
from ledger.tree import consistency_proof, inclusion_proof


def fetch_from(storage: TileStorage) -> Fetch:
    """Tiles and bundles of a storage; a partial one that is gone is cut from the full one."""

    def fetch(tile: Tile) -> bytes:
        try:
            return storage.get(tile.path)
        except StorageRefusal:
            if tile.is_full:
                raise
        return _cut(storage, tile)

    return fetch


def _cut(storage: TileStorage, tile: Tile) -> bytes:
    try:
        data = storage.get(tile.full().path)
    except StorageRefusal:
        raise StorageRefusal(
            "almacen.falta", tile.path, "la tesela parcial o la completa", "ninguna"
        ) from None
    if not tile.is_bundle:
        return data[: tile.width * HASH_BYTES]
    entries = decode_bundle(data, tile.full().path)[: tile.width]
    return data[: sum(2 + len(entry) for entry in entries)]


def read_checkpoint(storage: TileStorage) -> SignedCheckpoint:
    """The published checkpoint, its signatures not verified. Raises StorageRefusal when there is none."""
    return parse_signed(storage.get(CHECKPOINT), CHECKPOINT)


class Prover:
    """Makes proofs out of published tiles. Safe to share between threads."""

    def __init__(self, storage: TileStorage) -> None:
        self._reader = TileReader(fetch_from(storage), 0)
        self._lock = Lock()

    def inclusion(self, index: int, leaf: bytes, signed: SignedCheckpoint) -> LogProof:
        """The proof that `leaf` is at `index` under this very checkpoint.

        Raises StorageRefusal or TreeRefusal when the storage does not hold what was signed.
        """
        size = signed.head.size
        with self._lock:
            hashes = inclusion_proof(self._reader.at(size), index, size)
        proof = LogProof(index, tuple(hashes), signed)
        try:
            proof.verify_leaf(leaf)
        except TreeRefusal:
            with self._lock:
                self._reader.forget()
            raise
        return proof

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The consistency proof between two published sizes; whoever receives it verifies it."""
        with self._lock:
            return consistency_proof(self._reader.at(new), old, new)
