"""What is taken in front of the person: a live photograph of the same face, the same hand's signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace

import cv2
import numpy as np

from capture.imaging.picture import Pixels
from capture.specimens import optics
from capture.specimens.face import Face, Shot, invent_face
from capture.specimens.faces import portrait
from capture.specimens.noise import clouds
from capture.specimens.scene import lit
from capture.specimens.signatures import Stroke, ink, sign_again

LIVE = (720, 960)
"""Width and height of a live photograph, in pixels."""
SIGNATURE = (640, 320)
_WALLS = ((168, 176, 182), (140, 160, 150), (190, 186, 176), (120, 140, 170), (96, 104, 112))
_SHIRTS = ((70, 50, 40), (40, 40, 130), (150, 150, 150), (60, 110, 70), (120, 70, 60), (40, 150, 190))
_CANDIDATES = 24


def live_photo(face: Face, numbers: np.random.Generator, yaw: float | None = None) -> Pixels:
    """The face in another light, dress and place, its head a little turned. Upright, LIVE pixels.

    `yaw`: how far it is turned, -1 to 1, as in `Shot`; what a challenge asks for is beyond 0.5.
    """
    shot = Shot(
        yaw=float(numbers.uniform(-0.12, 0.12)) if yaw is None else yaw,
        roll=float(numbers.uniform(-4, 4)),
        light=float(numbers.uniform(-0.6, 0.6)),
        smile=float(numbers.uniform(-0.1, 0.7)),
        shirt=_SHIRTS[int(numbers.integers(len(_SHIRTS)))],
        size=float(numbers.uniform(1.02, 1.12)),
    )
    taken = portrait(face, shot, *LIVE, behind=_wall(numbers))
    return optics.noisy(optics.blurred(lit(taken, numbers), 0.7), numbers, 3.0)


def _wall(numbers: np.random.Generator) -> Pixels:
    """A wall out of focus, with the edge of a door or a shelf."""
    width, height = LIVE[0] // 2, LIVE[1] // 2
    tint = np.asarray(_WALLS[int(numbers.integers(len(_WALLS)))], dtype=np.float32)
    made = tint * (1 + 0.08 * clouds(numbers, width, height, 3)[..., None])
    edge = int(numbers.uniform(0.05, 0.3) * width)
    side = slice(0, edge) if numbers.random() < 0.5 else slice(width - edge, width)
    made[:, side] *= np.float32(numbers.uniform(0.55, 0.85))
    return np.asarray(cv2.GaussianBlur(np.clip(made, 0, 255).astype(np.uint8), (0, 0), 4), dtype=np.uint8)


def face_of_another(face: Face, numbers: np.random.Generator) -> Face:
    """Somebody else, of measures as far away as a few tries give: a stranger, not a look-alike."""
    tried = [
        invent_face(numbers, woman=bool(numbers.integers(2)), age=int(numbers.integers(18, 85)))
        for _ in range(_CANDIDATES)
    ]
    return max(tried, key=lambda other: _distance(face, other))


def _distance(one: Face, other: Face) -> float:
    a, b = (
        np.hstack([np.atleast_1d(value) for value in astuple(replace(f, texture=0))]) for f in (one, other)
    )
    # Tints count in hundreds of tones, measures in halves of a face.
    scale = np.where(np.maximum(np.abs(a), np.abs(b)) > 5, 60.0, 0.15)
    return float(np.sum(((a - b) / scale) ** 2))


def signed(strokes: Sequence[Stroke], numbers: np.random.Generator) -> Pixels:
    """The signature as it is given on the phone's screen: the same hand once more, black on white."""
    drawn = ink(sign_again(strokes, numbers), *SIGNATURE, thickness=6)
    return np.asarray(cv2.cvtColor(drawn, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
