"""A storage in memory, and ports that fail (or worse) at a chosen step, before or after it took effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ledger.bundles import decode_bundle
from ledger.checkpoint import SignedCheckpoint, parse_signed
from ledger.errors import StorageRefusal
from ledger.growth import Edge, grow
from ledger.ports import CheckpointLock, Committed, Keyed, TileStorage
from ledger.sequencer import Submission
from ledger.tiles import CHECKPOINT, growth_tiles

from .signing import IDENTITY
from .textbook import Textbook


class MemoryStorage:
    """A `TileStorage` in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            if self.files.setdefault(path, data) != data:
                raise StorageRefusal("almacen.distinto", path, "los mismos bytes", "otros")

    def put_checkpoint(self, path: str, data: bytes) -> None:
        self.files[path] = data

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        if self.get(path) != old:
            raise StorageRefusal("almacen.cambio", path, "los mismos bytes", "otros")
        self.files[path] = new

    def get(self, path: str) -> bytes:
        if path not in self.files:
            raise StorageRefusal("almacen.falta", path, "bytes", "ninguno")
        return self.files[path]

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            self.files.pop(path, None)


class Steps:
    """Counts what is done and acts at one step, or at all from it on for `lasting` steps."""

    def __init__(
        self, at: int | None = None, act: Callable[[str], None] = lambda _: None, lasting: int = 1
    ) -> None:
        self.names: list[str] = []
        self.history: list[bytes] = []
        self._at = at
        self._act = act
        self._lasting = lasting

    def reach(self, name: str) -> None:
        self.names.append(name)
        if self._at is not None and 0 <= len(self.names) - 1 - self._at < self._lasting:
            self._act(name)


class FaultyStorage:
    """Each resource of a batch is a step of its own."""

    def __init__(self, inner: TileStorage, steps: Steps) -> None:
        self.inner = inner
        self.steps = steps

    def put(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            self.steps.reach(f"before {path}")
            self.inner.put({path: data})
            self.steps.reach(f"after {path}")

    def put_checkpoint(self, path: str, data: bytes) -> None:
        self.steps.reach(f"before {path}")
        self.inner.put_checkpoint(path, data)
        self.steps.history.append(data)
        self.steps.reach(f"after {path}")

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        self.inner.exchange_checkpoint(path, old, new)

    def get(self, path: str) -> bytes:
        self.steps.reach(f"before get {path}")
        return self.inner.get(path)

    def delete(self, paths: Sequence[str]) -> None:
        self.inner.delete(paths)


class FaultyLock:
    def __init__(self, inner: CheckpointLock, steps: Steps) -> None:
        self.inner = inner
        self.steps = steps

    def acquire(self) -> None:
        self.steps.reach("before acquire")
        self.inner.acquire()

    def release(self) -> None:
        self.inner.release()

    def load(self) -> Committed | None:
        self.steps.reach("before load")
        return self.inner.load()

    def commit(self, expected: bytes | None, new: Committed, keys: Mapping[bytes, Keyed]) -> None:
        self.steps.reach("before commit")
        self.inner.commit(expected, new, keys)
        self.steps.history.append(new.checkpoint)
        self.steps.reach("after commit")

    def known(self, keys: Sequence[bytes]) -> dict[bytes, Keyed]:
        self.steps.reach("before known")
        return self.inner.known(keys)


def submissions(*sizes: int) -> list[list[Submission]]:
    """Batches of distinct entries, each under its own key."""
    numbers = iter(range(sum(sizes)))
    return [[submission(next(numbers)) for _ in range(size)] for size in sizes]


def submission(i: int) -> Submission:
    """The i-th of them."""
    return Submission(f"clave {i}".encode(), f"entrada {i}".encode())


def entries_of(storage: TileStorage) -> tuple[SignedCheckpoint, list[bytes]]:
    """A whole log as an observer reads it: every tile and bundle that the checkpoint implies."""
    signed = parse_signed(storage.get(CHECKPOINT))
    IDENTITY.verify(signed, CHECKPOINT)
    tiles = growth_tiles(0, signed.head.size)
    held = {tile: storage.get(tile.path) for tile in tiles}
    entries = [entry for tile in tiles if tile.is_bundle for entry in decode_bundle(held[tile], tile.path)]
    whole = grow(Edge(), entries)
    assert held == dict((*whole.bundles, *whole.tiles))
    assert (len(entries), Textbook(entries).root(len(entries))) == (signed.head.size, signed.head.root)
    return signed, entries


def audit(storage: TileStorage, acknowledged: Mapping[bytes, int], history: Sequence[bytes]) -> list[bytes]:
    """Nothing acknowledged is missing, no index is used twice, and no two checkpoints conflict."""
    signed, entries = entries_of(storage)
    book = Textbook(entries)
    for key, index in acknowledged.items():
        assert entries[index] == key.replace(b"clave", b"entrada")
    assert len(set(entries)) == len(entries)
    assert len(set(acknowledged.values())) == len(acknowledged)
    for data in history:
        head = parse_signed(data).head
        assert head.size <= signed.head.size
        assert head.root == book.root(head.size)
    return entries
