"""The codes of a card: QR, PDF417 and Code128, by zxing-cpp; bars also by pyzbar where it is installed.

Work is bounded by pixels and by passes, never by the clock: the same image always gives the same codes.
OpenCV's own readers are not used: its reader of bars invents digits.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import zxingcpp

from capture.imaging.picture import Box, Grey, Pixels
from capture.limits import MAX_CODES, MAX_VALUE_CHARS
from capture.reading.results import CodeRead, Side

MAX_SIDE_PIXELS = 2400
"""A photograph with a longer side is shrunk to this before codes are looked for."""
_MAX_ENLARGED_PIXELS = 1700
_DENSE_BYTES = 100
"""A QR of the back with more content than this is one of the two dense ones."""
_MAX_TEXT = 4 * MAX_VALUE_CHARS
_SYMBOLOGIES = {
    zxingcpp.BarcodeFormat.QRCode: "qr",
    zxingcpp.BarcodeFormat.QRCodeModel2: "qr",
    zxingcpp.BarcodeFormat.PDF417: "pdf417",
    zxingcpp.BarcodeFormat.CompactPDF417: "pdf417",
    zxingcpp.BarcodeFormat.Code128: "code128",
}
_FORMATS = "QRCode,PDF417,Code128"
_COMPLETE = ({"qr", "code128"}, {"pdf417", "code128"}, {"qr", "denso-1", "denso-2"})
"""With one of these sets a back has no code left that any model prints."""


def read_codes(card: Pixels, side: Side, photograph: Pixels | None = None) -> tuple[CodeRead, ...]:
    """The codes of one side, each once, in the order in which they were found.

    `card` is the rectified card and `photograph` what was taken, looked at only while codes may be missing;
    the places are those of `card`, and None for a code that only the photograph gave. A front has no codes:
    one look is enough to see that it is none.
    """
    found: dict[str, CodeRead] = {}
    for picture, placed in ((card, True), (photograph, False)):
        if picture is None:
            continue
        grey = _grey(picture)
        for made in _passes(grey) if side is Side.REVERSO else (grey,):
            _gather(found, made, side, placed)
            if _complete(found) or len(found) >= MAX_CODES:
                return tuple(found.values())
        if side is Side.REVERSO and not _has_bars(found):
            _gather_bars(found, grey, side, placed)
        if side is Side.ANVERSO:
            break
    return tuple(found.values())


def _grey(pixels: Pixels) -> Grey:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    longest = max(grey.shape)
    if longest > MAX_SIDE_PIXELS:
        share = MAX_SIDE_PIXELS / longest
        grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(grey, dtype=np.uint8)


def _passes(grey: Grey) -> Iterator[Grey]:
    """As it is, thresholded, evened out, and twice as large and sharper if small: the cheap ones first."""
    yield grey
    yield _array(cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, 8))
    even = cv2.createCLAHE(3.0, (8, 8)).apply(grey)
    yield _array(even)
    if max(grey.shape) > _MAX_ENLARGED_PIXELS:
        return
    large = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    yield _array(cv2.addWeighted(large, 2.0, cv2.GaussianBlur(large, (0, 0), 2), -1.0, 0))


def _array(made: Any) -> Grey:
    return np.ascontiguousarray(made, dtype=np.uint8)


def _gather(found: dict[str, CodeRead], grey: Grey, side: Side, placed: bool) -> None:
    """Add what zxing-cpp reads and was not there yet."""
    for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.barcode_formats_from_str(_FORMATS)):
        symbology = _SYMBOLOGIES.get(code.format)
        if symbology is None or not code.valid or not code.bytes:
            continue
        corners = [(p.x, p.y) for p in _corners(code.position)]
        where = _box(corners, grey) if placed else None
        _add(found, _code(symbology, bytes(code.bytes), side, where))


def _corners(position: Any) -> tuple[Any, ...]:
    return (position.top_left, position.top_right, position.bottom_right, position.bottom_left)


def _box(corners: list[tuple[int, int]], grey: Grey) -> Box:
    height, width = grey.shape[:2]
    left, right = (f(x for x, _ in corners) / width for f in (min, max))
    top, bottom = (f(y for _, y in corners) / height for f in (min, max))
    return Box(left, top, right - left, bottom - top)


def _code(symbology: str, content: bytes, side: Side, where: Box | None) -> CodeRead:
    """Text as it is; bytes that are no text, as base64."""
    try:
        text = content.decode("utf-8")
        readable = text.isprintable()
    except UnicodeDecodeError:
        text, readable = "", False
    shown = text if readable else base64.b64encode(content).decode()
    dense = symbology == "qr" and len(content) > _DENSE_BYTES
    return CodeRead(symbology, shown[:_MAX_TEXT], side, where, encrypted=dense)


def _add(found: dict[str, CodeRead], code: CodeRead) -> None:
    found.setdefault(f"{code.symbology} {code.text}", code)


def _kinds(found: dict[str, CodeRead]) -> set[str]:
    dense = sum(code.encrypted for code in found.values())
    plain = {code.symbology for code in found.values() if not code.encrypted}
    return plain | {f"denso-{at}" for at in range(1, dense + 1)}


def _complete(found: dict[str, CodeRead]) -> bool:
    return any(kinds <= _kinds(found) for kinds in _COMPLETE)


def _has_bars(found: dict[str, CodeRead]) -> bool:
    return any(code.symbology == "code128" for code in found.values())


def _gather_bars(found: dict[str, CodeRead], grey: Grey, side: Side, placed: bool) -> None:
    """Code128 by pyzbar, which sees more under strong shadows."""
    decode = _pyzbar()
    if decode is None:
        return
    height, width = grey.shape[:2]
    for code in decode(grey):
        x, y, w, h = code.rect
        where = Box(x / width, y / height, w / width, h / height) if placed else None
        _add(found, _code("code128", bytes(code.data), side, where))


def _pyzbar() -> Callable[[Grey], list[Any]] | None:
    """Its reader of Code128; None where it or Debian's libzbar0 is not installed."""
    try:
        from pyzbar import pyzbar
    except (ImportError, OSError):
        return None
    return lambda grey: list(pyzbar.decode(grey, symbols=[pyzbar.ZBarSymbol.CODE128]))
