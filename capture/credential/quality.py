"""Whether a photograph of a card can be read: each reason against it, and the figure behind it.

The thresholds come from drawn cards, of which those that pass are read and those that fail are not
(`docs/benchmarks.md`); cards of plastic before real cameras may ask for others, so they are settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from capture.credential.finding import Rectified
from capture.credential.layouts import CARD_WIDTH
from capture.credential.recapture import SIGNS, Signs, suspected
from capture.credential.sharpness import contrast_of, sharpness
from capture.imaging.picture import Grey, Pixels
from capture.reading.results import Defect, Quality


@dataclass(frozen=True, slots=True)
class Demands:
    """What a photograph must have. Pixels «of the card» are of a card of 1586 × 1000."""

    width: float = 640
    """Pixels of the photograph along the card's long side, at least."""
    edge: float = 7.5
    """Pixels of the card that a sharp edge of print takes, at most; 2.7 in a perfect scan."""
    moved_ratio: float = 1.4
    """Ratio of the widths of edges in two directions from which the camera moved."""
    moved_edge: float = 6.0
    """Like `edge`, when the camera moved: strokes smeared to one side are read worse."""
    paper: float = 40
    """Levels, 0 to 255, of the light parts of the card, at least."""
    contrast: float = 25
    """Levels between paper and ink, at least."""
    glare: float = 0.004
    """Share of the card within spots of glare, at most."""
    glare_level: int = 249
    """Level from which the darkest of the three colours is burnt out."""
    glare_spot: int = 76
    """Pixels of the card across the smallest spot; white between print and about codes is narrower."""
    glare_paper: float = 240
    """Level of the paper from which white is not glare but a light photograph."""
    outside: float = 0.012
    """Share of the card's long side by which a corner may lie out of the photograph."""


DEMANDS = Demands()


def judge(
    pixels: Pixels, rectified: Rectified | None, demands: Demands = DEMANDS, signs: Signs = SIGNS
) -> Quality:
    """The verdict over one photograph and the card found in it.

    Figures: `ancho` px, `fuera` share of the card's length, `borde` px of the card, `movimiento` ratio of
    such widths, `papel` and `contraste` levels, `reflejo` share of the card, `certeza` 0 to 1, and those of
    `capture.credential.recapture.suspected`.
    """
    if rectified is None:
        light = float(np.percentile(pixels[::8, ::8], 95))
        dark = (Defect.DARK,) if light < demands.paper else ()
        return Quality((Defect.NO_CARD, *dark), {"papel": light})
    copied, behind = suspected(pixels, rectified, signs)
    figures = {**measured(pixels, rectified, demands), **{n: round(v, 4) for n, v in behind.items()}}
    wrong: dict[Defect, bool] = {
        Defect.CUT: figures["fuera"] > demands.outside,
        Defect.BLURRED: not 0 < figures["borde"] <= _widest(figures, demands),
        Defect.GLARE: figures["reflejo"] > demands.glare,
        Defect.DARK: figures["papel"] < demands.paper or figures["contraste"] < demands.contrast,
        Defect.SMALL: figures["ancho"] < demands.width,
        **dict.fromkeys(copied, True),
    }
    if wrong[Defect.BLURRED]:
        wrong[Defect.OVERLAID] = False
    return Quality(tuple(defect for defect in Defect if wrong.get(defect)), figures)


def _widest(figures: Mapping[str, float], demands: Demands) -> float:
    return demands.moved_edge if figures["movimiento"] > demands.moved_ratio else demands.edge


def measured(pixels: Pixels, rectified: Rectified, demands: Demands) -> Mapping[str, float]:
    """All figures, rounded so that they can be written."""
    grey = np.asarray(cv2.cvtColor(rectified.card, cv2.COLOR_BGR2GRAY), np.uint8)
    sharp = sharpness(grey)
    figures = {
        "ancho": rectified.width,
        "fuera": _outside(pixels, rectified),
        "borde": sharp.width,
        "movimiento": sharp.ratio,
        "papel": float(np.percentile(grey[::4, ::4], 80)),
        "contraste": contrast_of(grey),
        "reflejo": _glare(rectified.card, grey, demands),
        "certeza": rectified.sure,
    }
    return {name: round(value, 4) for name, value in figures.items()}


def _outside(pixels: Pixels, rectified: Rectified) -> float:
    """How far the farthest corner is out of the photograph, as a share of the card's long side."""
    height, width = pixels.shape[:2]
    beyond = np.maximum(-rectified.corners, rectified.corners - np.array((width, height)))
    return max(0.0, float(beyond.max())) / rectified.width


def _glare(card: Pixels, grey: Grey, demands: Demands) -> float:
    """The share of the card in spots that are burnt out and hold no print."""
    if float(np.median(grey[::4, ::4])) > demands.glare_paper:
        return 0.0
    half = cv2.resize(card.min(axis=2), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    burnt = (half >= demands.glare_level).astype(np.uint8)
    size = max(3, round(demands.glare_spot * card.shape[1] / CARD_WIDTH / 2))
    spot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return float(cv2.morphologyEx(burnt, cv2.MORPH_OPEN, spot).mean())
