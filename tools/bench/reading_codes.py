"""Readers of codes beside each other: which codes of a photographed back each of them reads.

What a code must say is known from its drawing. The content of the dense ones is random, and readers give its
bytes in different ways: there, a content so long counts as read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import cv2
import zxingcpp
from pyzbar import pyzbar

from capture.credential.codes import read_codes
from capture.credential.finding import Rectified
from capture.credential.layouts import Kind, layout
from capture.imaging.picture import Pixels
from capture.reading.results import Side
from capture.specimens.people import Person
from tools.bench.tables import Row

DENSE = "qr denso"
KINDS = ("qr", DENSE, "pdf417", "code128")
_LONG = 100  # characters; the longest of the others has 60
_FORMATS = "QRCode,PDF417,Code128"
_SYMBOLS = (pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.PDF417)
Contents = set[str]
Engine = Callable[[Pixels, Rectified | None], Contents]
"""What the codes of a photograph say, given the card that was found in it."""


def told(person: Person, photograph: Pixels, found: Rectified | None) -> dict[str, dict[str, list[int]]]:
    """Of each engine and each kind of code on the back: how many it reads, and how many there are."""
    drawn = {kind: {person.codes[kind]} for kind in KINDS if kind in person.codes}
    codes = layout(person.model, Side.REVERSO).of_kind(Kind.CODE)
    dense = sum(region.name.startswith("qr_denso") for region in codes)
    made: dict[str, dict[str, list[int]]] = {}
    for name, engine in ENGINES.items():
        contents = engine(photograph, found)
        wanted = {kind: texts for kind, texts in drawn.items() if name != _OPENCV or kind == "qr"}
        made[name] = {kind: [len(texts & contents), len(texts)] for kind, texts in wanted.items()}
        if dense:
            long = sum(len(text) > _LONG for text in contents)
            made[name][DENSE] = [min(dense, long), dense]
    return made


def rows(outcomes: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """What is read of each kind by each engine, of all photographs of originals; and of those that pass."""
    originals = [one for one in outcomes if one["codes"]]
    for kind in KINDS:
        for name in ENGINES:
            if (of_all := _share(originals, name, kind)) == "-":
                continue
            yield f"{kind}, {name}", of_all, f"of those that pass {_share(_passing(originals), name, kind)}"
    for degradation in dict.fromkeys(one["degradation"] for one in originals):
        chosen = [one for one in originals if one["degradation"] == degradation]
        figures = [f"{kind} {_share(chosen, OURS, kind)}" for kind in KINDS]
        passing = f"{len(_passing(chosen))} of {len(chosen)} pass"
        yield f"{OURS}, {degradation}", ", ".join(f for f in figures if not f.endswith("-")), passing


def _passing(outcomes: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [one for one in outcomes if not one["defects"]]


def _share(outcomes: Iterable[Mapping[str, Any]], engine: str, kind: str) -> str:
    pairs = [one["codes"][engine][kind] for one in outcomes if kind in one["codes"][engine]]
    read, there = (sum(pair[at] for pair in pairs) for at in (0, 1))
    return f"{read / there:.1%} ({read}/{there})" if there else "-"


def _zxing(photograph: Pixels, _found: Rectified | None) -> Contents:
    grey = cv2.cvtColor(photograph, cv2.COLOR_BGR2GRAY)
    read = zxingcpp.read_barcodes(grey, formats=zxingcpp.barcode_formats_from_str(_FORMATS))
    return {bytes(code.bytes).decode("latin-1") for code in read if code.valid}


def _retried(photograph: Pixels, _found: Rectified | None) -> Contents:
    return {code.text for code in read_codes(photograph, Side.REVERSO)}


def _ours(photograph: Pixels, found: Rectified | None) -> Contents:
    card, rest = (photograph, None) if found is None else (found.card, photograph)
    return {code.text for code in read_codes(card, Side.REVERSO, rest)}


def _pyzbar(photograph: Pixels, _found: Rectified | None) -> Contents:
    grey = cv2.cvtColor(photograph, cv2.COLOR_BGR2GRAY)
    return {code.data.decode("latin-1") for code in pyzbar.decode(grey, symbols=_SYMBOLS)}


def _opencv(photograph: Pixels, _found: Rectified | None) -> Contents:
    """It gives text only, of which the random bytes of a dense code may be none; and gives up on some."""
    try:
        _any, texts, _places, _straight = cv2.QRCodeDetector().detectAndDecodeMulti(photograph)
    except cv2.error:
        return set()
    return {text for text in texts if text}


_OPENCV = "OpenCV"
OURS = "zxing-cpp, four passes, card rectified"
ENGINES: Mapping[str, Engine] = {
    OURS: _ours,
    "zxing-cpp, four passes": _retried,
    "zxing-cpp": _zxing,
    "pyzbar": _pyzbar,
    _OPENCV: _opencv,
}
