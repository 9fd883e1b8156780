"""A face brought to the 112 × 112 pixels that recognisers of SFace's and ArcFace's kind learned from. Pure.

The turn, size and place that bring the five marks nearest to their places, in least squares; OpenCV's own
recogniser does the same inside. For engines that take an aligned picture.
"""

from __future__ import annotations

import cv2
import numpy as np

from capture.face.ports import Face
from capture.imaging.picture import Pixels

SIDE = 112
"""Pixels of the square."""
_PLACES = (
    (38.2946, 51.6963),
    (73.5318, 51.5014),
    (56.0252, 71.7366),
    (41.5493, 92.3655),
    (70.7299, 92.2041),
)
"""Eyes, nose and corners of the mouth (Deng et al.: ArcFace, 2019), in pixels."""


def aligned(pixels: Pixels, face: Face) -> Pixels:
    """The face in its square; outside of the image it is black."""
    marks = (face.left_eye, face.right_eye, face.nose, face.mouth_left, face.mouth_right)
    rows = [row for p in marks for row in ((p.x, -p.y, 1.0, 0.0), (p.y, p.x, 0.0, 1.0))]
    wanted = np.array(_PLACES).ravel()
    a, b, across, down = np.linalg.lstsq(np.array(rows), wanted, rcond=None)[0]
    bring = np.array([[a, -b, across], [b, a, down]])
    return np.asarray(cv2.warpAffine(pixels, bring, (SIDE, SIDE)), np.uint8)
