"""Quadrilaterals in a photograph: from silhouettes against the background, and from straight lines.

A finger over an edge breaks the silhouette, a pattern on the table breaks the lines: both are asked.
Corners are float32, 4 × 2 (x, y), clockwise from the upper left of a card that lies on its long side.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey, Pixels

Corners = NDArray[np.float32]
Lines = NDArray[np.float64]
"""n × 3: a·x + b·y = c, with (a, b) of length 1."""
_MOST_LINES = 11  # of each direction
_SHORTEST = 0.07  # of the longer side of the picture


def ordered(corners: Any) -> Corners:
    """Clockwise, a long side first, beginning at the upper of the two left corners that this leaves."""
    points = np.asarray(corners, np.float64).reshape(4, 2)
    centre = points.mean(axis=0)
    points = points[np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))]
    sides = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
    first = 0 if sides[0] + sides[2] >= sides[1] + sides[3] else 1
    begins = min((first, (first + 2) % 4), key=lambda i: points[i] @ (1.0, 1.0))
    return np.roll(points, -begins, axis=0).astype(np.float32)


def silhouettes(lab: Pixels) -> Iterator[Corners]:
    """What stands out from the colour of the picture's margin, and what its edges enclose."""
    kernel = np.ones((5, 5), np.uint8)
    for mask in _masks(lab):
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel, iterations=2)
        contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:3]:
            yield from _quads_of(contour, mask.size)


def _masks(lab: Pixels) -> Iterator[Grey]:
    height, width = lab.shape[:2]
    rim = max(3, min(height, width) // 40)
    rims = (lab[:rim], lab[-rim:], lab[:, :rim], lab[:, -rim:])
    margin = np.concatenate([part.reshape(-1, 3) for part in rims]).astype(np.float32)
    background = np.median(margin, axis=0)
    spread = np.percentile(np.abs(margin - background), 75, axis=0) + 4
    away = np.minimum(np.abs(lab.astype(np.float32) - background) / spread * 24, 255).max(axis=2)
    light = cv2.GaussianBlur(lab[:, :, 0], (5, 5), 0)
    for grey in (cv2.GaussianBlur(away.astype(np.uint8), (5, 5), 0), light):
        split = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
        yield np.asarray(split, np.uint8)
    lines = cv2.Canny(light, 12, 36)
    yield np.asarray(cv2.dilate(lines, np.ones((3, 3), np.uint8)), np.uint8)


def _quads_of(contour: NDArray[Any], area: int) -> Iterator[Corners]:
    hull = cv2.convexHull(contour)
    if cv2.contourArea(hull) < 0.04 * area:
        return
    around = cv2.arcLength(hull, closed=True)
    for share in (0.02, 0.04, 0.07):
        polygon = cv2.approxPolyDP(hull, share * around, closed=True)
        if len(polygon) == 4:
            yield ordered(polygon)
            break
    yield ordered(cv2.boxPoints(cv2.minAreaRect(hull)))


def from_lines(light: Grey) -> NDArray[np.float32]:
    """n × 4 × 2: what two lines of one direction and two across it enclose, in the picture or just out."""
    lines, lengths = _straight(light)
    if len(lines) < 4:
        return np.empty((0, 4, 2), np.float32)
    angles = np.arctan2(lines[:, 1], lines[:, 0]) % np.pi
    main = _main_direction(angles, lengths)
    across = np.abs(np.sin(angles - main))
    one, other = lines[across < 0.42], lines[across > 0.91]  # 25 degrees about each direction
    weights = lengths[across < 0.42], lengths[across > 0.91]
    one, other = _strongest(one, weights[0]), _strongest(other, weights[1])
    return _enclosed(one, other, light.shape)


def _straight(light: Grey) -> tuple[Lines, NDArray[np.float64]]:
    """Lines and the pixels of the segments that support them."""
    found = cv2.createLineSegmentDetector().detect(light)[0]
    if found is None:
        return np.empty((0, 3)), np.empty(0)
    ends = np.asarray(found, np.float64).reshape(-1, 4)
    steps = ends[:, 2:] - ends[:, :2]
    lengths = np.linalg.norm(steps, axis=1)
    long = lengths > _SHORTEST * max(light.shape)
    ends, steps, lengths = ends[long], steps[long], lengths[long]
    normals = np.stack([-steps[:, 1], steps[:, 0]], axis=1) / np.maximum(lengths, 1e-9)[:, None]
    return np.column_stack([normals, (normals * ends[:, :2]).sum(axis=1)]), lengths


def _main_direction(angles: NDArray[np.float64], lengths: NDArray[np.float64]) -> float:
    """The direction that, with the one across it, most of the length has."""
    bins = np.bincount((angles % (np.pi / 2) / (np.pi / 2) * 36).astype(int) % 36, lengths, 36)
    smooth = bins + np.roll(bins, 1) + np.roll(bins, -1)
    return float((np.argmax(smooth) + 0.5) * np.pi / 72)


def _strongest(lines: Lines, lengths: NDArray[np.float64]) -> Lines:
    """Nearly equal lines count as one; those with most length."""
    kept: list[NDArray[np.float64]] = []
    weights: list[float] = []
    for index in np.argsort(-lengths):
        line = lines[index]
        for place, other in enumerate(kept):
            same = float(np.sign(line[:2] @ other[:2]))
            if abs(line[:2] @ other[:2]) > 0.9985 and abs(same * line[2] - other[2]) < 6:
                weights[place] += lengths[index]
                break
        else:
            kept.append(line)
            weights.append(float(lengths[index]))
    best = np.argsort(-np.asarray(weights))[:_MOST_LINES]
    return np.asarray(kept).reshape(-1, 3)[best]


def _enclosed(one: Lines, other: Lines, shape: tuple[int, ...]) -> NDArray[np.float32]:
    quads = [
        [crossing(a, c), crossing(b, c), crossing(b, d), crossing(a, d)]
        for a, b in combinations(one, 2)
        for c, d in combinations(other, 2)
    ]
    found = np.asarray(quads, np.float32).reshape(-1, 4, 2)
    height, width = shape
    reach = 0.25 * max(height, width)
    within = (found > -reach).all(axis=(1, 2)) & (found < (width + reach, height + reach)).all(axis=(1, 2))
    return found[within]


def crossing(one: NDArray[Any], other: NDArray[Any]) -> tuple[float, float]:
    """The point of two lines; far away where they are parallel."""
    determinant = one[0] * other[1] - one[1] * other[0]
    if abs(determinant) < 1e-6:
        return 1e6, 1e6
    x = (one[2] * other[1] - one[1] * other[2]) / determinant
    y = (one[0] * other[2] - one[2] * other[0]) / determinant
    return float(x), float(y)
