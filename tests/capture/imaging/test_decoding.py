"""What is decoded, against Pillow's own reading; what is refused, and that nothing else ever happens."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from capture.imaging.decoding import decode, essential
from capture.imaging.errors import ImageRefusal
from capture.imaging.limits import DEFAULT, ImageLimits
from capture.packet.record import IMAGES
from tests.capture.imaging.making import chunk, encoded, exif, frame_size, picture, png, segment

JPEG = encoded(picture(), "JPEG", quality=90)
PROGRESSIVE = encoded(picture(), "JPEG", progressive=True)
PNG = encoded(picture(), "PNG")


def refused(data: bytes, limits: ImageLimits = DEFAULT) -> str:
    """The rule that refuses it."""
    with pytest.raises(ImageRefusal) as caught:
        decode(data, limits, "anverso.jpg")
    assert caught.value.place == "anverso.jpg"
    return caught.value.rule


def as_pillow(data: bytes) -> np.ndarray:
    """Blue, green, red; turned as Exif says."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))[:, :, ::-1]


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, PNG], ids=["jpeg", "progressive", "png"])
def test_an_ordinary_image_is_what_pillow_makes_of_it(data: bytes) -> None:
    pixels = decode(data)
    assert pixels.dtype == np.uint8 and pixels.flags.c_contiguous
    assert np.array_equal(pixels, as_pillow(data))


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_four_colour_jpegs_are_read(mode: str) -> None:
    data = encoded(picture().convert(mode), "JPEG", quality=95)
    assert np.array_equal(decode(data), as_pillow(data))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
@pytest.mark.parametrize("interlace", [False, True])
def test_pngs_of_every_palette_are_read(mode: str, interlace: bool) -> None:
    data = encoded(picture().convert(mode), "PNG", interlace=interlace)
    assert np.array_equal(decode(data), as_pillow(data))


def test_sixteen_bits_of_grey_become_eight() -> None:
    deep = np.linspace(0, 65535, 48 * 32).reshape(32, 48).astype(np.uint16)
    pixels = decode(encoded(Image.fromarray(deep), "PNG"))
    assert np.array_equal(pixels[:, :, 0], (deep >> 8).astype(np.uint8))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white_paper(mode: str) -> None:
    image = Image.new("LA" if mode == "LA" else "RGBA", (8, 8), (0, 0) if mode == "LA" else (0, 0, 0, 0))
    data = encoded(image.convert(mode) if mode == "P" else image, "PNG")
    assert decode(data).min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_every_orientation_of_exif_is_set_upright(kind: str, order: str, orientation: int) -> None:
    tiff = exif(orientation, order)
    data = JPEG[:2] + segment(0xE1, b"Exif\0\0" + tiff) + JPEG[2:]
    if kind == "PNG":
        data = PNG[:33] + chunk(b"eXIf", tiff) + PNG[33:]
    assert np.array_equal(decode(data), as_pillow(data))


@given(tiff=st.binary(max_size=80))
@example(b"II*\0\xff\xff\xff\xff")
@example(b"MM\0*\0\0\0\x08\xff\xff")
@example(exif(9))
@example(exif(0)[:-9])
def test_a_damaged_exif_costs_nobody_the_photograph(tiff: bytes) -> None:
    data = JPEG[:2] + segment(0xE1, b"Exif\0\0" + tiff) + JPEG[2:]
    assert sorted(decode(data).shape[:2]) == [32, 48]


def test_a_large_jpeg_is_decoded_at_half_its_size() -> None:
    data = encoded(picture(400, 300), "JPEG")
    assert decode(data, ImageLimits(full_pixels=100_000)).shape == (150, 200, 3)


@pytest.mark.req("SEI-03")
@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        b"%PDF-1.7\n",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a" + bytes(20),
        encoded(picture(), "WEBP"),
        encoded(picture(), "TIFF"),
        encoded(picture(), "BMP"),
        b"MZ" + JPEG,
        b" " + PNG,
    ],
    ids=["svg", "pdf", "html", "gif", "webp", "tiff", "bmp", "program", "blank"],
)
def test_another_format_under_the_name_of_a_jpeg_is_refused_by_its_first_bytes(data: bytes) -> None:
    assert refused(data) == "imagen.formato"


def test_nothing_is_not_an_image() -> None:
    assert refused(b"") == "imagen.vacia"


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, PNG], ids=["jpeg", "progressive", "png"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_image_is_refused(data: bytes, share: float) -> None:
    assert refused(data[: int(len(data) * share)]) == "imagen.incompleta"


def test_a_picture_that_ends_within_its_data_is_refused() -> None:
    assert refused(png(40, 40, rows=bytes(100))) == "imagen.danada"


@pytest.mark.req("SEI-03")
def test_a_giant_is_refused_by_its_header_before_any_memory_is_taken() -> None:
    giants = [png(50_000, 50_000), frame_size(JPEG, 50_000, 50_000), png(2**31 - 1, 1)]
    tracemalloc.start()
    try:
        assert [refused(one) for one in giants] == ["imagen.dimensiones"] * 3
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_the_limits_are_of_sides_and_of_all_pixels() -> None:
    assert refused(frame_size(JPEG, 8001, 10)) == "imagen.dimensiones"
    assert refused(frame_size(JPEG, 8000, 8000)) == "imagen.pixeles"
    assert refused(png(8000, 2001)) == "imagen.pixeles"
    assert refused(frame_size(JPEG, 48, 0)) == refused(png(0, 5)) == "imagen.dimensiones"
    assert refused(JPEG, ImageLimits(file_bytes=len(JPEG) - 1)) == "imagen.tamano"
    assert max(DEFAULT.jpeg_pixels, DEFAULT.png_pixels) < (Image.MAX_IMAGE_PIXELS or 0)


@pytest.mark.req("SEI-03")
@pytest.mark.parametrize("name", [b"zTXt", b"iCCP", b"iTXt"])
def test_what_a_png_compresses_besides_the_picture_is_never_opened(name: bytes) -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    content = b"k\0\0" + bomb if name != b"iTXt" else b"k\0\1\0\0\0" + bomb
    data = PNG[:33] + chunk(name, content) + PNG[33:]
    tracemalloc.start()
    try:
        assert np.array_equal(decode(data), decode(PNG))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_a_picture_that_inflates_to_more_than_its_sides_is_read_no_further() -> None:
    bomb = png(8, 7, rows=bytes(100_000_000))
    tracemalloc.start()
    try:
        assert decode(bomb).shape == (7, 8, 3)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_what_moves_is_refused() -> None:
    frames = [picture(), picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    assert refused(encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])) == "imagen.animada"
    for kind in ("GIF", "WEBP"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert refused(data) == "imagen.formato"


def zipped() -> bytes:
    """An archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("nota.txt", "x" * 500)
    return file.getvalue()


@pytest.mark.parametrize("data", [JPEG, PNG], ids=["jpeg", "png"])
@pytest.mark.parametrize("annex", [zipped(), b"<script>alert(1)</script>", JPEG, bytes(5000)])
def test_what_hangs_behind_the_picture_never_reaches_the_decoder(data: bytes, annex: bytes) -> None:
    assert np.array_equal(decode(data + annex), decode(data))
    assert annex not in essential(data + annex, DEFAULT, "imagen").data[len(data) // 2 :]


def test_texts_within_never_reach_the_decoder() -> None:
    command = b"$(rm -rf /) <?php system($_GET[0]); ?>"
    data = JPEG[:2] + segment(0xFE, command) + segment(0xE2, b"ICC_PROFILE\0" + command) + JPEG[2:]
    assert command not in essential(data, DEFAULT, "imagen").data
    assert np.array_equal(decode(data), decode(JPEG))


def test_a_jpeg_of_many_scans_is_refused_before_it_takes_time() -> None:
    at = PROGRESSIVE.rindex(b"\xff\xda")
    last = PROGRESSIVE[at:-2]
    assert refused(PROGRESSIVE[:-2] + last * 500 + b"\xff\xd9") == "imagen.barridos"


def test_a_jpeg_of_many_parts_is_refused() -> None:
    many = segment(0xFE, b"") * (DEFAULT.parts + 1)
    assert refused(JPEG[:2] + many + JPEG[2:]) == "imagen.danada"


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC9, 0xCA, 0xCC, 0xC8])
def test_jpegs_of_rare_processes_are_refused(marker: int) -> None:
    assert refused(JPEG.replace(b"\xff\xc0", bytes([0xFF, marker]), 1)) == "imagen.tipo"


def test_a_second_header_cannot_change_the_size_that_was_checked() -> None:
    at = JPEG.index(b"\xff\xc0")
    again = frame_size(JPEG, 60_000, 60_000)[at : at + 19]
    assert refused(JPEG[:at] + JPEG[at : at + 19] + again + JPEG[at + 19 :]) == "imagen.danada"
    header = png(60_000, 60_000)[8:33]
    assert refused(PNG[:33] + header + PNG[33:]) == "imagen.danada"


def test_an_altered_png_is_refused() -> None:
    assert refused(PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:]) == "imagen.danada"


def test_the_message_is_spanish_and_names_the_file_only() -> None:
    with pytest.raises(
        ImageRefusal, match=r"^reverso.jpg: se esperaba una imagen JPEG o PNG; se encontró otro"
    ):
        decode(b"GIF89a", DEFAULT, IMAGES[1])


def reads_or_refuses(data: bytes) -> None:
    """The only two ends."""
    try:
        assert decode(data).ndim == 3
    except ImageRefusal as refusal:
        assert refusal.rule.startswith("imagen.")


@given(head=st.sampled_from([b"", JPEG[:3], PNG[:8], JPEG[:200], PNG[:41]]), rest=st.binary(max_size=400))
def test_arbitrary_bytes_decode_or_are_refused(head: bytes, rest: bytes) -> None:
    reads_or_refuses(head + rest)


@given(
    data=st.sampled_from([JPEG, PROGRESSIVE, PNG]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 6)), max_size=8),
)
def test_mutated_images_decode_or_are_refused(data: bytes, changes: list[tuple[int, bytes, int]]) -> None:
    for at, put, drop in changes:
        start = at % len(data)
        data = data[:start] + put + data[start + drop :]
    reads_or_refuses(data)


@given(st.data())
def test_mutated_chunks_with_good_checksums_decode_or_are_refused(draw: st.DataObject) -> None:
    length = draw.draw(st.integers(0, 60))
    name = draw.draw(st.sampled_from([b"PLTE", b"tRNS", b"IDAT", b"eXIf", b"gAMA", b"sBIT", b"IHDR"]))
    extra = chunk(name, draw.draw(st.binary(min_size=length, max_size=length)))
    base = encoded(picture().convert(draw.draw(st.sampled_from(["P", "L", "RGB"]))), "PNG")
    reads_or_refuses(base[:33] + extra + base[33:])
