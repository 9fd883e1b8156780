"""The emblem: PNG or JPG of at most 500 KB, known by its header alone."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.processes.emblem import MAX_BYTES, read_emblem
from capture.processes.errors import EmblemRefusal


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 3, height: int = 2, size: int | None = None) -> bytes:
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((1 + 3 * min(width, 9)) * min(height, 9))))
    end = chunk(b"IEND", b"")
    if size is not None:
        pixels += chunk(b"tEXt", bytes(size - len(head) - len(pixels) - len(end) - 12))
    return head + pixels + end


def jpeg(width: int = 3, height: int = 2, marker: int = 0xC0) -> bytes:
    app = b"\xff\xe0\x00\x10JFIF\x00" + bytes(9)
    frame = bytes([0xFF, marker]) + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + app + frame + b"\xff\xda\x00\x0c" + bytes(10) + b"\xff\xd9"


@pytest.mark.req("APO-02")
def test_png_and_jpg_are_read_with_their_dimensions() -> None:
    made = read_emblem(png(640, 480))
    assert (made.kind, made.width, made.height, made.media_type) == ("png", 640, 480, "image/png")
    for marker in (0xC0, 0xC1, 0xC2):
        photo = read_emblem(jpeg(1024, 768, marker))
        assert (photo.kind, photo.width, photo.height) == ("jpg", 1024, 768)


@pytest.mark.req("APO-02")
def test_500_kb_are_accepted_and_one_byte_more_is_not() -> None:
    assert len(read_emblem(png(size=MAX_BYTES)).image) == 512_000
    with pytest.raises(EmblemRefusal, match=r"emblema\.tamano"):
        read_emblem(png(size=MAX_BYTES) + b"\0")


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        (b"", "emblema.formato"),
        (b"GIF89a" + bytes(100), "emblema.formato"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "emblema.formato"),
        (png()[:-1], "emblema.formato"),
        (png()[:20], "emblema.formato"),
        (jpeg()[:15], "emblema.formato"),
        (b"\xff\xd8\xff", "emblema.formato"),
        (b"\xff\xd8" + b"\xff" * 1000, "emblema.formato"),
        (jpeg(marker=0xC4), "emblema.formato"),
        (png(0, 5), "emblema.dimensiones"),
        (png(4097, 5), "emblema.dimensiones"),
        (jpeg(5, 65_535), "emblema.dimensiones"),
    ],
)
def test_what_is_not_such_an_image_is_refused(image: bytes, rule: str) -> None:
    with pytest.raises(EmblemRefusal) as refused:
        read_emblem(image)
    assert refused.value.rule == rule


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]), st.binary(max_size=300))
def test_hostile_headers_are_refused_or_read_and_never_break(head: bytes, rest: bytes) -> None:
    try:
        made = read_emblem(head + rest)
    except EmblemRefusal:
        return
    assert made.width * made.height > 0
