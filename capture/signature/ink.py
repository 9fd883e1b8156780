"""The ink of a signature: where a picture is not paper, whatever the colour of both. Pure.

The paper is a smooth surface (a card's ground has shades) that most pixels lie on; ink leaves it clearly, to
the dark or, in an inverted picture, to the light.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Box, Grey, Pixels
from capture.signature.settings import DEFAULT, InkSettings

_COARSE = 48  # pixels of the longer side in which the paper is looked for
_ROUNDS = 4
_FRAME = 0.05
"""Share of the picture along each border in which the frame of the box to sign in lies."""


@dataclass(frozen=True, slots=True)
class Ink:
    """`mask`: 255 for ink, 0 for paper, as large as the picture that was looked at. `place`: its bounds."""

    mask: Grey
    place: tuple[int, int, int, int]
    """Left, top, width and height in pixels of the mask."""

    @property
    def cut(self) -> Grey:
        """The mask within the bounds."""
        left, top, width, height = self.place
        return self.mask[top : top + height, left : left + width]

    @property
    def box(self) -> Box:
        """The bounds in shares of the picture."""
        left, top, width, height = self.place
        down, across = self.mask.shape
        return Box(left / across, top / down, width / across, height / down)


def ink_of(picture: Pixels | Grey, settings: InkSettings = DEFAULT.ink) -> Ink | None:
    """The ink; None when there is none."""
    away = _away_from_paper(_grey(picture, settings.side), settings)
    strongest = int(cv2.blur(away, (3, 3)).max())
    if strongest < settings.contrast // 2 or away.max() < settings.contrast:
        return None
    level = max(settings.contrast / 2, settings.share * strongest)
    mask = _without_frame(np.where(away > level, 255, 0).astype(np.uint8))
    mask = _without_specks(mask, settings.speck)
    left, top, width, height = map(int, cv2.boundingRect(mask))
    return Ink(mask, (left, top, width, height)) if width and height else None


def _grey(picture: Pixels | Grey, side: int) -> Grey:
    if not picture.size:
        return np.full((1, 1), 255, np.uint8)
    found = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    return _smaller(np.asarray(found, dtype=np.uint8), side)


def _smaller(grey: Grey, side: int) -> Grey:
    height, width = grey.shape
    factor = side / max(height, width)
    if factor >= 1:
        return grey
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _away_from_paper(grey: Grey, settings: InkSettings) -> Grey:
    """How far each pixel is from the paper, on the side on which more lies far from it."""
    difference = _paper(grey, settings.contrast) - grey.astype(np.float32)
    dark, light = float(difference.max()), float(-difference.min())
    return np.clip(difference if dark >= light else -difference, 0, 255).astype(np.uint8)


def _paper(grey: Grey, contrast: int) -> NDArray[np.float32]:
    """A surface of second degree through the pixels that are paper."""
    small = _smaller(grey, _COARSE).astype(np.float32)
    across, down = _powers(small.shape)
    known = np.abs(small - np.median(small)) < contrast
    terms = np.stack([(across**i * down**j).ravel() for i, j in _TERMS], axis=1)
    solved = np.zeros(len(_TERMS), np.float32)
    for _ in range(_ROUNDS):
        chosen = known.ravel()
        if np.count_nonzero(chosen) < 4 * len(_TERMS):
            return np.full(grey.shape, np.median(grey), np.float32)
        solved = np.linalg.lstsq(terms[chosen], small.ravel()[chosen], rcond=None)[0]
        known = np.abs(small - (terms @ solved).reshape(small.shape)) < contrast / 2
    across, down = _powers(grey.shape)
    made = sum(one * across**i * down**j for one, (i, j) in zip(solved, _TERMS, strict=True))
    return np.asarray(made, dtype=np.float32)


_TERMS = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))


def _powers(shape: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """-1 to 1 across and down, for each pixel."""
    height, width = shape
    across = np.linspace(-1, 1, width, dtype=np.float32)
    down = np.linspace(-1, 1, height, dtype=np.float32)
    return np.broadcast_to(across, shape), np.broadcast_to(down[:, None], shape)


def _without_frame(mask: Grey) -> Grey:
    """Without what lies along the borders alone: the box to sign in, the edge of a cut."""
    height, width = mask.shape
    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    down, across = max(1, round(_FRAME * height)), max(1, round(_FRAME * width))
    if count == 1 or height <= 4 * down or width <= 4 * across:
        return mask
    inner = np.bincount(labels[down:-down, across:-across].ravel(), minlength=count)
    long = (figures[:, cv2.CC_STAT_WIDTH] > 0.9 * width) | (figures[:, cv2.CC_STAT_HEIGHT] > 0.9 * height)
    frame = long & (inner < 0.1 * figures[:, cv2.CC_STAT_AREA])
    frame[0] = False
    return np.where(frame[labels], 0, mask).astype(np.uint8)


def _without_specks(mask: Grey, speck: float) -> Grey:
    """Without what is too small to be a stroke of the pen that drew the largest part."""
    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count == 1:
        return mask
    areas = figures[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    largest = np.where(labels == int(areas.argmax()), 255, 0).astype(np.uint8)
    around = cv2.copyMakeBorder(largest, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    width = 2 * float(cv2.distanceTransform(around, cv2.DIST_L2, 3).max())
    small = areas < speck * width**2
    small[int(areas.argmax())] = False
    return np.where(small[labels], 0, mask).astype(np.uint8)
