"""The card in a photograph: its corners, and the card alone, flat and upright.

Candidates come from silhouettes and from lines; the one that best lies on edges, has the ratio of ID-1
(85.60 × 53.98 mm, ISO/IEC 7810) and is large wins. A picture that has that ratio itself and shows no card
within it is taken for a card already cut out.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.credential import edges, quads
from capture.credential.cut import completed
from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH
from capture.credential.quads import Corners
from capture.credential.turning import card_like, upside_down
from capture.imaging.picture import Pixels

RATIO = 85.60 / 53.98
_COARSE, _FINE = 640, 1280
"""Pixels of the longer side of the copies where the card is searched, and where its corners are measured."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a card is told from what is not one."""

    least_sure: float = 0.45
    """Score, 0 to 1, from which a quadrilateral is a card."""
    least_area: float = 0.05
    """Share of the picture."""
    ratio_spread: float = 0.13
    """Of the logarithm of the ratio: what tilting a card before a camera makes of 1.586."""
    crop_spread: float = 0.035
    """The same, for a picture that is itself a card."""
    crop_sure: float = 0.5
    """What a picture that seems to be a card cut out scores."""
    crop_like: float = 0.3
    """Likeness to a side of some model, 0 to 1, from which such a picture is one."""


@dataclass(frozen=True, slots=True)
class Rectified:
    """A card found.

    `card`: CARD_HEIGHT × CARD_WIDTH pixels, upright as far as could be told without reading it.
    `corners`: where the card's upper left, upper right, lower right and lower left are in the photograph,
    in its pixels; outside it where the card is cut. `sure` 0 to 1. `cropped`: the photograph is the card.
    """

    card: Pixels
    corners: Corners
    sure: float
    cropped: bool = False

    @property
    def width(self) -> float:
        """Pixels of the photograph that a long side of the card takes."""
        return float(np.linalg.norm(self.corners - np.roll(self.corners, -1, axis=0), axis=1)[::2].mean())


def rectify(pixels: Pixels, settings: Finding = Finding()) -> Rectified | None:
    """The card of a photograph, or None where there seems to be none."""
    found = find(pixels, settings)
    if found is None:
        return None
    corners, sure, cropped = found
    card = flat(pixels, corners)
    if upside_down(card):
        corners, card = np.roll(corners, -2, axis=0), np.ascontiguousarray(card[::-1, ::-1])
    return Rectified(card, corners, sure, cropped)


def flat(pixels: Pixels, corners: Corners) -> Pixels:
    """What lies within the corners as CARD_HEIGHT × CARD_WIDTH pixels."""
    target = np.array([(0, 0), (CARD_WIDTH, 0), (CARD_WIDTH, CARD_HEIGHT), (0, CARD_HEIGHT)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    scale = min(1.0, 1.2 * CARD_WIDTH / max(float(np.linalg.norm(corners[0] - corners[1])), 1.0))
    if scale < 0.8:  # no dots between the pixels that are looked at may be lost
        pixels = np.asarray(
            cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
        matrix = matrix @ np.diag([1 / scale, 1 / scale, 1])
    made = cv2.warpPerspective(pixels, matrix, (CARD_WIDTH, CARD_HEIGHT), flags=cv2.INTER_CUBIC)
    return np.asarray(made, np.uint8)


def find(pixels: Pixels, settings: Finding) -> tuple[Corners, float, bool] | None:
    """Corners, score, and whether the picture itself is the card."""
    coarse, shrunk = _copy(pixels, _COARSE)
    found = edges.slopes(coarse)
    best = _best(coarse, found, settings)
    if best is not None and best[1] >= settings.least_sure:
        fine, scale = _copy(pixels, _FINE)
        reach = max(4, round(5 * scale / shrunk))
        corners = edges.refined(edges.slopes(fine), best[0] * (scale / shrunk), reach)
        return (corners / scale).astype(np.float32), best[1], False
    return _card_itself(pixels, settings)


def _card_itself(pixels: Pixels, settings: Finding) -> tuple[Corners, float, bool] | None:
    height, width = pixels.shape[:2]
    if abs(float(np.log(max(height, width) / min(height, width) / RATIO))) > settings.crop_spread:
        return None
    whole = quads.ordered(np.array([(0, 0), (width, 0), (width, height), (0, height)]))
    like = card_like(flat(pixels, whole)) >= settings.crop_like
    return (whole, settings.crop_sure, True) if like else None


def _copy(pixels: Pixels, side: int) -> tuple[Pixels, float]:
    """In L*a*b*, no longer than `side`; and its scale."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    small = (
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
    )
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8), scale


def _best(lab: Pixels, found: edges.Slopes, settings: Finding) -> tuple[Corners, float] | None:
    lines = [quads.ordered(one) for one in quads.from_lines(lab[:, :, 0])]
    shapes = list(quads.silhouettes(lab))
    shapes += completed(shapes, (lab.shape[0], lab.shape[1]), RATIO)
    candidates = np.asarray([*shapes, *lines], np.float32).reshape(-1, 4, 2)
    plain = _plain(candidates, lab.shape[0] * lab.shape[1], settings)
    candidates, shape = candidates[plain > 0.05], plain[plain > 0.05]
    if not len(candidates):
        return None
    scores = shape * _on_edges(found, candidates)
    first = np.argsort(-scores)[:5]
    better = np.asarray([edges.refined(found, candidates[i], 4) for i in first])
    better = np.concatenate([better, candidates[first]])
    again = _plain(better, lab.shape[0] * lab.shape[1], settings) * _on_edges(found, better)
    chosen = int(np.argmax(again))
    return quads.ordered(better[chosen]), float(again[chosen])


def _on_edges(found: edges.Slopes, candidates: NDArray[np.float32]) -> NDArray[np.float64]:
    """The three best sides count most: a finger may hide one."""
    sides = np.sort(edges.support(found, candidates), axis=1)
    return np.asarray(sides[:, 0] * 0.15 + sides[:, 1] * 0.35 + sides[:, 2:].mean(axis=1) * 0.5)


def _plain(candidates: NDArray[np.float32], area: int, settings: Finding) -> NDArray[np.float64]:
    """What ratio, squareness and size alone say, 0 to 1."""
    steps = np.roll(candidates, -1, axis=1) - candidates
    lengths = np.maximum(np.linalg.norm(steps, axis=2), 1e-6)
    ratio = (lengths[:, 0] + lengths[:, 2]) / (lengths[:, 1] + lengths[:, 3])
    after = np.roll(steps, -1, axis=1)
    turns = (steps[..., 0] * after[..., 1] - steps[..., 1] * after[..., 0]) / (
        lengths * np.roll(lengths, -1, axis=1)
    )
    opposite = np.minimum(lengths[:, :2] / lengths[:, 2:], lengths[:, 2:] / lengths[:, :2]).min(axis=1)
    fit = np.exp(-((np.log(np.maximum(ratio, 1e-6) / RATIO) / settings.ratio_spread) ** 2) / 2)
    share = (
        np.abs(np.cross(candidates[:, 2] - candidates[:, 0], candidates[:, 3] - candidates[:, 1])) / 2 / area
    )
    large = np.where(share < settings.least_area, 0, np.minimum(1, share / 0.3) ** 0.3)
    return np.asarray(np.where((turns > 0.7).all(axis=1) & (opposite > 0.6), fit * large, 0))
