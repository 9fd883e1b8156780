"""Which engine compares faces: chosen by a setting, refused kindly where it is not there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from api.reading import faces
from api.reading.settings import ReadingSettings
from api.settings import Settings
from api.worker.wiring import build_worker
from capture.face import deepface_files, weights
from capture.face.errors import EngineRefusal
from capture.reading.results import Band
from capture.reading.sandbox import process
from capture.reading.sandbox.pool import Pool, Program
from capture.reading.sandbox.reading import ReaderPool
from capture.specimens.records import Asked, DrawnRecord, draw_record
from keys.randomness import SeededRandomness

DEEPFACE = ReadingSettings(face_engine="deepface")


def test_by_default_nothing_of_deepface_is_asked_for(tmp_path: Path) -> None:
    assert faces.ready(ReadingSettings(), tmp_path) is None
    assert faces.ready(ReadingSettings(face_engine="deepface", engine="dispositivo"), tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without the package."""
    monkeypatch.setattr(deepface_files, "PACKAGES", ("deepface_que_no_esta",))


@pytest.mark.usefixtures("absent")
def test_without_the_package_no_worker_is_built(tmp_path: Path) -> None:
    with pytest.raises(EngineRefusal) as refused:
        build_worker(Settings(data=tmp_path, reading=DEEPFACE))
    assert refused.value.rule == "rostro.sin-deepface"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("absent")
def test_whoever_starts_the_worker_is_told_in_a_sentence_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTEZA_READING__FACE_ENGINE", "deepface")
    monkeypatch.setenv("CERTEZA_WORKER__NICENESS", "0")  # these tests stay as urgent as they were
    assert screen.run(certeza, ["worker"]) == screen.REFUSED
    told = " ".join(capsys.readouterr().err.split())
    assert "reading.face_engine pide «deepface», y por ahora no se puede usar" in told
    assert "falta el paquete deepface_que_no_esta" in told and "pip install --no-deps deepface" in told
    assert "Traceback" not in told


def test_absent_and_changed_weights_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepface_files, "PACKAGES", ())
    monkeypatch.setattr(weights, "CARRIER", "paquete-que-no-esta")
    with pytest.raises(EngineRefusal) as refused:
        faces.ready(DEEPFACE, tmp_path)
    assert "no están los pesos de SFace" in faces.explained(refused.value)
    changed = weights.Weights(weights.SFACE.name, "0" * 64)
    monkeypatch.undo()
    monkeypatch.setattr(deepface_files, "PACKAGES", ())
    monkeypatch.setattr(weights, "SFACE", changed)
    with pytest.raises(EngineRefusal) as refused:
        faces.ready(DEEPFACE, tmp_path)
    assert "no son los que se revisaron" in faces.explained(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_the_weights_are_placed_once_and_for_the_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deepface_files, "PACKAGES", ())
    home = faces.ready(DEEPFACE, tmp_path)
    assert home == tmp_path / "deepface"
    (file,) = (one for one in home.rglob("*") if one.is_file())
    assert file.stat().st_mode & 0o077 == 0
    before = file.stat().st_mtime_ns, file.stat().st_ino
    assert faces.ready(DEEPFACE, tmp_path) == home
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


@pytest.fixture(scope="module")
def drawn() -> DrawnRecord:
    """Of an invented person."""
    return draw_record(SeededRandomness("rostros"), Asked("G", "mesa", "mesa"))


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderPool]:
    """A confined reader with deepface; skipped where it is not installed."""
    try:
        home = faces.ready(DEEPFACE, tmp_path)
    except EngineRefusal as refused:
        pytest.skip(f"AVISO: deepface no se prueba como motor elegido: {refused}")
    real = process.environment()
    # The package may lie beside the installation, where a confined process does not look by itself.
    reachable = os.pathsep.join([real["PYTHONPATH"], *filter(None, sys.path)])
    monkeypatch.setattr(process, "environment", lambda: {**real, "PYTHONPATH": reachable})
    given = ReadingSettings(face_engine="deepface", seconds=900, cpu_seconds=60, start_seconds=900)
    told = faces.told(given, home).encode()
    pool = Pool(Program("capture.reading.sandbox", (told,), given.limits), 1, lambda *_: None)
    yield ReaderPool(pool)
    pool.close()


@pytest.mark.slow
@pytest.mark.req("APO-15")
def test_deepface_compares_faces_in_the_confined_reader(chosen: ReaderPool, drawn: DrawnRecord) -> None:
    answer = chosen.read(drawn.images, "G")
    assert answer.unread is None
    assert answer.reading.engines["deepface"] and "falla.rostro" not in answer.reading.engines
    assert answer.reading.face.band is Band.SAME and len(answer.reading.face.embedding or b"") == 512
