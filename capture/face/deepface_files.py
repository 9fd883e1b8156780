"""What `deepface` needs before it is loaded: its packages, and the examined weights where it looks for them.

Whoever starts confined readers does this: they write no file themselves. Nothing here imports an engine.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from capture.face import weights
from capture.face.errors import EngineRefusal
from capture.face.graph_inputs import only_input
from keys import atomic_file

PACKAGES = ("deepface", "gdown", "requests", "tqdm")
"""What it imports beside what every reader has."""
_FILE = ".deepface/weights/face_recognition_sface_2021dec.onnx"
_PLACE = "motor deepface"


def require_packages() -> None:
    """Raises EngineRefusal (rostro.sin-deepface) naming the first one that is not installed."""
    for name in PACKAGES:
        if find_spec(name) is None:
            raise missing(name)


def missing(name: str | None) -> EngineRefusal:
    """That a package is not there."""
    return EngineRefusal("rostro.sin-deepface", _PLACE, "deepface instalado", f"falta el paquete {name}")


def place(home: Path, folder: Path | None = None) -> Path:
    """The weights under `home`, a folder of this service alone; what lies there instead is replaced.

    `folder`: as in `weights.load`. Raises EngineRefusal, OSError.
    """
    model, file = only_input(weights.load(weights.SFACE, folder), weights.INPUT), home / _FILE
    if file.is_file() and file.read_bytes() == model:
        return file
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic_file.replace(file, model, atomic_file.PRIVATE)
    return file
