"""The engines, loaded once."""

from __future__ import annotations

import pytest

from capture.face.reader import FaceReader
from capture.face.sface import SFace
from capture.face.yunet import YuNet


@pytest.fixture(scope="session")
def yunet() -> YuNet:
    """The default detector."""
    return YuNet()


@pytest.fixture(scope="session")
def sface() -> SFace:
    """The default embedder."""
    return SFace()


@pytest.fixture(scope="session")
def reader(yunet: YuNet, sface: SFace) -> FaceReader:
    """Both together."""
    return FaceReader(yunet, sface)
