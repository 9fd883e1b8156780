"""Entry bundles of tlog-tiles: each entry after its length as a big-endian uint16. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.errors import FormatRefusal, StorageRefusal
from ledger.limits import MAX_ENTRY_BYTES, TILE_WIDTH
from ledger.tree import leaf_hash


def require_entry(entry: bytes, place: str) -> bytes:
    """The entry, when a bundle can hold it."""
    if len(entry) > MAX_ENTRY_BYTES:
        raise FormatRefusal(
            "entrada.longitud", place, f"a lo más {MAX_ENTRY_BYTES} bytes", f"{len(entry)} bytes"
        )
    return entry


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The bundle of these entries, in order."""
    return b"".join(
        len(require_entry(entry, f"entrada {i}")).to_bytes(2, "big") + entry
        for i, entry in enumerate(entries)
    )


def decode_bundle(data: bytes, place: str, most: int = TILE_WIDTH) -> list[bytes]:
    """The entries of a bundle, at most `most`. Raises FormatRefusal naming the entry."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        where = f"{place}, entrada {len(entries)}"
        if len(entries) == most:
            raise FormatRefusal("paquete.entradas", where, f"a lo más {most} entradas", "otra entrada")
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise FormatRefusal("paquete.cortado", where, f"{at} bytes", f"{len(data)} bytes")
        entries.append(data[start:at])
    return entries


def verify_bundle(entries: Sequence[bytes], hashes: Sequence[bytes], place: str) -> None:
    """Refuse unless entry i hashes to hash i of the level 0 tile. Raises StorageRefusal naming it."""
    if len(entries) != len(hashes):
        raise StorageRefusal("paquete.ancho", place, f"{len(hashes)} entradas", f"{len(entries)} entradas")
    for i, (entry, expected) in enumerate(zip(entries, hashes, strict=True)):
        if (found := leaf_hash(entry)) != expected:
            raise StorageRefusal("paquete.hash", f"{place}, entrada {i}", expected.hex(), found.hex())
