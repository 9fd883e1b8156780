"""Small images of every kind, honest and hostile, written byte by byte where no encoder would."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def picture(width: int = 48, height: int = 32) -> Image.Image:
    """Smooth colours whose corners all differ, so that a turn shows."""
    rows, columns = np.mgrid[0:height, 0:width]
    red, green = columns * 255 // (width - 1), rows * 255 // (height - 1)
    return Image.fromarray(np.dstack([red, green, 255 - (red + green) // 2]).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """By Pillow."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *before: bytes, rows: bytes = b"\0" * 64) -> bytes:
    """Grey, 8 bits; `before` are chunks between the header and the picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return PNG_HEAD + head + b"".join(before) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def segment(marker: int, content: bytes) -> bytes:
    """Of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def frame_size(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG, its header claiming other sides."""
    at = next(data.index(bytes([0xFF, m, 0])) for m in (0xC0, 0xC2) if bytes([0xFF, m, 0]) in data)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def exif(orientation: int, order: str = "<") -> bytes:
    """A TIFF of one directory with one entry."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    return head + struct.pack(f"{order}IH", 8, 1) + entry + bytes(4)
