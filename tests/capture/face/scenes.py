"""Scenes with drawn heads: photographs, cards and videos. Nobody in them exists."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import cv2
import numpy as np

from capture.imaging.picture import Pixels
from tests.capture.face.head_features import HeadLook, invent_head
from tests.capture.face.heads import draw_head

PEOPLE = 6


@cache
def photograph(person: int, look: HeadLook | None = None) -> Pixels:
    """A photograph of the head of a number."""
    return draw_head(invent_head(Random(person)), look)


def card_front(person: int) -> Pixels:
    """Of the size of a rectified card: the photograph at the left and a small one at the right."""
    card = np.full((1000, 1586, 3), 225, np.uint8)
    picture = photograph(person, HeadLook(scale=0.36, background=(240.0, 240.0, 240.0)))
    card[300:700, 60:460] = cv2.resize(picture, (400, 400), interpolation=cv2.INTER_AREA)
    card[700:850, 1350:1500] = cv2.resize(picture, (150, 150), interpolation=cv2.INTER_AREA)
    return card


def turned_about(pixels: Pixels, degrees: float) -> Pixels:
    """The photograph, tilted."""
    side = pixels.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (side, side), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def flat_print(pixels: Pixels, degrees: float) -> Pixels:
    """A print of the photograph, turned about its upright axis in front of the camera."""
    side, angle = pixels.shape[0], np.radians(degrees)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64)
    near = 3.5 / (3.5 - corners[:, 0] * np.sin(angle))
    seen = np.stack([corners[:, 0] * np.cos(angle) * near, corners[:, 1] * near], 1)
    place = cv2.getPerspectiveTransform(
        np.asarray((corners + 1) * side / 2, np.float32), np.asarray((seen * 0.8 + 1) * side / 2, np.float32)
    )
    return np.asarray(cv2.warpPerspective(pixels, place, (side, side), borderValue=(90, 90, 90)), np.uint8)


def bent_print(pixels: Pixels, degrees: float, arc: float) -> Pixels:
    """A print that is rolled towards the camera, its width over `arc` radians, and then turned."""
    side, angle = pixels.shape[0], np.radians(degrees)
    along = np.linspace(-arc / 2, arc / 2, 400)
    x, z = np.sin(along) * 2 / arc, (np.cos(along) - 1) * 2 / arc
    across, depth = x * np.cos(angle) + z * np.sin(angle), z * np.cos(angle) - x * np.sin(angle)
    across = across * 3.5 / (3.5 - depth)
    faces_us = np.gradient(across) > 0
    columns = ((np.arange(side) + 0.5) / side * 2 - 1) / 0.8
    places = along[faces_us] / arc * side + side / 2
    from_x = np.interp(columns, across[faces_us], places, left=-1e4, right=-1e4).astype(np.float32)
    from_y = ((np.arange(side) - side / 2) / 0.8 + side / 2).astype(np.float32)
    where = np.tile(from_x, (side, 1)), np.tile(from_y[:, None], (1, side))
    return np.asarray(cv2.remap(pixels, *where, cv2.INTER_LINEAR, borderValue=(90, 90, 90)), np.uint8)


def webm(frames: Iterable[Pixels], a_second: float = 8.0) -> bytes:
    """A video of `frames`, as telephones send it."""
    pictures = list(frames)
    height, width = pictures[0].shape[:2]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.webm"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), a_second, (width, height))
        for picture in pictures:
            writer.write(picture)
        writer.release()
        return path.read_bytes()


def turning(person: int, yaws: Sequence[float], each: int = 4) -> list[Pixels]:
    """Frames of a head that turns through `yaws` (degrees, positive: to the right of the image)."""
    frames: list[Pixels] = []
    for yaw in yaws:
        frames += [photograph(person, HeadLook(yaw=yaw, side=240))] * each
    return frames
