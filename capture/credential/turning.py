"""Whether a flat card stands on its head, told without reading it.

The direction in which the ink lies more as on some side of some model decides; where that is unclear, the
direction in which a face is seen. Both are hints: who reads the text may turn the card again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential.layouts import DRAWN_MODELS, Kind, Layout, layout
from capture.credential.quads import Corners
from capture.imaging.picture import Grey, Pixels
from capture.reading.results import Side

_COLUMNS, _ROWS = 64, 40
"""Cells of a map of where ink is."""
_SMALL = (793, 500)
"""Pixels at which faces are looked for."""
_INK = {
    Kind.CODE: 1.0,
    Kind.MRZ: 0.9,
    Kind.HEADER: 0.7,
    Kind.TEXT: 0.6,
    Kind.LABEL: 0.5,
    Kind.FINGERPRINT: 0.5,
    Kind.PHOTO: 0.25,
}
_CLEAR, _APART = 0.4, 0.1
"""Likeness from which a side is recognised, and by which the right direction is ahead."""
_CASCADE = "haarcascade_frontalface_default.xml"


def upside_down(card: Pixels) -> bool:
    """Whether a card of CARD_HEIGHT × CARD_WIDTH should be turned by half."""
    grey = _small(card)
    ink = _ink(grey)
    plain, turned = likeness(ink), likeness(ink[::-1, ::-1])
    if max(plain, turned) < _CLEAR or abs(plain - turned) < _APART:
        here, there = _faces(grey), _faces(grey[::-1, ::-1].copy())
        if here != there:
            return there > here
    return turned > plain


def card_like(picture: Pixels, corners: Corners) -> float:
    """How much what lies within corners looks like a side of some model, 0 to 1; a face helps."""
    width, height = _SMALL
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(picture, matrix, _SMALL, flags=cv2.INTER_LINEAR)
    grey = np.asarray(flat if flat.ndim == 2 else cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), np.uint8)
    ink = _ink(grey)
    return max(0.0, likeness(ink), likeness(ink[::-1, ::-1]))


def _small(card: Pixels) -> Grey:
    small = cv2.resize(card, _SMALL, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def _faces(grey: Grey) -> int:
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = _cascade().detectMultiScale(half, 1.15, 6, minSize=(32, 32), maxSize=(130, 130))
    return len(found)


def load() -> None:
    """Read the file that faces are looked for with: who gives up opening files calls this before."""
    _cascade()


@cache
def _cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / _CASCADE))


def _ink(grey: Grey) -> NDArray[np.float32]:
    """The share of each cell that is darker than what is about it."""
    dark = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    made = cv2.resize(dark.astype(np.float32), (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(made, (3, 3), 0), np.float32)


def likeness(ink: NDArray[np.float32]) -> float:
    """The best correlation of a map with a side of a model, -1 to 1."""
    plain = ink - ink.mean()
    return float((_plans() @ (plain / max(float(np.linalg.norm(plain)), 1e-6)).ravel()).max())


@cache
def _plans() -> NDArray[np.float32]:
    """A row for each side of each model, of mean 0 and length 1."""
    maps = [_plan(layout(model, side)) for model in DRAWN_MODELS for side in Side]
    rows = np.stack([one.ravel() - one.mean() for one in maps])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _plan(side: Layout) -> NDArray[np.float32]:
    made = np.zeros((_ROWS, _COLUMNS), np.float32)
    for region in side.regions:
        box = region.box
        rows = slice(round(box.top * _ROWS), max(1, round((box.top + box.height) * _ROWS)))
        columns = slice(round(box.left * _COLUMNS), max(1, round((box.left + box.width) * _COLUMNS)))
        full = _INK.get(region.kind, 0.0)
        ends = full / 4 if region.kind in (Kind.TEXT, Kind.LABEL) else full  # words begin on the left
        fall = np.linspace(full, ends, made[rows, columns].shape[1])
        made[rows, columns] = np.maximum(made[rows, columns], fall)
    return np.asarray(cv2.GaussianBlur(made, (3, 3), 0), np.float32)
