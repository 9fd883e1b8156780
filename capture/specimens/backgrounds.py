"""The printed ground of a card: two colours that flow into each other, and guilloche lines."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH
from capture.imaging.picture import Pixels
from capture.reading.results import Side

Tint = tuple[int, int, int]
"""Blue, green, red."""
_GROUNDS: dict[str, tuple[Tint, Tint, Tint]] = {
    "C": ((232, 240, 236), (206, 232, 214), (150, 190, 160)),
    "D": ((238, 236, 230), (226, 214, 238), (190, 160, 200)),
    "E": ((238, 238, 240), (222, 206, 236), (190, 150, 205)),
    "F": ((240, 238, 236), (236, 214, 206), (205, 165, 150)),
    "G": ((240, 240, 240), (228, 206, 240), (196, 150, 214)),
    "H": ((240, 240, 240), (240, 220, 206), (214, 176, 150)),
    "I": ((242, 242, 240), (214, 226, 240), (160, 185, 214)),
    "J": ((242, 242, 240), (232, 232, 210), (190, 190, 140)),
}
_LINES = 44
_ROSETTES = ((0.24, 0.78, 190), (0.84, 0.36, 230))
"""Shares of the width and height, pixels of radius."""


@cache
def ground(model: str, side: Side) -> Pixels:
    """The ground of a side, without anything on it; the same array each time: copy before drawing."""
    light, dark, ink = _GROUNDS[model]
    across = np.linspace(0, np.pi * 2, CARD_WIDTH, dtype=np.float32)
    down = np.linspace(0, np.pi, CARD_HEIGHT, dtype=np.float32)[:, None]
    turn = 0.0 if side is Side.ANVERSO else 1.6
    share = (0.5 + 0.5 * np.sin(across + down + turn))[..., None]
    made = np.asarray(light, np.float32) * (1 - share) + np.asarray(dark, np.float32) * share
    pixels = np.ascontiguousarray(made, dtype=np.uint8)
    _waves(pixels, ink, turn)
    for x, y, radius in _ROSETTES:
        _rosette(pixels, ink, (x * CARD_WIDTH, y * CARD_HEIGHT), radius)
    return pixels


def _waves(pixels: Pixels, ink: Tint, turn: float) -> None:
    x = np.arange(0, CARD_WIDTH + 8, 8, dtype=np.float32)
    for number in range(_LINES):
        phase = number * 0.23 + turn
        y = CARD_HEIGHT * (number + 0.5) / _LINES + 30 * np.sin(x / 120 + phase) + 14 * np.sin(x / 47 - phase)
        _curve(pixels, np.stack((x, y), axis=1), ink)


def _rosette(pixels: Pixels, ink: Tint, centre: tuple[float, float], radius: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 400, dtype=np.float32)
    for number in range(14):
        reach = radius * (0.55 + 0.45 * np.cos(angle * 8 + number * np.pi / 7) * (1 - number / 20))
        curve = np.stack((centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)), axis=1)
        _curve(pixels, curve, ink)


def _curve(pixels: Pixels, points: np.ndarray, ink: Tint) -> None:
    fixed = np.round(points * 8).astype(np.int32)  # three bits behind the point
    cv2.polylines(pixels, [fixed], isClosed=False, color=ink, thickness=1, lineType=cv2.LINE_AA, shift=3)
