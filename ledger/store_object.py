"""Tile storage in an object store (S3, GCS, Azure and others) through `obstore`, an optional dependency.

What exists is never overwritten: objects are put in `create` mode, which S3 does with If-None-Match.
Durability is the store's: for a folder use `store_folder`, since obstore's LocalStore does not fsync.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import ObjectStore

from ledger.errors import StorageRefusal
from ledger.static import headers

if TYPE_CHECKING:  # types that exist in obstore's stubs only
    from obstore import ObjectMeta, UpdateVersion

_PARALLEL = 16


class ObjectStorage:
    """A `TileStorage` over an obstore store, below `prefix` (empty, or ending in a slash)."""

    def __init__(self, store: ObjectStore, prefix: str = "", attributes: bool = True) -> None:
        self._store = store
        self._prefix = prefix
        self._attributes = attributes
        """Whether the store keeps content types and cache headers; obstore's LocalStore cannot."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """See `TileStorage`. Several at once; raises the first failure, once all have ended."""
        with ThreadPoolExecutor(_PARALLEL) as pool:
            for done in [pool.submit(self._create, path, data) for path, data in files.items()]:
                done.result()

    def put_checkpoint(self, path: str, data: bytes) -> None:
        """See `TileStorage`."""
        obstore.put(self._store, self._prefix + path, data, attributes=self._headers(path))

    def exchange_checkpoint(self, path: str, old: bytes, new: bytes) -> None:
        """See `TileStorage`. The store compares: S3 does with If-Match."""
        try:
            found = obstore.get(self._store, self._prefix + path)
        except FileNotFoundError:
            raise StorageRefusal("almacen.falta", path, "un objeto", "ninguno") from None
        changed = StorageRefusal("almacen.cambio", path, "los bytes que se leyeron", "otros más nuevos")
        if bytes(found.bytes()) != old:
            raise changed
        read, attributes = _version(found.meta), self._headers(path)
        try:
            obstore.put(self._store, self._prefix + path, new, mode=read, attributes=attributes)
        except PreconditionError:
            raise changed from None

    def get(self, path: str) -> bytes:
        """See `TileStorage`."""
        try:
            return bytes(obstore.get(self._store, self._prefix + path).bytes())
        except FileNotFoundError:
            raise StorageRefusal("almacen.falta", path, "un objeto", "ninguno") from None

    def delete(self, paths: Sequence[str]) -> None:
        """See `TileStorage`."""
        for path in paths:
            with suppress(OSError, BaseError):
                obstore.delete(self._store, self._prefix + path)

    def _create(self, path: str, data: bytes) -> None:
        try:
            obstore.put(self._store, self._prefix + path, data, mode="create", attributes=self._headers(path))
        except AlreadyExistsError:
            if (found := self.get(path)) != data:
                expected, got = "los mismos bytes que antes", f"otros {len(found)} bytes"
                raise StorageRefusal("almacen.distinto", path, expected, got) from None

    def _headers(self, path: str) -> dict[str, str] | None:
        return headers(path) if self._attributes else None


def _version(meta: ObjectMeta) -> UpdateVersion:
    """What the store compares: those of the two that it gives."""
    known: UpdateVersion = {}
    if meta["e_tag"] is not None:
        known["e_tag"] = meta["e_tag"]
    if meta["version"] is not None:
        known["version"] = meta["version"]
    return known
