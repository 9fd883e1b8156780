"""What people wear over their faces, painted on any photograph at the marks of its face.

Coordinates: x in distances between the eyes from the middle of them, y in distances from eyes to mouth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.face.ports import Face
from capture.imaging.picture import Pixels

Colour = tuple[float, float, float]
"""Blue, green, red; 0 to 255."""
Points = Sequence[tuple[float, float]]
COLOURS: Mapping[str, Colour] = {
    "azul": (200, 170, 110),
    "blanco": (235, 235, 235),
    "negro": (24, 22, 22),
    "rojo": (40, 40, 170),
    "verde": (90, 150, 60),
    "gris": (120, 120, 120),
    "rosa": (190, 170, 240),
}
_MASK = [
    (-0.95, 0.38),
    (0, 0.22),
    (0.95, 0.38),
    (0.85, 1.1),
    (0.45, 1.6),
    (0, 1.75),
    (-0.45, 1.6),
    (-0.85, 1.1),
]
_CROWN = [(-1.05, -0.52), (-1.05, -1), (-0.8, -1.5), (0, -1.9), (0.8, -1.5), (1.05, -1), (1.05, -0.52)]
_VISOR = [
    (-1, -0.54),
    (-0.5, -0.44),
    (0, -0.4),
    (0.5, -0.44),
    (1, -0.54),
    (0.6, -0.67),
    (0, -0.72),
    (-0.6, -0.67),
]


class Dressing:
    """A photograph on which things are painted one after another."""

    def __init__(self, pixels: Pixels, face: Face, seed: int) -> None:
        eyes = np.array([(face.left_eye.x, face.left_eye.y), (face.right_eye.x, face.right_eye.y)])
        mouth = (face.mouth_left.x + face.mouth_right.x) / 2, (face.mouth_left.y + face.mouth_right.y) / 2
        self.pixels = pixels
        self._middle = eyes.mean(axis=0)
        self._across = eyes[1] - eyes[0]
        level = self._across / np.linalg.norm(self._across)
        upright = np.array([-level[1], level[0]])
        self._down = upright * float((np.array(mouth) - self._middle) @ upright)
        self._numbers = np.random.default_rng(seed)

    def at(self, points: Points) -> NDArray[np.float64]:
        """In pixels."""
        return np.array([self._middle + self._across * x + self._down * y for x, y in points])

    def skin(self) -> Colour:
        """Between the eyes."""
        x, y = self.at([(0, -0.1)])[0].astype(int)
        blue, green, red = np.median(self.pixels[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3), axis=0)
        return float(blue), float(green), float(red)

    def paint(
        self, points: Points, colour: Colour, strength: float = 1, texture: float = 0, soft: float = 1.5
    ) -> None:
        """A filled shape; `texture`: how much the cloth varies, `soft`: pixels of blur of its edge."""
        mask = np.zeros(self.pixels.shape[:2], np.uint8)
        cv2.fillPoly(mask, [np.rint(self.at(points) * 8).astype(np.int32)], 255, cv2.LINE_AA, 3)
        share = cv2.GaussianBlur(mask, (0, 0), soft).astype(np.float32)[..., None] / 255 * strength
        cloth = np.full(self.pixels.shape, colour, np.float32)
        if texture:
            noise = self._numbers.normal(0, 1, mask.shape).astype(np.float32)
            noise = cv2.GaussianBlur(noise, (0, 0), mask.shape[1] / 60)
            cloth *= 1 + texture * (noise / noise.std())[..., None]
        self.pixels = np.clip(self.pixels * (1 - share) + cloth * share, 0, 255).astype(np.uint8)


def _oval(x: float, y: float, wide: float, high: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, 40)
    return [(x + wide * float(np.cos(a)), y + high * float(np.sin(a))) for a in angles]


def _mask(photo: Dressing, colour: str) -> None:
    photo.paint(_MASK, COLOURS[colour], texture=0.08)
    blue, green, red = (0.7 * v for v in COLOURS[colour])
    for y in (0.62, 0.85, 1.1):  # folds
        photo.paint(
            [(-0.6, y), (0, y + 0.05), (0.6, y), (0.6, y + 0.03), (0, y + 0.08), (-0.6, y + 0.03)],
            (blue, green, red),
        )


def _glasses(photo: Dressing, colour: Colour, strength: float) -> None:
    for side in (-1, 1):
        photo.paint(_oval(0.5 * side, 0.02, 0.36, 0.26), colour, strength)
        photo.paint(
            [(0.84 * side, -0.1), (1.1 * side, -0.08), (1.1 * side, -0.02), (0.84 * side, -0.04)], colour
        )
    photo.paint([(-0.2, -0.08), (0.2, -0.08), (0.2, -0.02), (-0.2, -0.02)], colour)
    photo.paint(_oval(0.38, -0.08, 0.06, 0.04), (200, 200, 200), 0.5)  # a window in the glass


def _cap(photo: Dressing, colour: str) -> None:
    blue, green, red = (0.7 * v for v in COLOURS[colour])
    photo.paint(_CROWN, COLOURS[colour], texture=0.06)
    photo.paint(
        [(-0.9, -0.52), (0.9, -0.52), (0.8, -0.17), (-0.8, -0.17)], (20, 20, 25), 0.3, soft=6
    )  # its shadow
    photo.paint(_VISOR, (blue, green, red))


def _scarf(photo: Dressing, colour: str) -> None:
    photo.paint([(-1.1, 0.5), (0, 0.42), (1.1, 0.5), (1.3, 2.4), (-1.3, 2.4)], COLOURS[colour], texture=0.25)


def _phone(photo: Dressing) -> None:
    photo.paint([(-0.5, 0.55), (0.6, 0.5), (0.65, 2.2), (-0.45, 2.2)], (25, 22, 20), soft=0.8)


def _hand(photo: Dressing) -> None:
    skin = photo.skin()
    blue, green, red = (0.55 * v for v in skin)
    for finger in range(4):
        y = 0.62 + finger * 0.22
        photo.paint(
            [(-1.2, y + 0.1), (0.35, y - 0.02), (0.45, y + 0.06), (0.42, y + 0.17), (-1.2, y + 0.32)], skin
        )
        photo.paint([(-1.2, y + 0.3), (0.4, y + 0.16), (0.4, y + 0.18), (-1.2, y + 0.34)], (blue, green, red))


def _clear_glasses(photo: Dressing) -> None:
    thick = max(2, round(float(np.linalg.norm(photo.at([(0.5, 0)]) - photo.at([(-0.5, 0)]))) * 0.035))
    painted = photo.pixels.copy()
    for side in (-1, 1):
        rim = np.rint(photo.at(_oval(0.5 * side, 0.02, 0.36, 0.26)) * 8).astype(np.int32)
        cv2.polylines(painted, [rim], True, (30, 30, 35), thick, cv2.LINE_AA, 3)
    photo.pixels = painted


Putting = Callable[[Dressing], None]
MASKS: Mapping[str, Putting] = {f"cubrebocas {c}": partial(_mask, colour=c) for c in COLOURS}
DARK_GLASSES: Mapping[str, Putting] = {
    "lentes negros": partial(_glasses, colour=(18, 16, 16), strength=0.96),
    "lentes cafés": partial(_glasses, colour=(30, 42, 60), strength=0.9),
}
OTHERS: Mapping[str, Putting] = {
    "paliacate rojo": partial(_scarf, colour="rojo"),
    "bufanda gris": partial(_scarf, colour="gris"),
    "teléfono": _phone,
    "mano": _hand,
}
CAPS: Mapping[str, Putting] = {
    f"gorra {c}": partial(_cap, colour=c) for c in ("azul", "rojo", "verde", "negro", "blanco")
}
ALLOWED: Mapping[str, Putting] = {"lentes transparentes": _clear_glasses}
"""«Evitar el uso de lentes, a menos de que sea necesario»: no fault."""
COVERS: Mapping[str, Putting] = MASKS | DARK_GLASSES | OTHERS | CAPS | ALLOWED


def worn(pixels: Pixels, face: Face, name: str, seed: int = 0) -> Pixels:
    """The photograph with one of COVERS."""
    photo = Dressing(pixels, face, seed)
    COVERS[name](photo)
    return photo.pixels
