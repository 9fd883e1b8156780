"""Rough copies of rough cards: other screens, printers and papers than those of the specimens."""

from __future__ import annotations

import cv2
import numpy as np

from capture.credential.layouts import CARD_WIDTH
from capture.imaging.picture import Pixels
from tests.capture.credential.making import Point, scene, table

PHOTO = (1200, 1600)
"""Height and width of a photograph."""
Corners = list[Point]


def corners(share: float = 0.8, lean: float = 0.0) -> Corners:
    """Of a card in the middle of a photograph; `lean` narrows its upper side by pixels."""
    height, width = PHOTO
    half, high = share * width / 2, share * width / 2 * 53.98 / 85.60
    x, y = width / 2, height / 2
    return [
        (x - half + lean, y - high),
        (x + half - lean, y - high),
        (x + half, y + high),
        (x - half, y + high),
    ]


def shot(card: Pixels, where: Corners | None = None, ground: str = "wood") -> Pixels:
    """With the noise of a camera."""
    return noisy(scene(card, where or corners(), table(ground, *PHOTO)), 2.0)


def noisy(pixels: Pixels, strength: float) -> Pixels:
    """Grey levels of standard deviation."""
    draw = np.random.default_rng(7)
    return np.clip(pixels + draw.normal(0, strength, pixels.shape), 0, 255).astype(np.uint8)


def on_pixels(photograph: Pixels, pitch: float, degrees: float = 0.0, depth: float = 0.35) -> Pixels:
    """Seen on a panel whose square pixels with three stripes are `pitch` camera pixels wide, and turned."""
    rows, columns = np.mgrid[0 : photograph.shape[0], 0 : photograph.shape[1]].astype(np.float32)
    angle = np.float32(np.radians(degrees))
    u = (columns * np.cos(angle) + rows * np.sin(angle)) * np.float32(2 * np.pi / pitch)
    v = (rows * np.cos(angle) - columns * np.sin(angle)) * np.float32(2 * np.pi / pitch)
    light = np.dstack(
        [(1 + depth * np.cos(u - third)) * (1 + depth / 2 * np.cos(v)) for third in (4.2, 2.1, 0.0)]
    )
    return np.clip(photograph * light, 0, 255).astype(np.uint8)


def halftoned(card: Pixels, pitch: float, angles: tuple[float, float, float] = (0, 75, 15)) -> Pixels:
    """Round dots of three inks, `pitch` pixels of the card apart: as large as the tone is dark."""
    rows, columns = np.mgrid[0 : card.shape[0], 0 : card.shape[1]].astype(np.float32)
    made = np.empty_like(card)
    for channel, degrees in enumerate(angles):
        angle, turn = np.radians(degrees), 2 * np.pi / pitch
        u = (columns * np.cos(angle) + rows * np.sin(angle)) * np.float32(turn)
        v = (rows * np.cos(angle) - columns * np.sin(angle)) * np.float32(turn)
        level = 0.5 + 0.25 * (np.cos(u) + np.cos(v))
        tone = cv2.GaussianBlur(card[..., channel], (0, 0), 1.5) / np.float32(255)
        made[..., channel] = 40 + 205 / (1 + np.exp(-(tone - level) / 0.12))
    return made


def toner(card: Pixels, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Pixels:
    """Without colour, under a lamp of that blue, green and red."""
    grey = cv2.cvtColor(card, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return np.clip(grey[..., None] * np.asarray(tint, np.float32), 0, 255).astype(np.uint8)


def pasted(
    card: Pixels, box: tuple[int, int, int, int], paper: int = 235, text: str = "PALMERO RUIZ"
) -> Pixels:
    """A strip of paper with a text over left, top, width, height of the card."""
    left, top, width, height = (round(v * card.shape[1] / CARD_WIDTH) for v in box)
    made = card.copy()
    cv2.rectangle(made, (left, top), (left + width, top + height), (paper,) * 3, -1)
    cv2.rectangle(made, (left, top), (left + width, top + height), (paper - 50,) * 3, 1)
    size = height / 44
    cv2.putText(made, text, (left + 10, top + height * 3 // 4), cv2.FONT_HERSHEY_SIMPLEX, size, (40,) * 3, 3)
    return made
