"""Whether a photograph shows a card at all, or its picture on a screen, its copy on paper, a covered field.

Every sign is of how such things are made: the pixels of a screen and the halftone of a printer are lattices
(`lattice`), toner has no colour, and what covers a field ends the printed ground (`covered`). They are
reasons to suspect, for a person who decides: a screen so fine, or a copy so blurred, that no lattice is left
shows none of them. The thresholds come from drawn cards (`docs/benchmarks.md`); cards of plastic before real
cameras may ask for others, so they are settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential.covered import strip
from capture.credential.finding import Rectified
from capture.credential.lattice import Lattice, lattice
from capture.imaging.picture import Pixels
from capture.reading.results import Defect


@dataclass(frozen=True, slots=True)
class Signs:
    """From where on a figure is a reason to suspect."""

    lattice: float = 2.0
    """Strength of a lattice; 1.75 is what a sharp scan of a card has at most."""
    upright: float = 22.0
    """Degrees up to which the only lattice is a screen's, whose beat with the camera may be turned a little;
    the strongest ink of a printer is turned more, or has another beside it."""
    colour: float = 0.035
    """Spread of the colours over a card, from which it is no grey copy; drawn cards have 0.06 and more."""
    light: float = 40
    """Levels of the paper, 0 to 255, below which colours say nothing."""
    strip: float = 0.972
    """Share of the long edges of a strip that is straight; drawn cards have 0.968 at most."""


SIGNS = Signs()


def suspected(
    pixels: Pixels, rectified: Rectified, signs: Signs = SIGNS
) -> tuple[frozenset[Defect], Mapping[str, float]]:
    """What the card seems to be, of SCREEN, PHOTOCOPY and OVERLAID, and the figures behind.

    Figures: `reticula` strength, `tramas` how many lattices, `trama_grados` of the strongest from the card,
    `color` spread of colours, `tira` share of a strip's edges. Where there is a lattice, straight edges are
    everywhere and no strip is looked for, and a screen pales colours; in a blurred photograph no strip can be
    told from what is about it, which the caller knows.
    """
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    dots = lattice(grey, rectified.corners)
    card = np.asarray(cv2.cvtColor(rectified.card, cv2.COLOR_BGR2GRAY), np.uint8)
    colour, light = tint(rectified.card)
    regular = dots.strength > signs.lattice
    screen = regular and not _halftone(dots, signs)
    toner = light >= signs.light and colour < signs.colour
    covered = 0.0 if regular else strip(card, signs.strip)[0]
    wrong = {
        Defect.SCREEN: screen,
        Defect.PHOTOCOPY: not screen and (regular or toner),
        Defect.OVERLAID: covered > signs.strip,
    }
    figures = {
        "reticula": dots.strength,
        "tramas": float(dots.angles),
        "trama_grados": dots.degrees,
        "color": colour,
        "tira": covered,
    }
    return frozenset(defect for defect, found in wrong.items() if found), figures


def _halftone(dots: Lattice, signs: Signs) -> bool:
    """Several inks at their angles, or one that is turned; a screen is a single upright lattice."""
    return dots.angles > 1 or dots.degrees > signs.upright


_CELLS = (64, 40)
_EDGE = 2  # cells at the border, where the table may show
_PRINT = 0.4  # of the light of the paper, below which a cell holds too much ink to have a colour
_BURNT, _BURNT_SHARE = 250, 0.01  # level from which a colour is cut off, and the share of a cell that may be
_FEWEST = 200  # cells that say something of colours


def tint(card: Pixels) -> tuple[float, float]:
    """How far the colours of a card lie apart, and the light of its paper in levels.

    Nine of ten cells lie no farther than that from the middle colour, in natural logarithms of the ratios of
    red and of blue to green: the colour of the lamp, and how bright it is, drop out. Toner has one colour.
    Cells that are burnt out have none of their own: they count only where there are too few others.
    """
    cells = cv2.resize(card, _CELLS, interpolation=cv2.INTER_AREA).astype(np.float32) + 0.5
    burnt = cv2.resize((card.max(axis=2) >= _BURNT).astype(np.float32), _CELLS, interpolation=cv2.INTER_AREA)
    blue, green, red = np.moveaxis(_inner(cells).reshape(-1, 3), 1, 0)
    light = float(np.percentile(green, 90))
    lit = green > _PRINT * light
    whole = lit & (_inner(burnt).reshape(-1) < _BURNT_SHARE)
    used = whole if np.count_nonzero(whole) >= _FEWEST else lit
    ratios = np.log(np.stack([red, blue])[:, used] / green[used])
    away = np.hypot(*(ratios - np.median(ratios, axis=1, keepdims=True)))
    return float(np.percentile(away, 90)), light


def _inner(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    return cells[_EDGE:-_EDGE, _EDGE:-_EDGE]
