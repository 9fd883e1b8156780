"""A thumb that holds the card where nothing is read."""

from __future__ import annotations

import cv2
import numpy as np

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, Kind, Layout
from capture.imaging.picture import Pixels
from capture.reading.results import Side
from capture.specimens.scene import Matrix, Photograph

_SKINS = ((140, 170, 212), (96, 132, 186), (70, 104, 158))
_WIDE = 300
"""Pixels of the card across a thumb (16 mm)."""


def held(photograph: Photograph, plan: Layout, numbers: np.random.Generator) -> Photograph:
    """A thumb over the mark of the specimen: from below on a front, from the left on a back."""
    mark = plan.find(Kind.MARK)
    if mark is None:
        return photograph
    tint = _SKINS[int(numbers.integers(len(_SKINS)))]
    if plan.side is Side.ANVERSO:
        x = CARD_WIDTH * (mark.box.left + mark.box.width * numbers.uniform(0.2, 0.8))
        tip, root = (x, CARD_HEIGHT * mark.box.top + 20), (x + 60, CARD_HEIGHT * 1.5)
    else:
        y = CARD_HEIGHT * (mark.box.top + mark.box.height / 2)
        tip, root = (200.0, y), (-700.0, y + 120)
    wide = _WIDE if plan.side is Side.ANVERSO else min(_WIDE, CARD_HEIGHT * mark.box.height * 0.95)
    return photograph.with_pixels(_thumb(photograph.pixels, photograph.card, tip, root, wide, tint))


def _thumb(
    pixels: Pixels,
    card: Matrix,
    tip: tuple[float, float],
    root: tuple[float, float],
    wide: float,
    tint: tuple[int, int, int],
) -> Pixels:
    ends = cv2.perspectiveTransform(np.array([[tip, root]], dtype=np.float64), card)[0]
    thick = wide * float(np.hypot(*card[:2, 0]))
    along = (ends[0] - ends[1]) / np.hypot(*(ends[0] - ends[1]))
    made = pixels.copy()
    for part, shade in ((1.0, 0.72), (0.8, 0.9), (0.5, 1.0), (0.25, 1.06)):
        mask = np.zeros(pixels.shape[:2], dtype=np.uint8)
        # The round end of the line lies half its thickness ahead of its last point.
        start, end = _whole(ends[0] - along * (thick / 2)), _whole(ends[1])
        cv2.line(mask, start, end, 255, max(2, round(thick * part)), cv2.LINE_AA)
        _blend(made, mask, (tint[0] * shade, tint[1] * shade, tint[2] * shade), 3 if part == 1.0 else 9)
    mask = np.zeros(pixels.shape[:2], dtype=np.uint8)
    axes = (round(thick * 0.26), round(thick * 0.2))
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    cv2.ellipse(mask, _whole(ends[0] - along * (thick * 0.36)), axes, angle, 0, 360, 255, -1, cv2.LINE_AA)
    _blend(made, cv2.convertScaleAbs(mask, alpha=0.7), (188, 192, 232), 2)
    return made


def _blend(made: Pixels, mask: cv2.typing.MatLike, tint: tuple[float, float, float], soft: float) -> None:
    left, top, width, height = cv2.boundingRect(mask)
    pad = round(3 * soft)
    rows = slice(max(0, top - pad), top + height + pad)
    columns = slice(max(0, left - pad), left + width + pad)
    share = cv2.GaussianBlur(mask[rows, columns], (0, 0), soft).astype(np.float32)[..., None] / 255
    region = made[rows, columns]
    region[:] = region + (np.asarray(tint, dtype=np.float32) - region) * share


def _whole(point: np.ndarray) -> tuple[int, int]:
    return int(point[0]), int(point[1])
