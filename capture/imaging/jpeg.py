"""A walk over the segments of a JPEG (ITU-T T.81, annex B): its size, and a copy without what is not picture.

A baseline, extended or progressive picture of 8 bits is read; arithmetic, lossless and hierarchical ones are
not. What follows the end of the picture (an archive, a film, a second picture) is left behind.
"""

from __future__ import annotations

import re
import struct

from capture.imaging.container import Essential, damaged, incomplete, orientation_of, require_size
from capture.imaging.errors import ImageRefusal
from capture.imaging.limits import ImageLimits

MAGIC = b"\xff\xd8\xff"
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_OTHER = frozenset(range(0xC3, 0xD0)) - {0xC4}
"""Lossless, hierarchical, arithmetic."""
_TABLES = frozenset({0xC4, 0xDB, 0xDD})  # Huffman, quantisation, restart interval
_EXIF, _EXIF_HEAD = 0xE1, b"Exif\0\0"
_COLOUR = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}  # they say how the colours are stored
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class _Walk:
    """The segments from the start to the end of the picture."""

    def __init__(self, data: bytes, limits: ImageLimits, place: str) -> None:
        self.data, self.limits, self.place = data, limits, place
        self.kept = [b"\xff\xd8"]
        self.size: tuple[int, int] | None = None
        self.orientation = 1
        self.scans = 0

    def run(self) -> Essential:
        at, parts = 2, 0
        while True:
            at, marker = self._marker(at)
            if marker == _END:
                break
            parts += 1
            if parts > self.limits.parts:
                raise damaged(self.place, f"más de {self.limits.parts} partes")
            at = self._segment(at, marker)
        if self.size is None or not self.scans:
            raise damaged(self.place, "un JPEG sin imagen")
        return Essential("JPEG", *self.size, b"".join(self.kept) + b"\xff\xd9", self.orientation)

    def _marker(self, at: int) -> tuple[int, int]:
        """Where the segment's length begins, and its marker; bytes of filling are passed over."""
        if at >= len(self.data):
            raise incomplete(self.place)
        if self.data[at] != 0xFF:
            raise damaged(self.place, "bytes fuera de lugar")
        while at < len(self.data) and self.data[at] == 0xFF:
            at += 1
        if at >= len(self.data):
            raise incomplete(self.place)
        return at + 1, self.data[at]

    def _segment(self, at: int, marker: int) -> int:
        if marker <= 0x01 or 0xD0 <= marker <= _START or marker in _OTHER:
            raise ImageRefusal("imagen.tipo", self.place, "un JPEG común de 8 bits", "un JPEG de otro tipo")
        length = int.from_bytes(self.data[at : at + 2], "big")
        end = at + length
        if at + 2 <= len(self.data) and length < 2:
            raise damaged(self.place, "una parte sin longitud")
        if end > len(self.data) or length < 2:
            raise incomplete(self.place)
        content = self.data[at + 2 : end]
        if marker == _SCAN:
            return self._scan(at, end)
        if marker in _FRAMES:
            self._frame(content)
        if marker == _EXIF and content.startswith(_EXIF_HEAD):
            self.orientation = orientation_of(content[len(_EXIF_HEAD) :])
        if marker in _FRAMES or marker in _TABLES or content.startswith(_COLOUR.get(marker, b"\0none")):
            self._keep(marker, at, end)
        return end

    def _keep(self, marker: int, at: int, end: int) -> None:
        self.kept += [bytes((0xFF, marker)), self.data[at:end]]

    def _frame(self, content: bytes) -> None:
        if self.size is not None or len(content) < 6:
            raise damaged(self.place, "un JPEG con varias imágenes")
        bits, height, width, components = struct.unpack(">BHHB", content[:6])
        if bits != 8 or components not in (1, 3, 4):
            raise ImageRefusal("imagen.tipo", self.place, "un JPEG común de 8 bits", "un JPEG de otro tipo")
        require_size(width, height, self.limits.jpeg_pixels, self.limits, self.place)
        self.size = width, height

    def _scan(self, at: int, end: int) -> int:
        if self.size is None:
            raise damaged(self.place, "un JPEG sin dimensiones")
        self.scans += 1
        if self.scans > self.limits.scans:
            expected = f"a lo más {self.limits.scans} barridos"
            raise ImageRefusal("imagen.barridos", self.place, expected, "más")
        found = _AFTER_SCAN.search(self.data, end)
        if found is None:
            raise incomplete(self.place)
        self._keep(_SCAN, at, found.start())
        return found.start()


def essential(data: bytes, limits: ImageLimits, place: str) -> Essential:
    """The picture of a JPEG that begins with MAGIC. Raises ImageRefusal."""
    return _Walk(data, limits, place).run()
