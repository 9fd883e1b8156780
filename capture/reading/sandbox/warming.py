"""A record of nothing but print, with which the engines are tried before they are confined for good."""

from __future__ import annotations

from base64 import b64decode

import cv2
import numpy as np

from capture.packet.record import IMAGES, STROKES, VIDEO

_PLAIN_VIDEO = (
    "GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQJChYECGFOAZwEAAAAAAAHyEU2bdLpNu4tTq4QVSalmU6yBoU27i1Or"
    "hBZUrmtTrIHYTbuMU6uEElTDZ1OsggEbTbuMU6uEHFO7a1OsggHc7AEAAAAAAABZAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmsirX"
    "sYMPQkBNgI1MYXZmNjIuMTIuMTAyV0GNTGF2ZjYyLjEyLjEwMkSJiEB3cAAAAAAAFlSua76uAQAAAAAAADXXgQFzxYhyngIa"
    "mDE5Z5yBACK1nIN1bmSIgQCGhVZfVlA4g4EBI+ODhAdzWUDghrCBQLqBQBJUw2fYc3OgY8CAZ8iaRaOHRU5DT0RFUkSHjUxh"
    "dmY2Mi4xMi4xMDJzc7JjwItjxYhyngIamDE5Z2fIoUWjiERVUkFUSU9ORIeTMDA6MDA6MDAuMzc1MDAwMDAwAB9DtnXf54EA"
    "o6qBAACAEAMAnQEqQABAAABHCIWFiIWEiAGiEAAzgmaYwC4Y6QkoAP7D4ACjloEAfQDRAQABEA0QAMAAwsF/oABEdACjloEA"
    "+gDRAQABEA0QAMAAwsF/oABEdAAcU7trkbuPs4EAt4r3gQHxggF48IED"
)
"""Three grey frames of 64 × 64 as VP8 in a WebM, in base64: a confined process cannot write one itself."""
_SIZE = (640, 1014)
"""Pixels; the ratio of a card, so that it is taken for one and looked through."""
_LINE = b'{"trazos":[[[0,0,0,500],[5000,900,300,500]]],"version":1}'


def plain_record() -> dict[str, bytes]:
    """Front, back and live photograph as JPEG, signature as PNG and as strokes, by name."""
    picture = np.full((*_SIZE, 3), 235, np.uint8)
    for row in range(100, 600, 100):
        cv2.putText(picture, "CREDENCIAL PARA VOTAR", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 2, (40, 40, 40), 4)
    return {**{name: _encoded(name[-4:], picture) for name in IMAGES}, STROKES: _LINE}


def plain_video() -> dict[str, bytes]:
    """A video in which there is nobody, by its name."""
    return {VIDEO: b64decode(_PLAIN_VIDEO)}


def _encoded(kind: str, picture: np.ndarray) -> bytes:
    made, data = cv2.imencode(kind, picture)
    if not made:
        raise ImportError("cv2 no escribe imágenes")
    return bytes(data)
