"""What the walk over a container yields: the picture and nothing else. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from capture.imaging.errors import ImageRefusal
from capture.imaging.limits import ImageLimits

MAX_ORIENTATION = 8
_TAG, _SHORT = 0x0112, 3
_MAX_ENTRIES = 512  # of a directory of Exif; cameras write some 15


@dataclass(frozen=True, slots=True)
class Essential:
    """A file that holds only what its pixels need, written anew: no metadata, profile, text or annex.

    `kind` is the decoder's name; sides in pixels as stored, before `orientation` (1 to 8, as in Exif).
    """

    kind: str
    width: int
    height: int
    data: bytes = field(repr=False)
    orientation: int = 1


def require_size(width: int, height: int, most: int, limits: ImageLimits, place: str) -> None:
    """Refuse sides and areas beyond the limits, and the empty picture."""
    got = f"{width} × {height} pixeles"
    if not (1 <= width <= limits.side and 1 <= height <= limits.side):
        raise ImageRefusal("imagen.dimensiones", place, f"de 1 a {limits.side} pixeles por lado", got)
    if width * height > most:
        raise ImageRefusal("imagen.pixeles", place, f"a lo más {most:,} pixeles en total", got)


def incomplete(place: str) -> ImageRefusal:
    """The file ends before its picture does."""
    return ImageRefusal("imagen.incompleta", place, "la imagen completa", "un archivo que termina antes")


def damaged(place: str, what: str) -> ImageRefusal:
    """A part breaks the rules of its format."""
    return ImageRefusal("imagen.danada", place, "una imagen sin daños", what)


def orientation_of(tiff: bytes) -> int:
    """Exif's orientation in the first directory of `tiff`; 1 where it is absent or makes no sense.

    A damaged directory never costs a person the photograph: it is read as if it were not there.
    """
    order = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])
    if order is None:
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if order == "little" else "big")

    start = number(4, 4)
    for entry in range(min(number(start, 2), _MAX_ENTRIES)):
        at = start + 2 + 12 * entry
        if at + 12 > len(tiff):
            break
        if number(at, 2) == _TAG:
            value = number(at + 8, 2)
            known = number(at + 2, 2) == _SHORT and 1 <= value <= MAX_ORIENTATION
            return value if known else 1
    return 1
