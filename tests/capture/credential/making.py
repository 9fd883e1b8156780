"""Rough cards after the layouts, and scenes with one of them: simpler than the specimens, and independent."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, Kind, layout
from capture.imaging.picture import Pixels
from capture.reading.results import Side

_INK, _PAPER = (60, 50, 40), np.array([214, 226, 222], np.float32)
Point = tuple[float, float]


def rough_card(model: str = "E", side: Side = Side.ANVERSO, seed: int = 1) -> Pixels:
    """Pastel paper with a fine ground, invented words, a dark portrait, squares for codes."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:CARD_HEIGHT, 0:CARD_WIDTH]
    waves = 9 * np.sin(columns / 9 + 3 * np.sin(rows / 40))[:, :, None] * np.array([1, -0.6, 0.8])
    card = np.clip(_PAPER + waves, 0, 255).astype(np.uint8)
    for region in layout(model, side).regions:
        _fill(card, region.kind, _pixels(region.box), region.lines, region.text, draw)
    return card


def _pixels(box: object) -> tuple[int, int, int, int]:
    left, top, width, height = (getattr(box, n) for n in ("left", "top", "width", "height"))
    return (
        round(left * CARD_WIDTH),
        round(top * CARD_HEIGHT),
        round(width * CARD_WIDTH),
        round(height * CARD_HEIGHT),
    )


def _fill(
    card: Pixels, kind: Kind, box: tuple[int, int, int, int], lines: int, text: str, draw: np.random.Generator
) -> None:
    left, top, width, height = box
    if kind is Kind.CODE:
        cells = draw.integers(0, 2, (max(1, height // 8), max(1, width // 8))).astype(np.uint8) * 255
        made = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
        card[top : top + height, left : left + width] = made[:, :, None]
    elif kind in (Kind.PHOTO, Kind.GHOST):
        weight = 1.0 if kind is Kind.PHOTO else 0.3
        face = np.full((height, width, 3), (190, 190, 200), np.uint8)
        cv2.ellipse(face, (width // 2, height), (width // 2, height // 3), 0, 0, 360, (90, 60, 50), -1)
        cv2.ellipse(
            face, (width // 2, height * 2 // 5), (width // 4, height // 4), 0, 0, 360, (120, 150, 200), -1
        )
        part = card[top : top + height, left : left + width]
        part[:] = cv2.addWeighted(face, weight, part, 1 - weight, 0)
    elif kind in (Kind.TEXT, Kind.LABEL, Kind.HEADER, Kind.MRZ):
        _write(card, box, lines, text, draw)


def _write(
    card: Pixels, box: tuple[int, int, int, int], lines: int, text: str, draw: np.random.Generator
) -> None:
    left, top, width, height = box
    step = height // lines
    for line in range(lines):
        letters = "".join(draw.choice(list("ABCDEFGHIJLMNOPRSTUVXYZ0123456789 "), 80))
        words, scale = text or letters, step / 34
        while words and cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, 3)[0][0] > width:
            words = words[:-1]
        at = (left, top + (line + 1) * step - step // 6)
        cv2.putText(card, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, _INK, 3, cv2.LINE_AA)


def table(kind: str, height: int, width: int, seed: int = 1) -> Pixels:
    """What lies under the card: dark, light, wood or cloth."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    if kind == "wood":
        grain = 25 * np.sin(rows / 14 + 2 * np.sin(columns / 170)) + 12 * np.sin(rows / 5 + columns / 300)
        ground = np.array([60, 95, 140]) + grain[:, :, None]
    elif kind == "cloth":
        checks = 35.0 * (((rows // 40).astype(int) + (columns // 40).astype(int)) % 2)
        ground = np.array([120, 70, 60]) + checks[:, :, None]
    else:
        ground = np.full((height, width, 3), 45.0 if kind == "dark" else 238.0)
    return np.clip(ground + draw.normal(0, 4, (height, width, 1)), 0, 255).astype(np.uint8)


def scene(card: Pixels, corners: Sequence[Point], ground: Pixels) -> Pixels:
    """The card with round corners and a thin shade, its upper left… lower left at `corners`."""
    height, width = ground.shape[:2]
    source = np.array([(0, 0), (CARD_WIDTH, 0), (CARD_WIDTH, CARD_HEIGHT), (0, CARD_HEIGHT)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    mask = np.zeros(card.shape[:2], np.uint8)
    cv2.rectangle(mask, (58, 0), (CARD_WIDTH - 59, CARD_HEIGHT - 1), 255, -1)
    cv2.rectangle(mask, (0, 58), (CARD_WIDTH - 1, CARD_HEIGHT - 59), 255, -1)
    for x in (58, CARD_WIDTH - 59):
        for y in (58, CARD_HEIGHT - 59):
            cv2.circle(mask, (x, y), 58, 255, -1)
    alpha = cv2.warpPerspective(mask, matrix, (width, height), flags=cv2.INTER_AREA)[:, :, None] / 255
    shade = cv2.GaussianBlur(np.roll(alpha, (4, 4), (0, 1)), (15, 15), 0)[:, :, None] * 0.25
    flat = cv2.warpPerspective(card, matrix, (width, height), flags=cv2.INTER_AREA)
    mixed = ground * (1 - shade) * (1 - alpha) + flat * alpha
    return cv2.GaussianBlur(mixed.astype(np.uint8), (3, 3), 0)


def turned(centre: Point, width: float, degrees: float, lean: float = 0.0) -> list[Point]:
    """Corners of a card of that width about a centre; `lean` narrows the upper side by that share."""
    half, high = width / 2, width / 2 * CARD_HEIGHT / CARD_WIDTH
    plain = np.array([(-half * (1 - lean), -high), (half * (1 - lean), -high), (half, high), (-half, high)])
    angle = np.deg2rad(degrees)
    spin = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    return [tuple(point) for point in plain @ spin.T + centre]
