"""From bytes of outside to pixels: one still JPEG or PNG within the limits, or a refusal.

The container is walked first by us: sides, scans and chunks are known, and the decoder (Pillow:
libjpeg-turbo and zlib) gets a copy that holds the picture alone. So a profile, a text, a damaged Exif, an
archive behind the picture never reach it, and no other of its many formats can be chosen by the bytes.
WebP, GIF and HEIC are no part of the packet (`docs/formats.md`).
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capture.imaging import jpeg, png
from capture.imaging.container import Essential, damaged
from capture.imaging.errors import ImageRefusal
from capture.imaging.limits import DEFAULT, ImageLimits
from capture.imaging.picture import Pixels

_DEEP = ("I;16", "I;16B", "I;16L", "I")
"""Modes of Pillow with 16 bits of grey."""


def decode(data: bytes, limits: ImageLimits = DEFAULT, place: str = "imagen") -> Pixels:
    """The upright picture; transparent parts are white paper, 16 bits become 8.

    `place` names the file for people. Raises ImageRefusal (rules `imagen.*`), whatever the bytes are, and
    MemoryError where there is none left.
    """
    return upright(_decoded(essential(data, limits, place), limits, place))


def essential(data: bytes, limits: ImageLimits, place: str) -> Essential:
    """The picture's own bytes, its sides checked, nothing decoded yet. Raises ImageRefusal."""
    if not data:
        raise ImageRefusal("imagen.vacia", place, "una imagen", "un archivo vacío")
    if len(data) > limits.file_bytes:
        expected = f"a lo más {limits.file_bytes:,} bytes"
        raise ImageRefusal("imagen.tamano", place, expected, f"{len(data):,} bytes")
    if data.startswith(jpeg.MAGIC):
        return jpeg.essential(data, limits, place)
    if data.startswith(png.MAGIC):
        return png.essential(data, limits, place)
    raise ImageRefusal("imagen.formato", place, "una imagen JPEG o PNG", "otro formato")


def _decoded(picture: Essential, limits: ImageLimits, place: str) -> tuple[Pixels, int]:
    try:
        with Image.open(io.BytesIO(picture.data), formats=(picture.kind,)) as image:
            if picture.width * picture.height > limits.full_pixels:
                image.draft(None, (picture.width // 2, picture.height // 2))
            image.load()
            return _bgr(image), picture.orientation
    except MemoryError:  # the fault is not of the image
        raise
    except Exception as error:  # whatever the decoder says of a stranger's bytes, they are refused
        raise damaged(place, "datos que no se pueden leer") from error


def _bgr(image: Image.Image) -> Pixels:
    if image.mode in _DEEP:
        eight = (np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)
        return np.ascontiguousarray(np.repeat(eight[:, :, None], 3, axis=2))
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA"):
        image = _on_paper(image.convert("RGBA"))
    found: NDArray[np.uint8] = np.asarray(image.convert("RGB"))
    return np.ascontiguousarray(found[:, :, ::-1])


def _on_paper(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image)


def upright(found: tuple[Pixels, int]) -> Pixels:
    """The pixels turned and mirrored as Exif's orientation says."""
    pixels, orientation = found
    if orientation in (5, 6, 7, 8):  # rows are columns
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
