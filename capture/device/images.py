"""Invented images that any program shows: a mosaic of grey tones as JPEG, a stroke as PNG. Pure.

A JPEG is filled up with comments of random bytes to the size of a photograph.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

from capture.packet.record import IMAGES

Random = Callable[[int], bytes]
_BLOCK = 8  # pixels of a side
_DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_DC_LENGTHS = (2, 3, 3, 3, 3, 3, 4, 5, 6)  # bits of the code of each category (ITU-T T.81, table K.3)
_DC_CODES = (0b00, 0b010, 0b011, 0b100, 0b101, 0b110, 0b1110, 0b11110, 0b111110)
_COMMENT_BYTES = 65_533
_COLUMNS, _ROWS = 40, 25  # blocks
_SHARES = (40, 34, 25)  # per cent of the whole: both sides of the credential, the portrait
SIGNATURE_PIXELS = (320, 120)


def images(total: int, random: Random) -> dict[str, bytes]:
    """The four images of a record, of `total` bytes or hardly more (at least 20,000)."""
    sizes = [max(total, 20_000) * share // 100 for share in _SHARES]
    photographs = [jpeg(size, random) for size in sizes]
    return dict(zip(IMAGES, (*photographs, signature(random)), strict=True))


def jpeg(size: int, random: Random) -> bytes:
    """A grey mosaic, as a baseline JPEG of exactly `size` bytes (at least 5,000)."""
    tones = random(_COLUMNS * _ROWS)
    frame = struct.pack(">BHHB3B", 8, _ROWS * _BLOCK, _COLUMNS * _BLOCK, 1, 1, 0x11, 0)
    tables = (
        _segment(0xDB, bytes([0]) + bytes([_BLOCK] * 64)),
        _segment(0xC0, frame),
        _segment(0xC4, bytes([0x00]) + _DC_COUNTS + bytes(range(12))),
        _segment(0xC4, bytes([0x10, 1]) + bytes(15) + bytes([0])),  # the end of a block is all there is
        _segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
    )
    rest = b"".join(tables) + _scan(tones) + b"\xff\xd9"
    return b"\xff\xd8" + b"".join(_comments(size - len(rest) - 2, random)) + rest


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _comments(size: int, random: Random) -> Iterator[bytes]:
    """Comment segments of `size` bytes together."""
    count = -(-size // (_COMMENT_BYTES + 4))
    for left in range(count, 0, -1):
        part = size // left
        size -= part
        yield _segment(0xFE, random(part - 4))


def _scan(tones: bytes) -> bytes:
    """Each block is flat: the difference to the one before, and the end of the block."""
    bits, before = [], 128
    for tone in tones:
        difference = tone - before
        category = abs(difference).bit_length()
        bits.append(f"{_DC_CODES[category]:0{_DC_LENGTHS[category]}b}")
        if category:
            value = difference if difference > 0 else difference + (1 << category) - 1
            bits.append(f"{value:0{category}b}")
        bits.append("0")
        before = tone
    text = "".join(bits)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big").replace(b"\xff", b"\xff\x00")


def signature(random: Random) -> bytes:
    """A stroke that wanders from left to right, as a grey PNG."""
    width, height = SIGNATURE_PIXELS
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    y = height // 2
    for x, step in enumerate(random(width)):
        following = min(max(y + step % 9 - 4, 2), height - 3)
        for at in range(min(y, following) - 1, max(y, following) + 2):
            rows[at][x] = 0
        y = following
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))
