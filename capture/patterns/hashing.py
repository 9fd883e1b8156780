"""Perceptual hashes: of an image that was sent again, changed a little, few bits differ; of another, half.

The hash is the usual one over the discrete cosine transform: grey, 64 × 64, the lowest frequencies without
the mean, one bit each for «above the median». Cards share a template, so the whole card says little about
whose it is: the portrait and the fingerprint, cut out of the rectified card, are hashed by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey, Pixels
from capture.patterns.views import BITS, View, exact_hash
from capture.signature.ink import ink_of

_SIDE = 64  # pixels
_FLAT = 4.0
"""Standard deviation, in grey levels of 255, below which an image shows nothing."""


def _zigzag(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the `count` lowest frequencies, the mean left out, lowest first."""
    every = [(y, x) for y in range(_SIDE) for x in range(_SIDE)][1:]
    chosen = sorted(every, key=lambda at: (at[0] ** 2 + at[1] ** 2, at))[:count]
    return np.array([y for y, _ in chosen]), np.array([x for _, x in chosen])


_FREQUENCIES = _zigzag(BITS)


def print_of(image: Pixels | Grey) -> bytes | None:
    """BYTES bytes; None for an image that shows nothing, which would be like every other such image."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    if float(small.std()) < _FLAT:
        return None
    lowest = cv2.dct(small)[_FREQUENCIES]
    return np.packbits(lowest > np.median(lowest)).tobytes()


def signature_print(image: Pixels) -> bytes | None:
    """The print of the strokes alone, wherever they lie and however large; None without strokes."""
    found = ink_of(image)
    if found is None:
        return None
    cut = found.cut
    height, width = cut.shape
    side = max(width, height)
    square = np.zeros((side, side), np.uint8)
    down, right = (side - height) // 2, (side - width) // 2
    square[down : down + height, right : right + width] = cut
    soft = cv2.GaussianBlur(square, (0, 0), max(1.0, side / _SIDE))
    return print_of(soft.astype(np.uint8, copy=False))


def record_prints(files: Mapping[str, bytes], pictures: Mapping[View, Pixels]) -> dict[str, bytes]:
    """All prints of a record: of `pictures`, and of the bytes of each file whose picture shows something."""
    found: dict[str, bytes] = {}
    for view, picture in pictures.items():
        made = signature_print(picture) if view is View.FIRMA else print_of(picture)
        if made is not None:
            found[view.value] = made
    exact = [exact_hash(name, data) for name, data in files.items() if name in found]
    return found | dict(exact)
