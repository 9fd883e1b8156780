"""The codes on the back, as dark-on-light pixels."""

from __future__ import annotations

import cv2
import numpy as np
import segno
import zxingcpp

from capture.imaging.picture import Grey

_FORMATS = {"code128": zxingcpp.BarcodeFormat.Code128, "pdf417": zxingcpp.BarcodeFormat.PDF417}
_QUIET = 2
"""Modules of white around; the card is light beyond."""


def symbol(name: str, text: str, width: int, height: int) -> Grey:
    """A code as the layout names it, in a white field of that many pixels; modules are whole pixels."""
    modules = _qr(text.encode(), "m") if name == "qr" else _bars(name, text)
    return _filled(modules, width, height, square=name == "qr")


def dense(content: bytes, size: int) -> Grey:
    """A dense QR of `size` pixels a side; of what is encrypted on a real card, random bytes here."""
    return _filled(_qr(content, "l"), size, size, square=True)


def _qr(content: bytes, error: str) -> Grey:
    # The mask is given: to choose the best of eight takes longer than all the rest of a card.
    made = segno.make_qr(content, error=error, mask=2, boost_error=False, mode="byte")
    return np.where(np.array(made.matrix, dtype=np.uint8) > 0, 0, 255).astype(np.uint8)


def _bars(name: str, text: str) -> Grey:
    code = zxingcpp.create_barcode(text, _FORMATS[name])
    made = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    return np.ascontiguousarray(made[:1] if name == "code128" else made, dtype=np.uint8)


def _filled(modules: Grey, width: int, height: int, *, square: bool) -> Grey:
    """Modules as large as whole pixels allow, in the middle of a white field."""
    rows, columns = modules.shape
    across = max(1, width // (columns + 2 * _QUIET))
    down = across if square else max(1, (height - 8) // rows)
    drawn = cv2.resize(modules, (columns * across, rows * down), interpolation=cv2.INTER_NEAREST)
    field = np.full((height, width), 255, dtype=np.uint8)
    top, left = (height - drawn.shape[0]) // 2, (width - drawn.shape[1]) // 2
    field[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return field
