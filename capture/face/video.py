"""The frames of a short WebM, within limits. FFmpeg, as OpenCV brings it, reads from memory: no file, no
address.

FFmpeg is a large decoder of what strangers send: it runs in the sandboxed worker only, with its limits of
time and memory.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from capture.face.errors import VideoRefusal
from capture.imaging.picture import Pixels

_EBML = bytes.fromhex("1a45dfa3")
_DOCTYPE = b"\x42\x82"
_HEADER_BYTES = 64


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """Checked before and while the video is decoded."""

    file_bytes: int = 4 * 1024 * 1024
    """Bytes of the file: a whole sealed body is no larger (`CaptureLimits.body_bytes`)."""
    side: int = 1920
    """Pixels of the longer side."""
    seconds: float = 30.0
    frames: int = 1800
    """Frames that are decoded: 60 a second for 30 seconds."""
    a_second: float = 8.0
    """Frames that are looked at, of each second."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`at`: seconds from the beginning."""

    at: float
    pixels: Pixels


def frames_of(data: bytes, limits: VideoLimits, place: str) -> Iterator[Frame]:
    """Frames about `a_second` apart, in order.

    Raises VideoRefusal before the first frame for what is no WebM or too large, and at the frame that goes
    over a limit.
    """
    _require_webm(data, limits, place)
    with _opened(data, place) as source:
        _require_size(source, limits, place)
        following = 0.0
        for index in range(limits.frames):
            if not source.grab():
                _require(index > 0, "video.vacio", place, "un video con cuadros", "ninguno")
                return
            at = _instant(source, limits, place)
            if at + 1e-6 >= following:
                yield Frame(at, _retrieved(source, limits, place))
                following = max(following + 1 / limits.a_second, at)
        _require(not source.grab(), "video.cuadros", place, f"a lo más {limits.frames} cuadros", "más")


def _require_webm(data: bytes, limits: VideoLimits, place: str) -> None:
    expected = f"a lo más {limits.file_bytes} bytes"
    _require(len(data) <= limits.file_bytes, "video.tamano", place, expected, f"{len(data)} bytes")
    at = data.find(_DOCTYPE, 4, _HEADER_BYTES)
    webm = data.startswith(_EBML) and at > 0 and data[at + 2 : at + 7] == b"\x84webm"
    _require(webm, "video.formato", place, "un video WebM", "otro contenido")


@contextmanager
def _opened(data: bytes, place: str) -> Iterator[cv2.VideoCapture]:
    try:
        # OpenCV takes any buffered stream; its annotations name its own class only.
        stream = cast(cv2.IStreamReader, io.BytesIO(data))
        source = cv2.VideoCapture(stream, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    except cv2.error as error:
        raise VideoRefusal("video.formato", place, "un video WebM", "no se puede abrir") from error
    try:
        _require(source.isOpened(), "video.formato", place, "un video WebM", "no se puede abrir")
        yield source
    finally:
        source.release()


def _require_size(source: cv2.VideoCapture, limits: VideoLimits, place: str) -> None:
    sides = (source.get(cv2.CAP_PROP_FRAME_WIDTH), source.get(cv2.CAP_PROP_FRAME_HEIGHT))
    fits = min(sides) >= 1 and max(sides) <= limits.side
    found = f"{sides[0]:.0f} × {sides[1]:.0f}"
    _require(fits, "video.medidas", place, f"a lo más {limits.side} pixeles por lado", found)


def _instant(source: cv2.VideoCapture, limits: VideoLimits, place: str) -> float:
    at = source.get(cv2.CAP_PROP_POS_MSEC) / 1000
    fits = math.isfinite(at) and 0 <= at <= limits.seconds
    _require(fits, "video.duracion", place, f"a lo más {limits.seconds:.0f} segundos", f"{at:.1f}")
    return at


def _retrieved(source: cv2.VideoCapture, limits: VideoLimits, place: str) -> Pixels:
    whole, image = source.retrieve()
    _require(whole and image is not None, "video.cuadro", place, "un cuadro completo", "uno roto")
    pixels = np.asarray(image, np.uint8)
    fits = pixels.ndim == 3 and pixels.shape[2] == 3 and max(pixels.shape[:2]) <= limits.side
    _require(fits, "video.medidas", place, f"a lo más {limits.side} pixeles por lado", "un cuadro mayor")
    return pixels


def _require(holds: bool, rule: str, place: str, expected: str, got: str) -> None:
    if not holds:
        raise VideoRefusal(rule, place, expected, got)
