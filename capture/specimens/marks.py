"""What somebody draws instead of a signature: dots, lines, crosses, ticks, initials, each in many ways.

Strokes as in `capture.specimens.signatures`, but with one measure for width and height (a cross that is drawn
on a wide box is no wider), and held by a hand that trembles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey

Way = NDArray[np.float64]
"""Points × (x, y)."""
_POINTS = 40
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The box to sign in, in pixels, and the width of the pen."""

    width: int = 640
    height: int = 320
    thickness: int = 6


def mark(kind: str, numbers: np.random.Generator, sheet: Sheet | None = None) -> Grey:
    """Dark on white. `kind`: one of KINDS."""
    sheet = sheet or Sheet()
    if kind == "iniciales":
        return _initials(numbers, sheet)
    if kind == "punto":
        middle = numbers.uniform(0.15, 0.6, 2) * (sheet.width, sheet.height)
        return _drawn([way * sheet.thickness + middle for way in _dot(numbers)], sheet)
    return _drawn(_placed(_KINDS[kind](numbers), numbers, sheet), sheet)


def _drawn(ways: Sequence[Way], sheet: Sheet) -> Grey:
    paper = np.full((sheet.height, sheet.width), 255, np.uint8)
    for way in ways:
        points = np.round(way * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(paper, [points], False, 20, sheet.thickness, cv2.LINE_AA, 3)
    return paper


def _placed(ways: Sequence[Way], numbers: np.random.Generator, sheet: Sheet) -> list[Way]:
    """Somewhere on the sheet, in some size, by a hand that is not quite still."""
    every = np.concatenate(ways)
    low, extent = every.min(axis=0), np.ptp(every, axis=0)
    room = np.array([sheet.width, sheet.height]) - 4.0 * sheet.thickness
    size = float(numbers.uniform(0.25, 0.95) * (room / np.maximum(extent, 1e-3)).min())
    size = max(size, 8 * sheet.thickness / float(extent.max()))
    corner = numbers.uniform(0, 1, 2) * np.maximum(room - extent * size, 0) + 2 * sheet.thickness
    long = float(extent.max()) * size
    return [(way - low) * size + corner + _tremble(numbers, len(way)) * 0.012 * long for way in ways]


def _tremble(numbers: np.random.Generator, count: int) -> Way:
    coarse = numbers.uniform(-1, 1, (max(2, min(count, 6)), 2)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (2, count), interpolation=cv2.INTER_CUBIC), dtype=np.float64)


def _straight(*corners: tuple[float, float]) -> Way:
    """Through the corners."""
    given = np.array(corners, dtype=np.float64)
    along = np.linspace(0, len(corners) - 1, _POINTS)
    return np.stack([np.interp(along, np.arange(len(corners)), given[:, axis]) for axis in (0, 1)], axis=1)


def _turned(ways: Sequence[Way], degrees: float) -> list[Way]:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [way @ turn for way in ways]


def _dot(numbers: np.random.Generator) -> list[Way]:
    """A touch, a touch that slipped, a small filled spot, or several touches; in widths of the pen."""
    how = numbers.integers(4)
    if how == 0:
        return [np.zeros((2, 2))]
    if how == 1:
        return [np.array([[0.0, 0.0], numbers.uniform(-0.5, 0.5, 2)])]
    if how == 2:
        angle = np.linspace(0, 30, 60)
        return [np.stack((np.cos(angle), np.sin(angle)), axis=1) * (angle / 30)[:, None]]
    return [np.full((2, 2), [3.0 * at, 0.0]) for at in range(int(numbers.integers(2, 5)))]


def _line(numbers: np.random.Generator) -> list[Way]:
    """Flat, steep, slanted or upright; bent; there and back; two of them."""
    how = numbers.integers(4)
    turn = float(numbers.choice([0, 5, -8, 30, -45, 60, 90])) + numbers.normal(0, 4)
    if how == 1:
        t = np.linspace(-1, 1, _POINTS)
        return _turned([np.stack((t, numbers.uniform(-0.35, 0.35) * (1 - t**2)), axis=1)], turn)
    if how == 2:
        return _turned([_straight((0, 0), (1, 0.01), (numbers.uniform(0, 0.4), 0.03))], turn)
    if how == 3:
        gap = numbers.uniform(0.1, 0.4)
        return _turned([_straight((0, 0), (1, 0)), _straight((0.05, gap), (0.95, gap))], turn)
    return _turned([_straight((0, 0), (1, 0))], turn)


def _cross(numbers: np.random.Generator) -> list[Way]:
    """A plus, an X, the cross of a church; in one way of the pen; several beside each other."""
    how = numbers.integers(5)
    off = numbers.uniform(-0.2, 0.2, 4)
    turn = float(numbers.normal(0, 8))
    plus = [_straight((-1 + off[0], off[1]), (1, -off[1])), _straight((off[2], -1), (off[3], 1))]
    wide = numbers.uniform(0.6, 1.3)
    saltire = [_straight((-wide, -1), (wide, 1 + off[0])), _straight((wide + off[1], -1), (-wide, 1))]
    if how == 0:
        return _turned(plus, turn)
    if how == 1:
        return _turned([_straight((-0.6, -0.35), (0.6, -0.35)), _straight((0, -1), (0, 1))], turn)
    if how == 2:
        return [_straight((-wide, -1), (wide, 1), (wide, -1), (-wide, 1))]
    if how == 3:
        beside = [np.array([2.6 * wide * at, 0.0]) for at in range(int(numbers.integers(2, 4)))]
        return [way + place for place in beside for way in saltire]
    return _turned(saltire, turn)


def _tick(numbers: np.random.Generator) -> list[Way]:
    """A short arm down, a long one up; sharp or round, narrow or wide; seldom mirrored."""
    short, long = numbers.uniform(0.25, 0.7), 1.0
    left, right = np.radians(numbers.uniform(25, 70)), np.radians(numbers.uniform(35, 70))
    start = (-short * np.cos(left), -short * np.sin(left))
    end = (long * np.cos(right), -long * np.sin(right))
    way = _straight(start, (0, 0), end)
    if numbers.random() < 0.4:  # round
        way = np.stack(
            [
                np.convolve(np.pad(way[:, axis], 3, mode="edge"), np.full(7, 1 / 7), mode="valid")
                for axis in (0, 1)
            ],
            axis=1,
        )
    return [way * [-1, 1] if numbers.random() < 0.1 else way]


def _initials(numbers: np.random.Generator, sheet: Sheet) -> Grey:
    """One to three capitals in the strokes of a plotter, upright or slanted, with dots or without.

    Not of I, L, V and X alone, which are drawn as lines, ticks and crosses are.
    """
    count = int(numbers.integers(1, 4))
    letters = "".join(numbers.choice(list(_CAPITALS), count))
    if not set(letters) - set("ILVX"):
        letters += "M"
    text = ".".join(letters) + "." if numbers.random() < 0.3 else letters
    gap = int(numbers.integers(2, 14))
    font = int(numbers.choice(list(_FONTS)))
    big = cv2.getTextSize("M", font, 1.0, 1)[0][1]
    room = sheet.height * numbers.uniform(0.35, 0.8)
    scale = min(room / big, (sheet.width - 6 * sheet.thickness) / (len(text) * (1.3 * big + gap)))
    paper = np.full((sheet.height, sheet.width), 255, np.uint8)
    x, y = 3 * sheet.thickness, round((sheet.height + big * scale) / 2)
    for one in text:
        cv2.putText(paper, one, (x, y), font, scale, 20, sheet.thickness, cv2.LINE_AA)
        x += cv2.getTextSize(one, font, scale, 1)[0][0] + round(gap * scale)
    return _slanted(paper, numbers)


_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)


def _slanted(paper: Grey, numbers: np.random.Generator) -> Grey:
    """Slanted, and bent by a hand."""
    height, width = paper.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    slant = numbers.normal(0, 0.12)
    wave = [
        cv2.resize(
            numbers.uniform(-1, 1, (4, 6)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
        )
        for _ in range(2)
    ]
    x = x + np.float32(slant) * (y - height / 2) + wave[0] * np.float32(0.02 * height)
    y = y + wave[1] * np.float32(0.02 * height)
    bent = cv2.remap(paper, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(bent, dtype=np.uint8)


_KINDS: Mapping[str, Callable[[np.random.Generator], list[Way]]] = {
    "linea": _line,
    "cruz": _cross,
    "paloma": _tick,
}
KINDS = ("punto", *_KINDS, "iniciales")
"""The values of `capture.reading.results.SignatureDefect` that are drawn."""
