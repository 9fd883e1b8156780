"""Regular dots in a photograph of a card: the pixels of a screen, or the halftone of a printed copy. Pure.

Both are square lattices: power at a frequency and at the same one across it, at the same place in the spectra
of all parts of the card that hold no print. A card's own ground has lines, but no such pair. A screen is one
lattice, upright in what it shows; a printer turns the lattice of each of its inks, so that they do not beat
with each other (0, 15, 45 and 75 degrees by custom). Frequencies in cycles a pixel of the photograph.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential.quads import Corners
from capture.imaging.picture import Grey

_SIDE, _STEP, _COARSE = 128, 64, 4
"""Pixels of a part of the photograph, of the way to the next, and of a cell that shows print but no dots."""
_PARTS = 40
"""The most even ones are looked at."""
_INNER = 0.7
"""Of the sides of the card: only within it, for what was found may be the sheet about a copy."""
_DARK, _BURNT = 8, 250
"""Levels between which a part can show dots."""
_LEAST, _MOST = 0.14, 0.5
"""Frequencies that are looked at: below them lie the lines of the ground."""
_GROUND = 6  # pixels of standard deviation of what is taken for even light
_AROUND = 9  # cells of the spectrum about a peak
_BLOCK = 16  # cells between the frequencies of a JPEG's blocks of 8 pixels
_RING = 0.1  # by which two lattices of one halftone may differ in frequency
_SHARE = 0.4  # of the strongest, that another lattice has at least
_WEAKER = 2.2
"""By which the dots of another ink are weaker, in natural logarithms; harmonics of a screen are by more."""
_FINE, _OWN = 410, 0.4
"""Periods along the card from which no ground of a card is as fine, and what a ground has below them."""
_APART = 9.0  # degrees between two lattices

Map = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lattice:
    """`strength`: natural logarithm of the power over what is about it and what a ground may have; 0 where
    nothing can be said.

    `degrees`: between the lattice and the long side of the card, 0 to 45. `angles`: how many of them there
    are of about this frequency.
    """

    strength: float = 0.0
    frequency: float = 0.0
    degrees: float = 0.0
    angles: int = 0


def lattice(grey: Grey, corners: Corners) -> Lattice:
    """The strongest one within a card whose corners are these pixels of the photograph."""
    places = _even(grey, corners)
    if not places:
        return Lattice()
    along = corners[1] - corners[0]
    coarse = _plane().radius * float(np.linalg.norm(along)) < _FINE
    found = _pairs(_prominence(_spectrum(grey, places)))
    pairs = np.asarray(np.where(coarse, found - _OWN, found), np.float32)
    top, left = divmod(int(np.argmax(pairs)), _SIDE)
    strength = float(pairs[top, left])
    row, column = _side(pairs, top, left, _least(strength))
    frequency = float(_plane().radius[row, column])
    tilt = float(_plane().degrees[row, column]) - float(np.degrees(np.arctan2(along[1], along[0])))
    angles = _angles(pairs, float(pairs[row, column]), frequency)
    return Lattice(strength, frequency, abs((tilt + 45) % 90 - 45), angles)


def _even(grey: Grey, corners: Corners) -> list[tuple[int, int]]:
    """Top and left of the parts of the card with the least print, neither dark nor burnt out."""
    inside = np.zeros(grey.shape, np.uint8)
    inner = corners * _INNER + corners.mean(axis=0) * (1 - _INNER)
    cv2.fillConvexPoly(inside, np.rint(inner).astype(np.int32), 255)
    size = (grey.shape[1] // _COARSE, grey.shape[0] // _COARSE)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    within = cv2.resize(inside, size, interpolation=cv2.INTER_AREA)
    step, side, found = _STEP // _COARSE, _SIDE // _COARSE, []
    for top in range(0, size[1] - side + 1, step):
        for left in range(0, size[0] - side + 1, step):
            part = small[top : top + side, left : left + side]
            mean = float(part.mean())
            if within[top : top + side, left : left + side].min() == 255 and _DARK < mean < _BURNT:
                found.append((float(part.std()) / mean, top * _COARSE, left * _COARSE))
    return [(top, left) for _uneven, top, left in sorted(found)[:_PARTS]]


def _spectrum(grey: Grey, places: list[tuple[int, int]]) -> Map:
    """The mean of the spectra of the parts, each as strong as the others; frequency 0 in the middle."""
    plane, total = _plane(), np.zeros((_SIDE, _SIDE), np.float32)
    for top, left in places:
        part = grey[top : top + _SIDE, left : left + _SIDE].astype(np.float32)
        part -= cv2.GaussianBlur(part, (0, 0), _GROUND)
        waves = cv2.dft(part * plane.window, flags=cv2.DFT_COMPLEX_OUTPUT)
        power = (waves * waves).sum(axis=2)
        total += power / max(float(np.median(power)), 1e-3)
    return np.asarray(np.fft.fftshift(total / len(places)), np.float32)


def _prominence(spectrum: Map) -> Map:
    """How far the logarithm stands out of its surroundings, a JPEG's blocks left out."""
    logarithm = np.log(spectrum + 1e-3)
    lowest = float(logarithm.min())
    steps = np.clip((logarithm - lowest) * 10, 0, 255).astype(np.uint8)
    around = cv2.medianBlur(steps, _AROUND).astype(np.float32) / 10 + lowest
    return np.asarray(np.where(_plane().blocks, 0, logarithm - around), np.float32)


def _pairs(prominence: Map) -> Map:
    """The lesser of what a frequency and the one across it have, one cell of a bend allowed."""
    plane = _plane()
    across = cv2.dilate(prominence, np.ones((3, 3), np.uint8))[plane.across]
    return np.asarray(np.where(plane.asked, np.minimum(prominence, across), 0), np.float32)


def _least(strength: float) -> float:
    """What another lattice has beside one of that strength."""
    return max(_SHARE * strength, strength - _WEAKER)


def _side(pairs: Map, row: int, column: int, least: float) -> tuple[int, int]:
    """The cell of the lattice of whose squares this one is the diagonal, which may be stronger; or itself."""
    middle = _SIDE // 2
    x, y = column - middle, row - middle
    across, down = (x - y) // 2, (x + y) // 2
    if down < 0:
        across, down = -across, -down
    top, left = middle + down - 1, middle + across - 1
    near = pairs[top : top + 3, left : left + 3]
    if float(near.max()) < least:
        return row, column
    down, across = divmod(int(np.argmax(near)), near.shape[1])
    return top + down, left + across


def _angles(pairs: Map, strength: float, frequency: float) -> int:
    """Lattices of about this frequency at different angles, of a strength that is no chance."""
    plane = _plane()
    near = (np.abs(plane.radius / max(frequency, 1e-6) - 1) < _RING) & (pairs > _least(strength))
    peaks = near & (pairs >= cv2.dilate(pairs, np.ones((5, 5), np.uint8)))
    kept: list[float] = []
    for row, column in np.argwhere(peaks)[np.argsort(-pairs[peaks])]:
        angle = float(plane.degrees[row, column])
        if all(abs((angle - other + 45) % 90 - 45) > _APART for other in kept):
            kept.append(angle)
    return len(kept)


@dataclass(frozen=True, slots=True)
class _Plane:
    """What is known of each cell of a spectrum, frequency 0 in the middle."""

    window: Map
    radius: Map
    degrees: Map
    asked: NDArray[np.bool_]
    blocks: NDArray[np.bool_]
    across: tuple[NDArray[np.intp], NDArray[np.intp]]
    """Row and column of the frequency turned by a right angle."""


@cache
def _plane() -> _Plane:
    middle = _SIDE // 2
    y, x = np.mgrid[-middle:middle, -middle:middle]
    radius, degrees = np.hypot(x, y) / _SIDE, np.degrees(np.arctan2(y, x))
    one_half = (y > 0) | ((y == 0) & (x > 0))
    blocks = (_on_block(x) & (np.abs(y) <= 1)) | (_on_block(y) & (np.abs(x) <= 1))
    fall = np.hanning(_SIDE)
    return _Plane(
        np.asarray(np.outer(fall, fall), np.float32),
        np.asarray(radius, np.float32),
        np.asarray(degrees, np.float32),
        one_half & (radius > _LEAST) & (radius < _MOST),
        blocks,
        (np.clip(x + middle, 0, _SIDE - 1), np.clip(middle - y, 0, _SIDE - 1)),
    )


def _on_block(cells: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.asarray((cells + 1) % _BLOCK <= 2)
