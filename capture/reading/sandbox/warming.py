"""A record of nothing but print, with which the engines are tried before they are confined for good."""

from __future__ import annotations

import cv2
import numpy as np

from capture.packet.record import IMAGES, STROKES

_SIZE = (640, 1014)
"""Pixels; the ratio of a card, so that it is taken for one and looked through."""
_LINE = b'{"trazos":[[[0,0,0,500],[5000,900,300,500]]],"version":1}'


def plain_record() -> dict[str, bytes]:
    """Front, back and live photograph as JPEG, signature as PNG and as strokes, by name."""
    picture = np.full((*_SIZE, 3), 235, np.uint8)
    for row in range(100, 600, 100):
        cv2.putText(picture, "CREDENCIAL PARA VOTAR", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 2, (40, 40, 40), 4)
    return {**{name: _encoded(name[-4:], picture) for name in IMAGES}, STROKES: _LINE}


def _encoded(kind: str, picture: np.ndarray) -> bytes:
    made, data = cv2.imencode(kind, picture)
    if not made:
        raise ImportError("cv2 no escribe imágenes")
    return bytes(data)
