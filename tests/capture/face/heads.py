"""Heads of people who do not exist, drawn so that detectors of faces find them, turned as one likes.

A light model of a head, not a portrait: good to test where a face is, how it is turned, what covers it and
whether two pictures show the same drawing. Two of them look more alike to a recogniser of faces than two
persons do, so nothing about accuracy follows from them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.capture.face.head_features import HeadFeatures, HeadLook
from tests.capture.face.head_paint import Colours, dressed, painted, with_hair
from tests.capture.face.head_surface import Surface, oval, surface_of

Image = NDArray[np.uint8]
_CAMERA = 3.5  # distance, in half heights of a head
_DENSITY = 6.0  # samples from below to above the head, for each pixel of half its height
_AMBIENT, _DIRECT = 0.55, 0.5


def draw_head(features: HeadFeatures, look: HeadLook | None = None) -> Image:
    """A photograph: `side` × `side` × 3, blue, green, red. The same arguments, the same bytes."""
    look = look or HeadLook()
    bald = surface_of(features, samples=round(_DENSITY * look.side * look.scale))
    colours, surface = with_hair(painted(features, bald), features, bald)
    colours = dressed(colours, features, bald, look)
    turn = _turning(look)
    points = np.stack([surface.x, surface.y, surface.z], -1)
    normals = _normals(points, surface) @ turn.T
    image = _behind(features, look)
    _splat(image, points @ turn.T, normals, _lit(colours, normals, look), look)
    return np.asarray(cv2.GaussianBlur(np.clip(image, 0, 255).astype(np.uint8), (0, 0), 0.8), dtype=np.uint8)


def _turning(look: HeadLook) -> NDArray[np.float64]:
    yaw, pitch, roll = np.radians([look.yaw, look.pitch, look.roll])
    around_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    around_x = [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    around_z = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    return np.array(around_z) @ np.array(around_x) @ np.array(around_y)


def _normals(points: NDArray[np.float64], surface: Surface) -> NDArray[np.float64]:
    """Outward, of length 1."""
    normals = np.cross(np.gradient(points, axis=1), np.gradient(points, axis=0))
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True) + 1e-12
    outward = (normals * points).sum(-1, keepdims=True) >= 0
    return np.asarray(np.where(outward, normals, -normals))


def _lit(colours: Colours, normals: NDArray[np.float64], look: HeadLook) -> Colours:
    light = np.array(look.light) / np.linalg.norm(look.light)
    return np.asarray(colours * (_AMBIENT + _DIRECT * np.clip(normals @ light, 0, 1))[..., None])


def _behind(features: HeadFeatures, look: HeadLook) -> NDArray[np.float64]:
    """Background, neck and shoulders."""
    image = np.empty((look.side, look.side, 3))
    image[:] = look.background
    rows, columns = np.mgrid[0 : look.side, 0 : look.side] / look.side
    x, y = (columns - look.centre[0]) / look.scale, (rows - look.centre[1]) / look.scale
    image[(np.abs(x) < features.half_width * 0.55) & (y > 0.5)] = np.asarray(features.skin) * 0.72
    image[oval(x, y, (0, 2.3), (1.9, 1.15), 0.01) > 0.5] = look.clothes
    return image


def _splat(
    image: NDArray[np.float64],
    points: NDArray[np.float64],
    normals: NDArray[np.float64],
    colours: Colours,
    look: HeadLook,
) -> None:
    """The nearest sample wins: painted from the back to the front."""
    seen = normals[..., 2] > -0.05
    points, colours = points[seen], colours[seen]
    order = np.argsort(points[:, 2], kind="stable")
    nearer = _CAMERA / (_CAMERA - points[order, 2])
    across = np.rint((look.centre[0] + look.scale * points[order, 0] * nearer) * look.side).astype(int)
    down = np.rint((look.centre[1] + look.scale * points[order, 1] * nearer) * look.side).astype(int)
    within = (across >= 0) & (across < look.side) & (down >= 0) & (down < look.side)
    image[down[within], across[within]] = colours[order][within]
