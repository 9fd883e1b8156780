"""Faces that are nobody's, drawn: who it is (`Face`) apart from how it is photographed (`Shot`)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey, Pixels
from capture.specimens.noise import Plane, clouds

Tint = tuple[float, float, float]
"""Blue, green, red; 0 to 255."""
_WIDTH, _HEIGHT = 384, 480
"""Pixels that a face is drawn in, before it is framed."""
_SKINS = ((150, 180, 222), (120, 155, 205), (98, 134, 188), (78, 112, 165), (62, 92, 140), (135, 170, 214))
_HAIRS = ((24, 24, 28), (30, 38, 52), (36, 52, 78), (120, 122, 126), (70, 74, 80))
_EYES = ((30, 42, 60), (24, 30, 42), (52, 80, 92))


@dataclass(frozen=True, slots=True)
class Face:
    """Measures in shares of the face's half width or half height; tints. Fixed for a person."""

    skin: Tint
    hair: Tint
    eye: Tint
    wide: float
    long: float
    jaw: float
    eyes_apart: float
    eye_size: float
    eye_slant: float
    brow_lift: float
    brow_thick: float
    brow_slant: float
    nose_long: float
    nose_wide: float
    mouth_wide: float
    lips: float
    mouth_down: float
    hair_long: bool
    hair_line: float
    parting: float
    beard: float
    moustache: bool
    age: float
    texture: int
    """Seed of the skin's marks."""


@dataclass(frozen=True, slots=True)
class Shot:
    """How it is photographed. `yaw`: -1 (to the left of the picture) to 1; `light`: from where, so too."""

    background: Tint = (235, 235, 235)
    yaw: float = 0.0
    roll: float = 0.0
    """Degrees."""
    light: float = 0.0
    smile: float = 0.0
    shirt: Tint = (90, 80, 70)
    size: float = 1.0


def invent_face(numbers: np.random.Generator, *, woman: bool, age: int = 35) -> Face:
    """A new face."""

    def between(low: float, high: float) -> float:
        return float(numbers.uniform(low, high))

    def one(options: tuple[Tint, ...]) -> Tint:
        base, away = options[int(numbers.integers(len(options)))], between(-9, 9)
        return (base[0] + away, base[1] + away, base[2] + away)

    grey = age > 58 and numbers.random() < 0.7
    return Face(
        skin=one(_SKINS),
        hair=one(_HAIRS[3:]) if grey else one(_HAIRS[:3]),
        eye=one(_EYES),
        wide=between(0.86, 1.14),
        long=between(0.92, 1.1),
        jaw=between(0.62, 0.8) if woman else between(0.72, 0.98),
        eyes_apart=between(0.39, 0.5),
        eye_size=between(0.8, 1.22),
        eye_slant=between(-0.16, 0.16),
        brow_lift=between(0.15, 0.25),
        brow_thick=between(0.6, 1.0) if woman else between(0.9, 1.7),
        brow_slant=between(-0.22, 0.22),
        nose_long=between(0.34, 0.5),
        nose_wide=between(0.17, 0.3),
        mouth_wide=between(0.27, 0.43),
        lips=between(0.8, 1.4) if woman else between(0.55, 1.1),
        mouth_down=between(0.56, 0.66),
        hair_long=woman and numbers.random() < 0.75,
        hair_line=between(0.62, 0.84),
        parting=between(-0.6, 0.6),
        beard=0.0 if woman else max(0.0, between(-0.6, 0.8)),
        moustache=not woman and numbers.random() < 0.35,
        age=min(1.0, max(0.0, (age - 25) / 50)),
        texture=int(numbers.integers(2**31)),
    )


def portrait(face: Face, shot: Shot, width: int, height: int) -> Pixels:
    """Head and shoulders, framed to that many pixels."""
    canvas = _Canvas(face, shot)
    canvas.draw()
    scale = max(width / _WIDTH, height / _HEIGHT)
    turned = cv2.getRotationMatrix2D((_WIDTH / 2, _HEIGHT * 0.46), shot.roll, scale * shot.size)
    turned[:, 2] += (width / 2 - _WIDTH / 2, height * 0.46 - _HEIGHT * 0.46)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    made = cv2.warpAffine(
        canvas.sheet, turned, (width, height), flags=method, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(np.clip(made, 0, 255), dtype=np.uint8)


class _Canvas:
    """One drawing. Coordinates (u, v): -1 to 1 over the face's half width and half height, turned by yaw."""

    def __init__(self, face: Face, shot: Shot) -> None:
        self.face, self.shot = face, shot
        self.sheet: Plane = np.full((_HEIGHT, _WIDTH, 3), shot.background, dtype=np.float32)
        self.centre = (_WIDTH / 2, _HEIGHT * 0.46)
        self.half = (104 * face.wide, 136 * face.long)

    def draw(self) -> None:
        """From the back to the front."""
        self._hair_behind()
        self._body()
        self._head()
        self._shade()
        self._eyes()
        self._brows()
        self._nose()
        self._mouth()
        self._beard()
        self._hair_front()

    def at(self, u: float, v: float, depth: float = 1.0) -> tuple[int, int]:
        """A point of the face in pixels × 8. `depth`: how much it moves when the head turns."""
        round_off = max(0.0, 1 - u * u) ** 0.5
        x = self.centre[0] + self.half[0] * (
            u * (1 - 0.12 * abs(self.shot.yaw)) + 0.34 * self.shot.yaw * round_off * depth
        )
        return round(x * 8), round((self.centre[1] + self.half[1] * v) * 8)

    def polygon(self, points: list[tuple[float, float]], depth: float = 1.0) -> NDArray[np.int32]:
        return np.array([self.at(u, v, depth) for u, v in points], dtype=np.int32)

    def fill(self, points: NDArray[np.int32], tint: Tint, strength: float = 1.0, soft: float = 0.0) -> None:
        """Blend a filled polygon in; `soft`: pixels of blur of its edge."""
        mask = np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)
        cv2.fillPoly(mask, [points], 255, cv2.LINE_AA, 3)
        self.blend(mask, tint, strength, soft)

    def blend(self, mask: Grey, tint: Tint, strength: float = 1.0, soft: float = 0.0) -> None:
        left, top, width, height = cv2.boundingRect(mask)
        if not width:
            return
        pad = round(3 * soft) + 1
        rows = slice(max(0, top - pad), min(_HEIGHT, top + height + pad))
        columns = slice(max(0, left - pad), min(_WIDTH, left + width + pad))
        part = mask[rows, columns]
        if soft:
            part = np.asarray(cv2.GaussianBlur(part, (0, 0), soft), dtype=np.uint8)
        share = (part.astype(np.float32) * (strength / 255))[..., None]
        region = self.sheet[rows, columns]
        region += (np.asarray(tint, dtype=np.float32) - region) * share

    def darker(self, tint: Tint, share: float) -> Tint:
        return (tint[0] * share, tint[1] * share, tint[2] * share)

    def outline(self, grow: float = 1.0) -> NDArray[np.int32]:
        """The head: an ellipse whose lower half narrows to the jaw."""
        angle = np.linspace(0, 2 * np.pi, 72)
        u, v = np.cos(angle), np.sin(angle)
        narrow = np.where(v > 0, 1 - (1 - self.face.jaw) * np.abs(v) ** 1.6, 1 - 0.06 * v**2)
        return self.polygon([(a * b * grow, c * grow) for a, b, c in zip(u, narrow, v, strict=True)], 0.35)

    def _body(self) -> None:
        skin = self.darker(self.face.skin, 0.82)
        neck = [(-0.5, 0.5), (0.5, 0.5), (0.56, 1.5), (-0.56, 1.5)]
        self.fill(self.polygon(neck, 0.2), skin)
        shirt = [(-2.2, 2.2), (-1.75, 1.42), (-0.6, 1.18), (0.0, 1.5), (0.6, 1.18), (1.75, 1.42), (2.2, 2.2)]
        self.fill(self.polygon(shirt, 0.0), self.shot.shirt, soft=1.0)
        self.fill(
            self.polygon([(-0.62, 0.86), (0.62, 0.86), (0.4, 1.14), (-0.4, 1.14)], 0.3),
            self.darker(skin, 0.72),
            0.7,
            8,
        )

    def _head(self) -> None:
        ear = self.darker(self.face.skin, 0.86)
        for side in (-1, 1):
            lobe = [
                (side * (0.98 + 0.12 * np.cos(a)), -0.05 + 0.2 * np.sin(a)) for a in np.linspace(0, 6.28, 20)
            ]
            self.fill(self.polygon(lobe, 0.0), ear, soft=0.8)
        self.fill(self.outline(), self.face.skin, soft=0.8)

    def _shade(self) -> None:
        """Light from a side and above, rounder towards the edge, and the marks of the skin."""
        mask = np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)
        cv2.fillPoly(mask, [self.outline()], 255, cv2.LINE_AA, 3)
        rows, columns = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
        u = (columns - self.centre[0]) / self.half[0] - 0.3 * self.shot.yaw
        v = (rows - self.centre[1]) / self.half[1]
        bulge = np.sqrt(np.clip(1.12 - u**2 * 0.9 - v**2 * 0.8, 0.02, 1))
        light = 0.62 + 0.46 * bulge + 0.24 * self.shot.light * u - 0.07 * v
        marks = np.random.Generator(np.random.PCG64(self.face.texture))
        light += 0.02 * clouds(marks, _WIDTH, _HEIGHT, 12) + 0.012 * clouds(marks, _WIDTH, _HEIGHT, 110)
        share = cv2.GaussianBlur(mask, (0, 0), 2).astype(np.float32)[..., None] / 255
        self.sheet *= 1 + (light[..., None] - 1) * share
        for side in (-1, 1):  # cheeks and, with age, folds
            cheek = [
                (side * (0.5 + 0.2 * np.cos(a)), 0.28 + 0.13 * np.sin(a)) for a in np.linspace(0, 6.28, 16)
            ]
            self.fill(self.polygon(cheek), (110, 120, 215), 0.14, 12)
            if self.face.age > 0.2:
                fold = [(side * 0.26, 0.3), (side * 0.42, 0.52), (side * 0.4, 0.54), (side * 0.23, 0.32)]
                self.fill(self.polygon(fold), self.darker(self.face.skin, 0.5), 0.6 * self.face.age, 2)

    def _eyes(self) -> None:
        face = self.face
        for side in (-1, 1):
            u, v, size = side * face.eyes_apart, -0.1, 0.17 * face.eye_size
            tilt = face.eye_slant * side
            socket = [
                (u + 1.5 * size * np.cos(a), v - 0.02 + 0.9 * size * np.sin(a))
                for a in np.linspace(0, 6.28, 20)
            ]
            self.fill(self.polygon(socket), self.darker(face.skin, 0.55), 0.5, 6)
            angle = np.linspace(0, 2 * np.pi, 28)
            white = [
                (u + size * np.cos(a), v - tilt * size * np.cos(a) + size * 0.42 * np.sin(a)) for a in angle
            ]
            self.fill(self.polygon(white), (205, 212, 218), soft=0.6)
            gaze = u + 0.1 * size * self.shot.yaw
            iris = [(gaze + 0.5 * size * np.cos(a), v - 0.01 + 0.39 * size * np.sin(a)) for a in angle]
            self.fill(self.polygon(iris), face.eye, soft=0.5)
            pupil = [(gaze + 0.22 * size * np.cos(a), v - 0.01 + 0.17 * size * np.sin(a)) for a in angle]
            self.fill(self.polygon(pupil), (8, 8, 8), soft=0.4)
            glint = [
                (gaze + size * (0.16 + 0.08 * np.cos(a)), v - 0.04 + 0.06 * size * np.sin(a)) for a in angle
            ]
            self.fill(self.polygon(glint), (245, 245, 245), 0.8, 0.4)
            arc = np.linspace(np.pi, 2 * np.pi, 14)
            upper = [
                (u + 1.06 * size * np.cos(a), v - tilt * size * np.cos(a) + 0.46 * size * np.sin(a))
                for a in arc
            ]
            lash = self.polygon(upper)
            mask = np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)
            cv2.polylines(mask, [lash], False, 255, 3, cv2.LINE_AA, 3)
            self.blend(mask, (22, 22, 26), 0.85, 0.6)
            crease = self.polygon([(a, b - 0.05) for a, b in upper])
            mask = np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)
            cv2.polylines(mask, [crease], False, 255, 2, cv2.LINE_AA, 3)
            self.blend(mask, self.darker(face.skin, 0.5), 0.6, 0.9)

    def _brows(self) -> None:
        face = self.face
        for side in (-1, 1):
            u, v = side * face.eyes_apart, -0.1 - face.brow_lift
            inner, outer = u - side * 0.2, u + side * 0.25
            slant, thick = face.brow_slant * 0.2, 0.035 * face.brow_thick
            brow = [
                (inner, v + slant + 0.02),
                (u, v - 0.045),
                (outer, v - slant + 0.03),
                (u + side * 0.02, v - 0.045 + thick),
                (inner, v + slant + 0.02 + 1.4 * thick),
            ]
            self.fill(self.polygon(brow), self.darker(face.hair, 0.9), 0.85, 1.6)

    def _nose(self) -> None:
        face = self.face
        tip = -0.06 + face.nose_long
        dark = self.darker(face.skin, 0.6)
        lit = -1 if self.shot.light > 0 else 1
        ridge = [(lit * 0.05, -0.16), (lit * 0.13, tip - 0.06), (lit * 0.04, tip), (lit * 0.02, -0.1)]
        self.fill(self.polygon(ridge, 1.25), dark, 0.4, 3.5)
        bright = self.darker(face.skin, 1.22)
        self.fill(
            self.polygon([(-0.03, -0.1), (0.03, -0.1), (0.06, tip - 0.05), (-0.06, tip - 0.05)], 1.3),
            bright,
            0.45,
            4,
        )
        for side in (-1, 1):
            wing = [
                (side * (face.nose_wide * 0.82 + 0.05 * np.cos(a)), tip - 0.02 + 0.06 * np.sin(a))
                for a in np.linspace(0, 6.28, 16)
            ]
            self.fill(self.polygon(wing, 1.15), dark, 0.5, 2.4)
            hole = [
                (side * (face.nose_wide * 0.45 + 0.055 * np.cos(a)), tip + 0.02 + 0.022 * np.sin(a))
                for a in np.linspace(0, 6.28, 16)
            ]
            self.fill(self.polygon(hole, 1.2), self.darker(face.skin, 0.25), 0.8, 1.2)
        self.fill(
            self.polygon(
                [(-0.12, tip + 0.05), (0.12, tip + 0.05), (0.08, tip + 0.1), (-0.08, tip + 0.1)], 1.1
            ),
            dark,
            0.4,
            4,
        )

    def _mouth(self) -> None:
        face, v = self.face, self.face.mouth_down
        wide, up = face.mouth_wide * (1 + 0.15 * self.shot.smile), 0.05 * self.shot.smile
        lip: Tint = (face.skin[0] * 0.72, face.skin[1] * 0.62, min(255.0, face.skin[2] * 0.86))
        h = 0.055 * face.lips
        top = [(-wide, v - up), (-wide * 0.4, v - h), (0, v - 0.7 * h), (wide * 0.4, v - h), (wide, v - up)]
        low = [(wide * 0.5, v + 1.25 * h), (0, v + 1.5 * h), (-wide * 0.5, v + 1.25 * h)]
        self.fill(self.polygon(top + low), lip, 0.9, 1.4)
        mask = np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)
        line = [
            (-wide, v - up),
            (-wide * 0.4, v + 0.008),
            (0, v + 0.014),
            (wide * 0.4, v + 0.008),
            (wide, v - up),
        ]
        cv2.polylines(mask, [self.polygon(line)], False, 255, 2, cv2.LINE_AA, 3)
        self.blend(mask, self.darker(lip, 0.38), 0.9, 0.8)
        self.fill(
            self.polygon([(-0.2, v + 0.15), (0.2, v + 0.15), (0.14, v + 0.2), (-0.14, v + 0.2)]),
            self.darker(face.skin, 0.6),
            0.35,
            5,
        )

    def _beard(self) -> None:
        face, v = self.face, self.face.mouth_down
        if face.moustache:
            w = face.mouth_wide
            hair = [
                (-w * 1.05, v - 0.03),
                (0, v - 0.14),
                (w * 1.05, v - 0.03),
                (w * 0.6, v - 0.035),
                (0, v - 0.06),
                (-w * 0.6, v - 0.035),
            ]
            self.fill(self.polygon(hair), face.hair, 0.8, 2)
        if face.beard:
            jaw = face.jaw
            shape = [
                (-0.9, 0.1),
                (-0.7, 0.5),
                (-0.4, 0.56),
                (-0.3, 0.82),
                (0.3, 0.82),
                (0.4, 0.56),
                (0.7, 0.5),
                (0.9, 0.1),
                (jaw * 0.85, 0.72),
                (0.3, 0.98),
                (-0.3, 0.98),
                (-jaw * 0.85, 0.72),
            ]
            self.fill(self.polygon(shape, 0.8), face.hair, 0.65 * face.beard, 7)

    def _hair_behind(self) -> None:
        if self.face.hair_long:
            lock = [
                (-1.2, -0.3),
                (-0.9, -1.1),
                (0.9, -1.1),
                (1.2, -0.3),
                (1.32, 0.7),
                (1.15, 1.5),
                (-1.15, 1.5),
                (-1.32, 0.7),
            ]
            self.fill(self.polygon(lock, 0.2), self.darker(self.face.hair, 0.8), 1.0, 4)

    def _hair_front(self) -> None:
        face = self.face
        line, part = -face.hair_line, face.parting
        side_low = 0.25 if face.hair_long else -0.2
        hair = [
            (-1.05, side_low),
            (-1.14, -0.45),
            (-0.92, -0.95),
            (-0.45, -1.2),
            (0.0, -1.26),
            (0.45, -1.2),
            (0.92, -0.95),
            (1.14, -0.45),
            (1.05, side_low),
            (0.93, -0.3),
            (0.78, line + 0.16),
            (part + 0.25, line - 0.02),
            (part, line - 0.1),
            (part - 0.25, line),
            (-0.78, line + 0.16),
            (-0.93, -0.3),
        ]
        self.fill(self.polygon(hair, 0.3), face.hair, 1.0, 2.2)
        shine = [(-0.6, -1.02), (-0.1, -1.14), (-0.1, -1.06), (-0.55, -0.94)]
        self.fill(self.polygon(shine, 0.3), (150, 150, 150), 0.25, 6)
