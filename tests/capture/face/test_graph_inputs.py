"""Cleaning SFace's file: one input, and the same answers in onnxruntime as in OpenCV."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.face import weights
from capture.face.errors import EngineRefusal
from capture.face.graph_inputs import only_input
from capture.face.ports import Face
from capture.face.sface import SFace, unit, yunet_row
from capture.face.yunet import YuNet
from tests.capture.face.scenes import photograph

_SQUARE = 112


def test_onnxruntime_runs_the_cleaned_file_and_agrees_with_opencv(yunet: YuNet, sface: SFace) -> None:
    ort = pytest.importorskip("onnxruntime", reason="AVISO: falta onnxruntime: SFace NO se comparó con él")
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = ort.InferenceSession(only_input(weights.load(weights.SFACE), "data"), options)
    assert [i.name for i in session.get_inputs()] == ["data"]
    pixels = photograph(0)
    face = yunet.faces(pixels)[0]
    square = _aligned(sface, pixels, face)
    answer = session.run(None, {"data": square[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)})[0]
    assert np.allclose(unit(answer.ravel()), sface.embed(pixels, face), atol=1e-4)


def _aligned(sface: SFace, pixels: np.ndarray, face: Face) -> np.ndarray:  # type: ignore[type-arg]
    square = sface._recogniser.alignCrop(pixels, yunet_row(face))
    assert square.shape == (_SQUARE, _SQUARE, 3)
    return np.asarray(square)


def test_cleaning_twice_changes_nothing_more() -> None:
    once = only_input(weights.load(weights.SFACE), "data")
    assert only_input(once, "data") == once


@given(st.binary(max_size=200))
def test_any_bytes_are_walked_or_refused(data: bytes) -> None:
    try:
        assert len(only_input(data, "data")) <= len(data) + 16
    except EngineRefusal as refused:
        assert refused.rule == "rostro.modelo"
