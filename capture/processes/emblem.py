"""The image that the app shows for a process: PNG or JPG of at most 500 KB (002 §1.2).

Only its header is read, so that nothing hostile in the pixels reaches a decoder of the server.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from capture.processes.errors import EmblemRefusal

MAX_BYTES = 500 * 1024
"""«500 KB» of the institutes' form, read the generous way."""
MAX_SIDE = 4096
"""Pixels."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_FIELD = "Imagen o logotipo"
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Start of frame: baseline, extended, progressive. Others are not shown by browsers."""
_SCAN, _END = 0xDA, 0xD9


@dataclass(frozen=True, slots=True)
class Emblem:
    """A checked image. `kind`: png or jpg; `width` and `height` in pixels."""

    kind: str
    width: int
    height: int
    sha256: bytes
    image: bytes

    @property
    def media_type(self) -> str:
        """For HTTP."""
        return "image/png" if self.kind == "png" else "image/jpeg"


def read_emblem(image: bytes) -> Emblem:
    """Check size, kind and dimensions. Raises EmblemRefusal."""
    if len(image) > MAX_BYTES:
        expected = f"a lo más 500 KB ({MAX_BYTES:,} bytes)"
        raise EmblemRefusal("emblema.tamano", _FIELD, expected, f"{len(image):,} bytes")
    if image.startswith(_PNG):
        kind, (width, height) = "png", _png_size(image)
    elif image.startswith(_JPEG):
        kind, (width, height) = "jpg", _jpeg_size(image)
    else:
        raise EmblemRefusal("emblema.formato", _FIELD, "una imagen PNG o JPG", "otro formato")
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        expected = f"de 1 a {MAX_SIDE} pixeles por lado"
        raise EmblemRefusal("emblema.dimensiones", _FIELD, expected, f"{width} × {height}")
    return Emblem(kind, width, height, hashlib.sha256(image).digest(), image)


def _png_size(image: bytes) -> tuple[int, int]:
    if len(image) < 33 or image[8:16] != b"\x00\x00\x00\rIHDR" or not image.endswith(b"IEND\xaeB`\x82"):
        raise EmblemRefusal("emblema.formato", _FIELD, "un PNG completo", "un PNG dañado")
    width, height = struct.unpack(">II", image[16:24])
    return width, height


def _jpeg_size(image: bytes) -> tuple[int, int]:
    at = 2
    while at + 4 <= len(image) and image[at] == 0xFF:
        marker = image[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in (_SCAN, _END):
            break
        (length,) = struct.unpack(">H", image[at + 2 : at + 4])
        if marker in _FRAMES and at + 9 <= len(image) and length >= 8:
            height, width = struct.unpack(">HH", image[at + 5 : at + 9])
            return width, height
        if length < 2:
            break
        at += 2 + length
    raise EmblemRefusal("emblema.formato", _FIELD, "un JPG completo", "un JPG dañado o de otro tipo")
