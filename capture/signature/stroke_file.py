"""firma-trazos.json: the strokes of a signature as a packet carries them (docs/formats.md). Pure.

Canonical JSON with whole numbers only: x and y in ten-thousandths of the width of the box, t in milliseconds,
pressure in thousandths.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capture.limits import MAX_STROKES_BYTES
from capture.packet.record import STROKES
from capture.signature.errors import StrokesRefusal
from capture.signature.strokes import MAX_POINTS, MAX_STROKES, Stroke, parse_strokes
from keys import canonical

VERSION = 1
_PLACE, _SECOND, _WHOLE = 10_000, 1_000, 1_000
_UNITS = (_PLACE, _PLACE, _SECOND, _WHOLE)


def encode_strokes(strokes: Sequence[Stroke]) -> bytes:
    """The canonical bytes of strokes as `parse_strokes` gives them."""
    rounded = [[[round(n * unit) for n, unit in zip(p, _UNITS, strict=True)] for p in one] for one in strokes]
    return canonical.encode_sorted({"version": VERSION, "trazos": rounded})


def read_strokes(data: bytes, place: str = STROKES) -> tuple[Stroke, ...]:
    """Read the one spelling. Raises StrokesRefusal, FormatRefusal; never with a coordinate."""
    if len(data) > MAX_STROKES_BYTES:
        raise StrokesRefusal("firma.trazos", place, f"a lo más {MAX_STROKES_BYTES} bytes", len(data))
    value = canonical.parse(data, place)
    if not isinstance(value, dict) or set(value) != {"trazos", "version"}:
        raise StrokesRefusal("firma.trazos", place, "version y trazos", "otros campos")
    if type(value["version"]) is not int or value["version"] != VERSION:
        raise StrokesRefusal("firma.trazos", place, f"versión {VERSION}", "otra")
    points = _points(value["trazos"], place)
    if canonical.encode_sorted(value) != data:
        raise StrokesRefusal("firma.trazos", place, "la única forma de escribirlos", "otra")
    return parse_strokes(
        [[[n / unit for n, unit in zip(p, _UNITS, strict=True)] for p in one] for one in points]
    )


def _points(value: Any, place: str) -> list[list[list[int]]]:
    """Lists of lists of four whole numbers, few enough to be looked at."""
    refusal = StrokesRefusal("firma.puntos", place, "trazos de puntos de cuatro enteros", "otra cosa")
    if not isinstance(value, list) or not all(isinstance(one, list) and one for one in value):
        raise refusal
    if len(value) > MAX_STROKES or sum(map(len, value)) > MAX_POINTS:
        expected = f"a lo más {MAX_STROKES} trazos y {MAX_POINTS} puntos"
        raise StrokesRefusal("firma.puntos", place, expected, "más")
    for one in value:
        for point in one:
            if not isinstance(point, list) or [type(n) for n in point] != [int] * len(_UNITS):
                raise refusal
            if any(abs(n) > canonical.MAX_SMALL_INT for n in point):
                raise refusal
    return value
