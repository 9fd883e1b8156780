"""What happens to a card on its way through a phone in a hand: named, and the same for the same source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from capture.credential.layouts import Kind, Layout
from capture.imaging.picture import Pixels
from capture.reading.results import Defect
from capture.specimens import copies, hands, optics, tampering
from capture.specimens.noise import generator
from capture.specimens.scene import PHOTO, Photograph, Pose, casual, lay, lit, matrix, table
from keys.randomness import Randomness

Numbers = np.random.Generator
Effect = Callable[[Pixels, Layout, Numbers], Photograph]


@dataclass(frozen=True, slots=True)
class Degradation:
    """`passes`: whether the verdict of quality should let it through; None: either is right.

    `defect`: what a verdict against it should name.
    """

    name: str
    effect: Effect
    passes: bool | None = True
    defect: Defect | None = None

    def apply(self, card: Pixels, plan: Layout, randomness: Randomness) -> Photograph:
        """A photograph of that side of a card."""
        return self.effect(card, plan, generator(randomness))


def _shot(card: Pixels, numbers: Numbers, pose: Pose | None = None) -> Photograph:
    """On a table, indoors, by somebody who takes care."""
    size = (card.shape[1], card.shape[0])
    where = matrix(size, pose or casual(numbers))
    pixels = lit(lay(card, table(numbers), where), numbers)
    return Photograph(optics.noisy(optics.blurred(pixels, 0.6), numbers, 2.5), where, size)


def _posed(turn: float, tilt: float) -> Effect:
    """Degrees at most of turn, and of tilt on both axes at least half of it."""

    def effect(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
        x, y = (float(numbers.uniform(tilt / 2, tilt) * numbers.choice([-1, 1])) for _ in range(2))
        away = float(numbers.uniform(turn / 2, turn) * numbers.choice([-1, 1]))
        return _shot(card, numbers, Pose(away, x, y, 0.78 - abs(away) / 180))

    return effect


def _turned(quarters: int) -> Effect:
    """The phone or the card is turned; quarter turns to the left."""

    def effect(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
        shot = _shot(card, numbers)
        width, height = PHOTO
        steps = {
            1: ((0, 1, 0), (-1, 0, width - 1), (0, 0, 1)),
            2: ((-1, 0, width - 1), (0, -1, height - 1), (0, 0, 1)),
            3: ((0, -1, height - 1), (1, 0, 0), (0, 0, 1)),
        }
        step = np.array(steps[quarters], dtype=np.float64)
        pixels = np.ascontiguousarray(np.rot90(shot.pixels, quarters))
        return Photograph(pixels, step @ shot.card, shot.size)

    return effect


def _after(change: Callable[[Pixels, Numbers], Pixels]) -> Effect:
    """A careful photograph, and then something that happens to all of it."""

    def effect(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
        shot = _shot(card, numbers)
        return shot.with_pixels(change(shot.pixels, numbers))

    return effect


def _glare(low: float, high: float) -> Effect:
    """A lamp in the middle of something to read; pixels of radius on the photograph."""

    def effect(card: Pixels, plan: Layout, numbers: Numbers) -> Photograph:
        shot = _shot(card, numbers)
        regions = [
            *plan.of_kind(Kind.MRZ),
            *(r for r in plan.of_kind(Kind.TEXT) if r.box.width > 0.1 or r.turned),
        ]
        box = regions[int(numbers.integers(len(regions)))].box
        width, height = shot.size
        point = ((box.left + box.width * 0.3) * width, (box.top + box.height / 2) * height)
        x, y = cv2.perspectiveTransform(np.array([[point]]), shot.card)[0, 0]
        return shot.with_pixels(optics.glared(shot.pixels, x, y, float(numbers.uniform(low, high)), 1.6))

    return effect


def _small(card_pixels: int) -> Effect:
    """So few pixels across the card."""

    def effect(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
        shot = _shot(card, numbers)
        left, right = shot.corners[0], shot.corners[1]
        scale = card_pixels / float(np.hypot(*(right - left)))
        size = (round(PHOTO[0] * scale), round(PHOTO[1] * scale))
        pixels = np.asarray(cv2.resize(shot.pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        return Photograph(pixels, np.diag([scale, scale, 1.0]) @ shot.card, shot.size)

    return effect


def _cut(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
    """An edge of the card lies outside of the picture: 12 to 25 % of it."""
    pose = casual(numbers)
    away = float(numbers.uniform(0.12, 0.25)) * pose.share + (1 - pose.share) / 2
    sign = float(numbers.choice([-1, 1]))
    return _shot(card, numbers, Pose(pose.turn, pose.tilt_x, pose.tilt_y, pose.share, (sign * away, 0.0)))


def _held(card: Pixels, plan: Layout, numbers: Numbers) -> Photograph:
    return hands.held(_shot(card, numbers), plan, numbers)


def _flat(card: Pixels, _plan: Layout, _numbers: Numbers) -> Photograph:
    return Photograph(card, np.eye(3), (card.shape[1], card.shape[0]))


def _screen(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
    return copies.on_screen(card, numbers)


def _copied(*, colour: bool, cut_out: bool = False) -> Effect:
    def effect(card: Pixels, _plan: Layout, numbers: Numbers) -> Photograph:
        return copies.photocopied(card, numbers, colour=colour, cut_out=cut_out)

    return effect


def _overlaid(card: Pixels, plan: Layout, numbers: Numbers) -> Photograph:
    return _shot(tampering.overlaid(card, plan, numbers), numbers)


def _shaken(length: int) -> Effect:
    return _after(lambda p, n: optics.shaken(p, length, float(n.uniform(0, 180))))


_ALL = (
    Degradation("plana", _flat),
    Degradation("mesa", _posed(3, 6)),
    Degradation("perspectiva", _posed(4, 20)),
    Degradation("giro-15", _posed(16, 6)),
    Degradation("giro-90", _turned(1)),
    Degradation("giro-180", _turned(2)),
    Degradation("giro-270", _turned(3)),
    Degradation("desenfoque-leve", _after(lambda p, _n: optics.blurred(p, 1.5))),
    Degradation(
        "desenfoque", _after(lambda p, _n: optics.blurred(p, 7)), passes=False, defect=Defect.BLURRED
    ),
    Degradation("movida-leve", _shaken(5), passes=None, defect=Defect.BLURRED),
    Degradation("movida", _shaken(25), passes=False, defect=Defect.BLURRED),
    Degradation("jpeg-30", _after(lambda p, _n: optics.compressed(p, 30))),
    Degradation("jpeg-15", _after(lambda p, _n: optics.compressed(p, 15)), passes=None),
    Degradation("poca-luz", _after(lambda p, n: optics.dimmed(p, n, 0.10)), passes=None, defect=Defect.DARK),
    Degradation(
        "a-oscuras", _after(lambda p, n: optics.dimmed(p, n, 0.025)), passes=False, defect=Defect.DARK
    ),
    Degradation("reflejo", _glare(110, 190), passes=False, defect=Defect.GLARE),
    Degradation("sombra", _after(lambda p, n: optics.shadowed(p, n, 0.35)), passes=None),
    Degradation("baja-resolucion", _small(600), passes=None, defect=Defect.SMALL),
    Degradation("miniatura", _small(260), passes=False, defect=Defect.SMALL),
    Degradation("ruido", _after(lambda p, n: optics.noisy(p, n, 18))),
    Degradation("mano", _held),
    Degradation("cortada", _cut, passes=False, defect=Defect.CUT),
    Degradation("pantalla", _screen, passes=False, defect=Defect.SCREEN),
    Degradation("fotocopia", _copied(colour=False), passes=False, defect=Defect.PHOTOCOPY),
    Degradation("fotocopia-color", _copied(colour=True), passes=False, defect=Defect.PHOTOCOPY),
    Degradation(
        "fotocopia-recortada", _copied(colour=False, cut_out=True), passes=False, defect=Defect.PHOTOCOPY
    ),
    Degradation("sobrepuesta", _overlaid, passes=False, defect=Defect.OVERLAID),
)
DEGRADATIONS = {made.name: made for made in _ALL}
"""By name. Those of `Degradation.passes` are a careful person's photographs of an original."""
