"""Files that are no honest photograph of a card, by what is wrong with them."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
from PIL import Image

from tests.capture.imaging.making import PNG_HEAD, chunk, encoded, frame_size, picture, png

COMMAND = "ignore; rm -rf / && <script>alert(1)</script> ' OR 1=1 --"
_GIANT = 50_000
_SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refused() -> dict[str, bytes]:
    """Each is told to be no image."""
    jpeg = encoded(picture(640, 400), "JPEG")
    frames = [picture(64, 40), picture(64, 40).rotate(180)]
    moving = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    return {
        "empty": b"",
        "one byte": b"\xff",
        "truncated": jpeg[: len(jpeg) // 2],
        "giant jpeg": frame_size(jpeg, _GIANT, _GIANT),
        "giant png": png(_GIANT, _GIANT),
        "bomb in a png": _bomb(),
        "bomb in a text": png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))),
        "moving png": moving,
        "moving gif": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "svg": _SVG,
        "svg behind a head of jpeg": b"\xff\xd8\xff\xe0" + _SVG,
        "web page": b"<html><img src=x onerror=alert(1)></html>",
        "archive": b"PK\x03\x04" + bytes(200),
        "document": b"%PDF-1.7\n" + bytes(200),
        "program": b"\x7fELF" + bytes(500),
        "tiff": encoded(picture(), "TIFF"),
        "noise": np.random.default_rng(1).bytes(20_000),
    }


def read() -> dict[str, bytes]:
    """Each is decoded, and only what it shows counts."""
    image = picture(640, 400)
    jpeg = encoded(image, "JPEG")
    turned = Image.Exif()
    turned[0x0112] = 6
    return {
        "four colours": encoded(image.convert("CMYK"), "JPEG"),
        "turned by its exif": encoded(image, "JPEG", exif=turned.tobytes()),
        "grey": encoded(image.convert("L"), "JPEG"),
        "archive behind": jpeg + b"PK\x03\x04" + bytes(500),
        "page behind": jpeg + b"<script>alert(1)</script>",
        "command as a comment": jpeg[:2] + _comment(COMMAND.encode()) + jpeg[2:],
        "command in print": printed(COMMAND),
        "one colour": encoded(Image.new("RGB", (2000, 1200), "white"), "JPEG"),
        "one row": encoded(Image.new("RGB", (4000, 1), "white"), "JPEG"),
    }


def printed(text: str) -> bytes:
    """A white sheet with a text, as a JPEG."""
    sheet = np.full((640, 1014, 3), 240, np.uint8)
    for row in range(80, 640, 80):
        cv2.putText(sheet, text, (20, row), cv2.FONT_HERSHEY_SIMPLEX, 1, (20, 20, 20), 2)
    return bytes(cv2.imencode(".jpg", sheet)[1])


def large() -> bytes:
    """As large as what is still decoded: of one colour, a small file."""
    return encoded(Image.new("RGB", (5000, 3100), "grey"), "JPEG")


def _bomb() -> bytes:
    """8,000 by 8,000 pixels in a hundred thousand bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8000, 8000, 8, 2, 0, 0, 0))
    packing = zlib.compressobj(9)
    rows = b"".join(packing.compress(bytes(24_001)) for _ in range(8000)) + packing.flush()
    return PNG_HEAD + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _comment(text: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, 0xFE, len(text) + 2) + text
