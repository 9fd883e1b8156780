"""Photographs with a clear licence that an installed package ships: none is in this project.

scikit-image ships `astronaut.png`: Eileen Collins, by NASA, in the public domain.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import cv2
import numpy as np

from capture.imaging.picture import Pixels

_SHIPPED = {"astronaut": ("scikit-image", "skimage/data/astronaut.png", (0, 300, 90, 330))}
"""Package, file, and rows and columns of head and shoulders."""


def shipped_photographs() -> dict[str, Pixels]:
    """Head and shoulders by name; empty where no such package is installed. Read, never imported."""
    found = {}
    for name, (package, file, (top, bottom, left, right)) in _SHIPPED.items():
        if (path := _file_of(package, file)) is not None:
            pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if pixels is not None:
                found[name] = np.ascontiguousarray(pixels[top:bottom, left:right], dtype=np.uint8)
    return found


def _file_of(package: str, file: str) -> Path | None:
    try:
        path = Path(str(metadata.distribution(package).locate_file(file)))
    except metadata.PackageNotFoundError:
        return None
    return path if path.is_file() else None
