"""SFace as `deepface` runs it: an optional embedder, for institutes that work with that package.

deepface (MIT) brings no weights: it downloads them at first use. Here the examined bytes are put where it
looks before it is imported, so that it has nothing to download; models whose weights may not be used
commercially (VGG-Face, its default) are not offered. It sees neither nose nor mouth, so YuNet keeps
detecting. The choice: docs/adr/0004-deepface.md.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from capture.face.aligning import aligned
from capture.face.deepface_files import missing, place
from capture.face.ports import Embedding, Face
from capture.face.sface import unit
from capture.imaging.picture import Pixels

_MODEL = "SFace"
SETTINGS = {
    "DEEPFACE_BACKEND_ENGINE": "onnx",
    "DEEPFACE_ONNX_PROVIDERS": "cpu",
    "DEEPFACE_LOG_LEVEL": "40",  # errors only: the rest is printed on standard output
}
"""Variables of the process that deepface reads, besides $DEEPFACE_HOME."""


class DeepFaceEmbedder:
    """An `Embedder`. Not for several threads at once."""

    def __init__(self, home: Path, folder: Path | None = None) -> None:
        """`home`: a folder of this service alone, for deepface's files; `folder`: as in `weights.load`.

        Sets $DEEPFACE_HOME and others of deepface's variables of this process, as it has no other way.
        Raises EngineRefusal where deepface or the weights are not there.
        """
        file = place(home, folder)
        os.environ.update(SETTINGS, DEEPFACE_HOME=str(home))
        package = _imported()
        self._version = str(package.__version__)
        self._model = package.build_model(_MODEL)
        self._model.model = _one_thread(file)

    @property
    def engine(self) -> str:
        """See `Embedder`."""
        return f"SFace 2021dec int8, deepface {self._version}"

    def embed(self, pixels: Pixels, face: Face) -> Embedding:
        """See `Embedder`."""
        # deepface takes shares of 255 and cuts off what is over a whole tone: half a tone more survives that.
        shares = (aligned(pixels, face).astype(np.float64) + 0.5) / 255
        return unit(np.asarray(self._model.forward(shares), np.float32))


def _imported() -> Any:
    try:
        return import_module("deepface.DeepFace")
    except ImportError as error:
        raise missing(error.name) from error


def _one_thread(file: Path) -> Any:
    """deepface's own session takes all cores and has no setting for it."""
    runtime = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
