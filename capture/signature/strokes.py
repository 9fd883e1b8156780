"""The strokes of a signature as a screen gives them: held to limits, measured, drawn. Pure.

A packet may carry them beside the picture (`capture.signature.stroke_file`, docs/formats.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey
from capture.signature.errors import StrokesRefusal

Stroke = NDArray[np.float64]
"""Points × (x, y, t, pressure): x and y in shares of the width of the box, t in seconds, pressure 0 to 1."""
MAX_STROKES = 200
MAX_POINTS = 20_000
"""Of all strokes together: five minutes of a screen that gives 60 points a second."""
MAX_SHARE = 10.0
"""Shares of the width of the box: no box is ten times as high as it is wide."""
MAX_SECONDS = 86_400.0
_SIDE = 640  # pixels of the longer side of the drawing
_PEN = 6  # pixels
_PLACE = "trazos de la firma"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was drawn, and how fast. `length` in widths of the box with the pen down; `seconds` from the first
    touch to the last; `writing` only while the pen was down; `pace` in widths a second of writing, 0 where no
    time passed."""

    strokes: int
    points: int
    length: float
    seconds: float
    writing: float
    pace: float
    pressure: tuple[float, float]
    """Least and most."""

    @property
    def present(self) -> bool:
        """The pen moved."""
        return self.length > 0


def parse_strokes(given: Sequence[Sequence[Sequence[float]]]) -> tuple[Stroke, ...]:
    """Strokes of outside. Raises StrokesRefusal, never with a coordinate."""
    if len(given) > MAX_STROKES:
        raise StrokesRefusal("firma.trazos", _PLACE, f"a lo más {MAX_STROKES} trazos", len(given))
    count = sum(map(len, given))
    if count > MAX_POINTS:
        raise StrokesRefusal("firma.puntos", _PLACE, f"a lo más {MAX_POINTS} puntos", count)
    strokes = tuple(_stroke(one) for one in given if len(one))
    times = np.concatenate([one[:, 2] for one in strokes]) if strokes else np.zeros(1)
    if np.any(np.diff(times) < 0):
        raise StrokesRefusal("firma.orden", _PLACE, "puntos en el orden del tiempo", "otro orden")
    return strokes


def _stroke(given: Sequence[Sequence[float]]) -> Stroke:
    try:
        points = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise StrokesRefusal("firma.puntos", _PLACE, "puntos de cuatro números", "otra cosa") from error
    if points.ndim != 2 or points.shape[1] != 4:
        raise StrokesRefusal("firma.puntos", _PLACE, "puntos de cuatro números", "otra cosa")
    if not np.isfinite(points).all():
        raise StrokesRefusal("firma.puntos", _PLACE, "números finitos", "otra cosa")
    inside = np.abs(points[:, :2]).max() <= MAX_SHARE and np.abs(points[:, 2]).max() <= MAX_SECONDS
    if not inside or points[:, 3].min() < 0 or points[:, 3].max() > 1:
        raise StrokesRefusal("firma.puntos", _PLACE, "puntos dentro del recuadro", "fuera de él")
    return points


def figures_of(strokes: Sequence[Stroke]) -> Figures:
    """Of strokes as `parse_strokes` gives them."""
    if not strokes:
        return Figures(0, 0, 0.0, 0.0, 0.0, 0.0, (0.0, 0.0))
    length = float(sum(np.hypot(*np.diff(one[:, :2], axis=0).T).sum() for one in strokes))
    writing = float(sum(one[-1, 2] - one[0, 2] for one in strokes))
    pressures = np.concatenate([one[:, 3] for one in strokes])
    return Figures(
        strokes=len(strokes),
        points=len(pressures),
        length=length,
        seconds=float(strokes[-1][-1, 2] - strokes[0][0, 2]),
        writing=writing,
        pace=length / writing if writing > 0 else 0.0,
        pressure=(float(pressures.min()), float(pressures.max())),
    )


def drawing_of(strokes: Sequence[Stroke]) -> Grey:
    """Dark on white, in a square box: pen and size are always the same, whatever the screen."""
    paper = np.full((_SIDE, _SIDE), 255, np.uint8)
    if not strokes:
        return paper
    every = np.concatenate([one[:, :2] for one in strokes])
    corner, extent = every.min(axis=0), float(np.ptp(every, axis=0).max())
    factor = (_SIDE - 4 * _PEN) / max(extent, 1.0)
    for one in strokes:
        touched = one if len(one) > 1 else np.repeat(one, 2, axis=0)  # a touch is a dot
        points = np.round(((touched[:, :2] - corner) * factor + 2 * _PEN) * 8).astype(np.int32)
        cv2.polylines(paper, [points.reshape(-1, 1, 2)], False, 20, _PEN, cv2.LINE_AA, 3)
    return paper
