"""Quadrilaterals in a photograph: from silhouettes against the background, and from straight lines.

A finger over an edge breaks the silhouette, a pattern on the table breaks the lines: both are asked.
Corners are float32, 4 × 2 (x, y), clockwise from the upper left of a card that lies on its long side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.imaging.picture import Grey, Pixels

Corners = NDArray[np.float32]
Lines = NDArray[np.float64]
"""n × 3: a·x + b·y = c, with (a, b) of length 1."""
_MOST_LINES = 14  # of each direction
_SHORTEST = 0.07  # of the longer side of the picture


def ordered(corners: Any) -> Corners:
    """Clockwise, a long side first, beginning at the upper of the two left corners that this leaves."""
    return np.asarray(ordered_all(np.asarray(corners, np.float32).reshape(1, 4, 2))[0], np.float32)


def ordered_all(candidates: NDArray[np.float32]) -> NDArray[np.float32]:
    """`ordered` for n × 4 × 2."""
    turns = candidates - candidates.mean(axis=1, keepdims=True)
    around = np.argsort(np.arctan2(turns[..., 1], turns[..., 0]), axis=1)
    points = np.take_along_axis(candidates, around[..., None], axis=1)
    sides = np.linalg.norm(np.roll(points, -1, axis=1) - points, axis=2)
    first = np.where(sides[:, 0] + sides[:, 2] >= sides[:, 1] + sides[:, 3], 0, 1)
    rows = np.arange(len(points))
    sums = points.sum(axis=2)
    begins = np.where(sums[rows, first] <= sums[rows, first + 2], first, first + 2)
    return np.take_along_axis(points, ((begins[:, None] + np.arange(4)) % 4)[..., None], axis=1)


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
    """n × 4 × 2: what two lines of one direction and two across it enclose, in the picture or just out.

    The borders of the picture count as lines: a card may go over them.
    """
    lines, lengths = _straight(light)
    if len(lines) < 3:
        return np.empty((0, 4, 2), np.float32)
    main = _main_direction(np.arctan2(lines[:, 1], lines[:, 0]) % np.pi, lengths)
    groups = []
    for direction in (main, main + np.pi / 2):
        with_it = _along(lines, direction)
        borders = _borders(light.shape)
        groups.append(
            np.concatenate(
                [_strongest(lines[with_it], lengths[with_it]), borders[_along(borders, direction)]]
            )
        )
    return _enclosed(groups[0], groups[1], light.shape)


def _along(lines: Lines, direction: float) -> NDArray[np.bool_]:
    """Whose normal is within 25 degrees of a direction."""
    return np.asarray(np.abs(np.sin(np.arctan2(lines[:, 1], lines[:, 0]) - direction)) < 0.42)


def _borders(shape: tuple[int, ...]) -> Lines:
    height, width = shape
    return np.array([(1, 0, 0), (1, 0, width), (0, 1, 0), (0, 1, height)], np.float64)


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
    """Corners of each pair of `one` with each pair of `other`."""
    if len(one) < 2 or len(other) < 2:
        return np.empty((0, 4, 2), np.float32)
    points = _crossings(one, other)
    a, b = (axis.repeat(len(other) * (len(other) - 1) // 2) for axis in np.triu_indices(len(one), 1))
    pairs = len(one) * (len(one) - 1) // 2
    c, d = (np.tile(axis, pairs) for axis in np.triu_indices(len(other), 1))
    found = np.stack([points[a, c], points[b, c], points[b, d], points[a, d]], axis=1)
    height, width = shape
    reach = 0.25 * max(height, width)
    within = (found > -reach).all(axis=(1, 2)) & (found < (width + reach, height + reach)).all(axis=(1, 2))
    return found[within].astype(np.float32)


def _crossings(one: Lines, other: Lines) -> NDArray[np.float64]:
    """len(one) × len(other) × 2; far away where two are parallel."""
    a, b = one[:, None], other[None]
    determinant = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    x = a[..., 2] * b[..., 1] - a[..., 1] * b[..., 2]
    y = a[..., 0] * b[..., 2] - a[..., 2] * b[..., 0]
    parallel = np.abs(determinant) < 1e-6
    points = np.stack([x, y], axis=2) / np.where(parallel, 1, determinant)[..., None]
    return np.asarray(np.where(parallel[..., None], 1e6, points))


def crossing(one: NDArray[Any], other: NDArray[Any]) -> tuple[float, float]:
    """The point of two lines; far away where they are parallel."""
    x, y = _crossings(one[None], other[None])[0, 0]
    return float(x), float(y)
