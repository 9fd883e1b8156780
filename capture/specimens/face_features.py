"""The parts of a drawn face."""

from __future__ import annotations

import cv2
import numpy as np

from capture.specimens.face import Tint
from capture.specimens.face_canvas import HEIGHT, WIDTH, Canvas, darker
from capture.specimens.noise import clouds

_RELIEF = 0.15
"""Of its light, what the relief of a face that is only its own takes or gives: without it, engines that were
trained on photographs hold most drawn faces for one."""


def body(canvas: Canvas) -> None:
    skin = darker(canvas.face.skin, 0.82)
    neck = [(-0.5, 0.5), (0.5, 0.5), (0.56, 1.5), (-0.56, 1.5)]
    canvas.fill(canvas.polygon(neck, 0.2), skin)
    shirt = [(-3.0, 2.2), (-1.75, 1.42), (-0.6, 1.18), (0.0, 1.5), (0.6, 1.18), (1.75, 1.42), (3.0, 2.2)]
    canvas.fill(canvas.polygon(shirt, 0.0), canvas.shot.shirt, soft=1.0)
    canvas.fill(
        canvas.polygon([(-0.62, 0.86), (0.62, 0.86), (0.4, 1.14), (-0.4, 1.14)], 0.3),
        darker(skin, 0.72),
        0.7,
        8,
    )


def head(canvas: Canvas) -> None:
    ear = darker(canvas.face.skin, 0.86)
    for side in (-1, 1):
        lobe = [(side * (0.98 + 0.12 * np.cos(a)), -0.05 + 0.2 * np.sin(a)) for a in np.linspace(0, 6.28, 20)]
        canvas.fill(canvas.polygon(lobe, 0.0), ear, soft=0.8)
    canvas.fill(canvas.outline(), canvas.face.skin, soft=0.8)


def shade(canvas: Canvas) -> None:
    """Light from a side and above, rounder towards the edge, and the marks of the skin."""
    mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    cv2.fillPoly(mask, [canvas.outline()], 255, cv2.LINE_AA, 3)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u = (columns - canvas.centre[0]) / canvas.half[0] - 0.3 * canvas.shot.yaw
    v = (rows - canvas.centre[1]) / canvas.half[1]
    bulge = np.sqrt(np.clip(1.12 - u**2 * 0.9 - v**2 * 0.8, 0.02, 1))
    light = 0.62 + 0.46 * bulge + 0.24 * canvas.shot.light * u - 0.07 * v
    marks = np.random.Generator(np.random.PCG64(canvas.face.texture))
    light += (
        _RELIEF * clouds(marks, WIDTH, HEIGHT, 11)
        + 0.02 * clouds(marks, WIDTH, HEIGHT, 12)
        + 0.012 * clouds(marks, WIDTH, HEIGHT, 110)
    )
    share = cv2.GaussianBlur(mask, (0, 0), 2).astype(np.float32)[..., None] / 255
    canvas.sheet *= 1 + (light[..., None] - 1) * share
    for side in (-1, 1):  # cheeks and, with age, folds
        cheek = [(side * (0.5 + 0.2 * np.cos(a)), 0.28 + 0.13 * np.sin(a)) for a in np.linspace(0, 6.28, 16)]
        canvas.fill(canvas.polygon(cheek), (110, 120, 215), 0.14, 12)
        if canvas.face.age > 0.2:
            fold = [(side * 0.26, 0.3), (side * 0.42, 0.52), (side * 0.4, 0.54), (side * 0.23, 0.32)]
            canvas.fill(canvas.polygon(fold), darker(canvas.face.skin, 0.5), 0.6 * canvas.face.age, 2)


def eyes(canvas: Canvas) -> None:
    face = canvas.face
    for side in (-1, 1):
        u, v, size = side * face.eyes_apart, -0.1, 0.17 * face.eye_size
        tilt = face.eye_slant * side
        socket = [
            (u + 1.5 * size * np.cos(a), v - 0.02 + 0.9 * size * np.sin(a)) for a in np.linspace(0, 6.28, 20)
        ]
        canvas.fill(canvas.polygon(socket), darker(face.skin, 0.55), 0.5, 6)
        angle = np.linspace(0, 2 * np.pi, 28)
        white = [(u + size * np.cos(a), v - tilt * size * np.cos(a) + size * 0.42 * np.sin(a)) for a in angle]
        canvas.fill(canvas.polygon(white), (205, 212, 218), soft=0.6)
        gaze = u + 0.1 * size * canvas.shot.yaw
        iris = [(gaze + 0.5 * size * np.cos(a), v - 0.01 + 0.39 * size * np.sin(a)) for a in angle]
        canvas.fill(canvas.polygon(iris), face.eye, soft=0.5)
        pupil = [(gaze + 0.22 * size * np.cos(a), v - 0.01 + 0.17 * size * np.sin(a)) for a in angle]
        canvas.fill(canvas.polygon(pupil), (8, 8, 8), soft=0.4)
        glint = [(gaze + size * (0.16 + 0.08 * np.cos(a)), v - 0.04 + 0.06 * size * np.sin(a)) for a in angle]
        canvas.fill(canvas.polygon(glint), (245, 245, 245), 0.8, 0.4)
        arc = np.linspace(np.pi, 2 * np.pi, 14)
        upper = [
            (u + 1.06 * size * np.cos(a), v - tilt * size * np.cos(a) + 0.46 * size * np.sin(a)) for a in arc
        ]
        lash = canvas.polygon(upper)
        mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
        cv2.polylines(mask, [lash], False, 255, 3, cv2.LINE_AA, 3)
        canvas.blend(mask, (22, 22, 26), 0.85, 0.6)
        crease = canvas.polygon([(a, b - 0.05) for a, b in upper])
        mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
        cv2.polylines(mask, [crease], False, 255, 2, cv2.LINE_AA, 3)
        canvas.blend(mask, darker(face.skin, 0.5), 0.6, 0.9)


def brows(canvas: Canvas) -> None:
    face = canvas.face
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
        canvas.fill(canvas.polygon(brow), darker(face.hair, 0.9), 0.85, 1.6)


def nose(canvas: Canvas) -> None:
    face = canvas.face
    tip = -0.06 + face.nose_long
    dark = darker(face.skin, 0.6)
    lit = -1 if canvas.shot.light > 0 else 1
    ridge = [(lit * 0.05, -0.16), (lit * 0.13, tip - 0.06), (lit * 0.04, tip), (lit * 0.02, -0.1)]
    canvas.fill(canvas.polygon(ridge, 1.6), dark, 0.4, 3.5)
    bright = darker(face.skin, 1.22)
    canvas.fill(
        canvas.polygon([(-0.03, -0.1), (0.03, -0.1), (0.06, tip - 0.05), (-0.06, tip - 0.05)], 1.6),
        bright,
        0.45,
        4,
    )
    for side in (-1, 1):
        wing = [
            (side * (face.nose_wide * 0.82 + 0.05 * np.cos(a)), tip - 0.02 + 0.06 * np.sin(a))
            for a in np.linspace(0, 6.28, 16)
        ]
        canvas.fill(canvas.polygon(wing, 1.55), dark, 0.5, 2.4)
        hole = [
            (side * (face.nose_wide * 0.45 + 0.055 * np.cos(a)), tip + 0.02 + 0.022 * np.sin(a))
            for a in np.linspace(0, 6.28, 16)
        ]
        canvas.fill(canvas.polygon(hole, 1.6), darker(face.skin, 0.25), 0.8, 1.6)
    canvas.fill(
        canvas.polygon([(-0.12, tip + 0.05), (0.12, tip + 0.05), (0.08, tip + 0.1), (-0.08, tip + 0.1)], 1.1),
        dark,
        0.4,
        4,
    )


def mouth(canvas: Canvas) -> None:
    face, v = canvas.face, canvas.face.mouth_down
    wide, up = face.mouth_wide * (1 + 0.15 * canvas.shot.smile), 0.05 * canvas.shot.smile
    lip: Tint = (face.skin[0] * 0.72, face.skin[1] * 0.62, min(255.0, face.skin[2] * 0.86))
    h = 0.055 * face.lips
    top = [(-wide, v - up), (-wide * 0.4, v - h), (0, v - 0.7 * h), (wide * 0.4, v - h), (wide, v - up)]
    low = [(wide * 0.5, v + 1.25 * h), (0, v + 1.5 * h), (-wide * 0.5, v + 1.25 * h)]
    canvas.fill(canvas.polygon(top + low), lip, 0.9, 1.4)
    mask = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    line = [
        (-wide, v - up),
        (-wide * 0.4, v + 0.008),
        (0, v + 0.014),
        (wide * 0.4, v + 0.008),
        (wide, v - up),
    ]
    cv2.polylines(mask, [canvas.polygon(line)], False, 255, 2, cv2.LINE_AA, 3)
    canvas.blend(mask, darker(lip, 0.38), 0.9, 0.8)
    canvas.fill(
        canvas.polygon([(-0.2, v + 0.15), (0.2, v + 0.15), (0.14, v + 0.2), (-0.14, v + 0.2)]),
        darker(face.skin, 0.6),
        0.35,
        5,
    )


def beard(canvas: Canvas) -> None:
    face, v = canvas.face, canvas.face.mouth_down
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
        canvas.fill(canvas.polygon(hair), face.hair, 0.8, 2)
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
        canvas.fill(canvas.polygon(shape, 0.8), face.hair, 0.65 * face.beard, 7)


def hair_behind(canvas: Canvas) -> None:
    if canvas.face.hair_long:
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
        canvas.fill(canvas.polygon(lock, 0.2), darker(canvas.face.hair, 0.8), 1.0, 4)


def hair_front(canvas: Canvas) -> None:
    face = canvas.face
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
    canvas.fill(canvas.polygon(hair, 0.3), face.hair, 1.0, 2.2)
    shine = [(-0.6, -1.02), (-0.1, -1.14), (-0.1, -1.06), (-0.55, -0.94)]
    canvas.fill(canvas.polygon(shine, 0.3), (150, 150, 150), 0.25, 6)
