"""deepface behind the port, where it is installed; elsewhere these tests say what is missing."""

from __future__ import annotations

import hashlib
import socket
import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from capture.face.comparing import similarity
from capture.face.deepface_engine import SETTINGS, DeepFaceEmbedder
from capture.face.errors import EngineRefusal
from capture.face.reader import FaceReader
from capture.face.sface import SFace
from capture.face.yunet import YuNet
from capture.reading.results import Band
from tests.capture.face.head_features import HeadLook
from tests.capture.face.scenes import PEOPLE, card_front, photograph, turned_about

WEIGHTS = ".deepface/weights/face_recognition_sface_2021dec.onnx"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where deepface keeps its files."""
    return tmp_path_factory.mktemp("rostros")


@pytest.fixture(scope="session")
def deepface(home: Path) -> DeepFaceEmbedder:
    """The engine, loaded where nothing can be fetched."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DEEPFACE_HOME", *SETTINGS):
            patch.setenv(name, "")  # given back as it was afterwards
        patch.setattr(socket.socket, "connect", _no_network)
        try:
            return DeepFaceEmbedder(home)
        except EngineRefusal as refused:
            pytest.skip(f"AVISO: deepface no se prueba: {refused}")


def _no_network(*_: object) -> None:
    raise AssertionError("an engine wants the network")


@pytest.mark.parametrize("degrees", [0, 17])
@pytest.mark.parametrize("person", range(PEOPLE))
def test_vectors_are_those_of_the_default_engine(
    deepface: DeepFaceEmbedder, yunet: YuNet, sface: SFace, person: int, degrees: float
) -> None:
    pixels = turned_about(photograph(person), degrees)
    face = yunet.faces(pixels)[0]
    once, again = deepface.embed(pixels, face), deepface.embed(pixels, face)
    assert once.tobytes() == again.tobytes()
    assert float(np.linalg.norm(once)) == pytest.approx(1, abs=1e-5)
    assert similarity(once, sface.embed(pixels, face)) > 0.99


def test_it_takes_the_place_of_the_default_engine(deepface: DeepFaceEmbedder, yunet: YuNet) -> None:
    reader = FaceReader(yunet, deepface)
    reading = reader.read(photograph(0, HeadLook(yaw=4)), card_front(0))
    assert reading.band is Band.SAME
    assert reader.engines[1].startswith("SFace 2021dec int8, deepface ")


def test_what_lay_in_the_place_of_the_weights_is_replaced(
    deepface: DeepFaceEmbedder, home: Path, yunet: YuNet
) -> None:
    file = home / WEIGHTS
    good = hashlib.sha256(file.read_bytes()).digest()
    file.write_bytes(b"<html>404</html>")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DEEPFACE_HOME", *SETTINGS):
            patch.setenv(name, "")
        again = DeepFaceEmbedder(home)
    assert hashlib.sha256(file.read_bytes()).digest() == good
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    face = yunet.faces(photograph(0))[0]
    assert again.embed(photograph(0), face).tobytes() == deepface.embed(photograph(0), face).tobytes()


def test_absent_deepface_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "deepface", None)
    monkeypatch.setitem(sys.modules, "deepface.DeepFace", None)
    for name in ("DEEPFACE_HOME", *SETTINGS):
        monkeypatch.setenv(name, "")
    with pytest.raises(EngineRefusal, match="falta el paquete deepface") as refused:
        DeepFaceEmbedder(tmp_path)
    assert refused.value.rule == "rostro.sin-deepface"
    assert (tmp_path / WEIGHTS).is_file()


def test_absent_weights_are_refused_before_anything_is_imported(tmp_path: Path) -> None:
    with pytest.raises(EngineRefusal, match=r"rostro\.sin-pesos"):
        DeepFaceEmbedder(tmp_path / "casa", tmp_path)
    assert not (tmp_path / "casa").exists()
