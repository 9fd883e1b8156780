"""Names and contents of tiles and entry bundles (C2SP tlog-tiles)."""

from __future__ import annotations

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog import merkle

WIDTH = 256
_HEIGHT = 8
_LENGTH = 2
ENTRIES = "entries"


def number(index: int) -> str:
    """1234067 as x001/x234/067."""
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    return "/".join(reversed(groups))


def name(level: int | str, index: int, width: int = WIDTH) -> str:
    """Path of a tile, or of a bundle when the level is ENTRIES."""
    part = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{number(index)}{part}"


def span(size: int, level: int) -> int:
    """How many hashes a tree has at a level of tiles."""
    return size >> _HEIGHT * level


def width_of(size: int, level: int, index: int) -> int:
    """Width of a tile in a tree of that size; 0 when it has none there."""
    return max(0, min(WIDTH, span(size, level) - index * WIDTH))


def parse_tile(data: bytes, width: int, place: str) -> list[bytes]:
    """The hashes of a tile of exactly that width."""
    if len(data) != width * merkle.SIZE:
        raise Failure("tesela-forma", place, f"{width * merkle.SIZE} bytes", len(data))
    return [data[i : i + merkle.SIZE] for i in range(0, len(data), merkle.SIZE)]


def parse_bundle(data: bytes, width: int, place: str) -> list[bytes]:
    """The entries of a bundle of exactly that width."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        if len(entries) == width:
            raise Failure("paquete-forma", place, f"{width} entradas", f"{len(data) - at} bytes de más")
        end = at + _LENGTH + int.from_bytes(data[at : at + _LENGTH], "big")
        if at + _LENGTH > len(data) or end > len(data):
            where = f"{place}, entrada {len(entries)} del paquete"
            raise Failure("paquete-forma", where, f"{end - at} bytes", len(data) - at)
        entries.append(data[at + _LENGTH : end])
        at = end
    if len(entries) != width:
        raise Failure("paquete-forma", place, f"{width} entradas", len(entries))
    return entries


def render_bundle(entries: list[bytes]) -> bytes:
    """The bundle of these entries. Raises `paquete-forma` for one that is too long."""
    for i, entry in enumerate(entries):
        if len(entry) > LIMITS.entry:
            raise Failure("paquete-forma", f"entrada {i}", f"{LIMITS.entry} bytes", len(entry))
    return b"".join([len(entry).to_bytes(_LENGTH, "big") + entry for entry in entries])
