"""Faces that are nobody's, drawn from the back to the front and framed."""

from __future__ import annotations

import cv2
import numpy as np

from capture.imaging.picture import Pixels
from capture.specimens import face_features as features
from capture.specimens.face import Face, Shot
from capture.specimens.face_canvas import HEIGHT, WIDTH, Canvas

_PARTS = (
    features.hair_behind,
    features.body,
    features.head,
    features.shade,
    features.eyes,
    features.brows,
    features.nose,
    features.mouth,
    features.beard,
    features.hair_front,
)


def portrait(face: Face, shot: Shot, width: int, height: int, behind: Pixels | None = None) -> Pixels:
    """Head and shoulders, framed to that many pixels. `behind`: a picture in place of an even background."""
    canvas = Canvas(face, shot)
    if behind is not None:
        canvas.sheet[:] = cv2.resize(behind, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    for part in _PARTS:
        part(canvas)
    scale = max(width / WIDTH, height / HEIGHT)
    turned = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.46), shot.roll, scale * shot.size)
    turned[0, 2] += (width - WIDTH) / 2
    turned[1, 2] += (height - HEIGHT) * 0.46
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    made = cv2.warpAffine(
        canvas.sheet, turned, (width, height), flags=method, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(np.clip(made, 0, 255), dtype=np.uint8)
