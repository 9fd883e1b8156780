"""A walk over the chunks of a PNG (W3C, third edition): its size, and a copy without what is not picture.

Compressed texts and colour profiles, which can be bombs, are dropped unopened; so is all that follows IEND.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from capture.imaging.container import Essential, damaged, incomplete, orientation_of, require_size
from capture.imaging.errors import ImageRefusal
from capture.imaging.limits import ImageLimits

MAGIC = b"\x89PNG\r\n\x1a\n"
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_PICTURE = frozenset({b"PLTE", b"tRNS", b"IDAT"})
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Bits a sample by type of colour."""
_EMPTY_END = struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))


def essential(data: bytes, limits: ImageLimits, place: str) -> Essential:
    """The picture of a PNG that begins with MAGIC. Raises ImageRefusal."""
    chunks = _chunks(data, limits, place)
    name, whole = next(chunks)
    if name != b"IHDR" or len(whole) != 25:
        raise damaged(place, "un PNG sin encabezado")
    width, height = _header(whole, limits, place)
    kept, orientation, seen = [MAGIC, whole], 1, False
    for name, whole in chunks:
        if name in _ANIMATION:
            raise ImageRefusal("imagen.animada", place, "una imagen fija", "una imagen animada")
        if name == b"IHDR":
            raise damaged(place, "un PNG con varios encabezados")
        if name in _PICTURE:
            kept.append(whole)
        if name == b"eXIf":
            orientation = orientation_of(whole[8:-4])
        seen = seen or name == b"IDAT"
    if not seen:
        raise damaged(place, "un PNG sin imagen")
    return Essential("PNG", width, height, b"".join(kept) + _EMPTY_END, orientation)


def _header(whole: bytes, limits: ImageLimits, place: str) -> tuple[int, int]:
    width, height, bits, colour, packing, filters, interlace = struct.unpack(">IIBBBBB", whole[8:21])
    if bits not in _DEPTHS.get(colour, ()) or packing or filters or interlace > 1:
        raise ImageRefusal("imagen.tipo", place, "un PNG de la norma", "un PNG de otro tipo")
    require_size(width, height, limits.png_pixels, limits, place)
    return width, height


def _chunks(data: bytes, limits: ImageLimits, place: str) -> Iterator[tuple[bytes, bytes]]:
    """Name and whole bytes of each chunk before IEND, its checksum verified."""
    at = len(MAGIC)
    for _ in range(limits.parts):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise incomplete(place)
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise damaged(place, "una parte alterada")
        if name == b"IEND":
            return
        yield name, data[at:end]
        at = end
    raise damaged(place, f"más de {limits.parts} partes")
