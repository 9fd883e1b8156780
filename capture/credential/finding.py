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
from capture.credential.cut import completed, on_border
from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH
from capture.credential.quads import Corners
from capture.credential.turning import card_like, upside_down
from capture.imaging.picture import Grey, Pixels

RATIO = 85.60 / 53.98
_COARSE, _FINE = 640, 1280
"""Pixels of the longer side of the copies where the card is searched, and where its corners are measured."""

_LIGHT, _MOST_GAIN = 160.0, 12.0
"""Level that the lightest parts of a copy have at least, and how many times lighter it is made for that."""
_CLIP = 4.0  # times the mean slope by which light is spread
_QUICK = 16  # samples of a side for a first look
_MOST, _LAST, _MOST_OPEN = 60, 6, 24
"""Candidates that get a close look, that are measured, and that may go on beyond the picture."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a card is told from what is not one."""

    least_sure: float = 0.45
    """Score, 0 to 1, from which a quadrilateral is a card."""
    least_area: float = 0.05
    """Share of the picture."""
    like_weight: float = 0.5
    """How much the likeness to a side of some model adds: a card rather than a panel on it."""
    ratio_spread: float = 0.13
    """Of the logarithm of the ratio: what tilting a card before a camera makes of 1.586."""
    crop_spread: float = 0.035
    """The same, for a picture that is itself a card."""
    unsure: float = 0.75
    """Score below which the card is also looked for by the lines of an evenly lit copy."""
    over_crop: float = 0.8
    """Score from which a card within such a picture is preferred to it."""
    crop_sure: float = 0.5
    """What a picture that seems to be a card cut out scores."""
    crop_like: float = 0.2
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
    found = _best(coarse, coarse[:, :, 0], settings)
    if found is None or found.score < settings.unsure:
        again = _best(coarse, _evened(coarse[:, :, 0]), settings)
        found = max(filter(None, (found, again)), key=lambda one: one.weight(settings), default=None)
    whole = _card_itself(pixels, settings)
    least = settings.least_sure if whole.like < settings.crop_like else settings.over_crop
    if found is not None and found.score >= least:
        fine, scale = _copy(pixels, _FINE)
        reach = max(4, round(5 * scale / shrunk))
        corners = edges.refined(edges.slopes(fine), found.corners * (scale / shrunk), reach)
        return (corners / scale).astype(np.float32), found.score, False
    return (whole.corners, whole.score, True) if whole.like >= settings.crop_like else None


@dataclass(frozen=True, slots=True)
class _Candidate:
    corners: Corners
    score: float
    like: float

    def weight(self, settings: Finding) -> float:
        """By which it is chosen."""
        return self.score * (1 + settings.like_weight * self.like)


def _card_itself(pixels: Pixels, settings: Finding) -> _Candidate:
    height, width = pixels.shape[:2]
    whole = quads.ordered([(0, 0), (width, 0), (width, height), (0, height)])
    if abs(float(np.log(max(height, width) / min(height, width) / RATIO))) > settings.crop_spread:
        return _Candidate(whole, 0.0, 0.0)
    return _Candidate(whole, settings.crop_sure, card_like(pixels, whole))


def _copy(pixels: Pixels, side: int) -> tuple[Pixels, float]:
    """In L*a*b*, no longer than `side`, a dark picture made light; and its scale."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    if scale < 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    light = float(np.percentile(pixels[::4, ::4], 99))
    if light < _LIGHT:
        gain = min(_MOST_GAIN, _LIGHT / max(light, 1.0))
        pixels = np.asarray(cv2.convertScaleAbs(pixels, alpha=gain), np.uint8)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB), np.uint8), scale


def _evened(light: Grey) -> Grey:
    """A sharp shadow over half a card hides its edges there: what lies in it becomes as light as the rest."""
    return np.asarray(cv2.createCLAHE(_CLIP, (8, 8)).apply(np.ascontiguousarray(light)), np.uint8)


def _best(lab: Pixels, lined: Grey, settings: Finding) -> _Candidate | None:
    """`lined`: the same picture, in which straight lines are looked for."""
    found, area = edges.slopes(lab), lab.shape[0] * lab.shape[1]
    candidates = _promising(_proposed(lab, lined, found), found, area, settings)
    if not len(candidates):
        return None
    moved = np.asarray([edges.refined(found, one, 4) for one in candidates])
    chosen = quads.ordered_all(np.concatenate([moved, candidates]))
    scores = _plain(chosen, area, settings) * _on_edges(edges.support(found, chosen))
    light = np.ascontiguousarray(lab[:, :, 0])
    likes = [card_like(light, chosen[i]) if s > settings.least_sure else 0 for i, s in enumerate(scores)]
    best = int(np.argmax(scores * (1 + settings.like_weight * np.asarray(likes))))
    return _Candidate(chosen[best], float(scores[best]), likes[best])


def _proposed(lab: Pixels, lined: Grey, found: edges.Slopes) -> NDArray[np.float32]:
    """All candidates; those that end at the border of the picture also as they would go on out of it."""
    shape = (lab.shape[0], lab.shape[1])
    made = np.concatenate([np.asarray([*quads.silhouettes(lab)]).reshape(-1, 4, 2), quads.from_lines(lined)])
    made = quads.ordered_all(made.astype(np.float32))
    open_ones = made[on_border(made, shape).sum(axis=1) == 1]
    seen = np.sort(edges.support(found, open_ones, _QUICK), axis=1)[:, 1:].mean(axis=1)
    best = open_ones[np.argsort(-seen)[:_MOST_OPEN]]
    return np.concatenate([made, np.asarray([*completed(best, shape, RATIO)], np.float32).reshape(-1, 4, 2)])


def _promising(
    candidates: NDArray[np.float32], found: edges.Slopes, area: int, settings: Finding
) -> NDArray[np.float32]:
    """The few best, those of a wrong shape left out before the edges are looked at."""
    plain = _plain(candidates, area, settings)
    candidates, plain = candidates[plain > 0.05], plain[plain > 0.05]
    quick = plain * _on_edges(edges.support(found, candidates, _QUICK))
    first = np.argsort(-quick)[:_MOST]
    scores = plain[first] * _on_edges(edges.support(found, candidates[first]))
    return candidates[first[np.argsort(-scores)[:_LAST]]]


def _on_edges(sides: NDArray[np.float32]) -> NDArray[np.float64]:
    """The three best sides count most: a finger may hide one."""
    best = np.sort(sides, axis=1)
    return np.asarray(best[:, 0] * 0.15 + best[:, 1] * 0.35 + best[:, 2:].mean(axis=1) * 0.5)


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
    one, other = candidates[:, 2] - candidates[:, 0], candidates[:, 3] - candidates[:, 1]
    share = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2 / area
    large = np.where(share < settings.least_area, 0, np.minimum(1, share / 0.6) ** 0.25)
    return np.asarray(np.where((turns > 0.7).all(axis=1) & (opposite > 0.6), fit * large, 0))
