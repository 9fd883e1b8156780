"""The figures about faces: the equal error, and a folder of an institute's own photographs."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from tests.capture.face.head_features import HeadLook
from tests.capture.face.scenes import photograph
from tools.bench.reading_faces import equal_error, rows_of_folder


@pytest.mark.parametrize(
    ("same", "other", "error"),
    [
        ([0.8, 0.9], [0.1, 0.2], 0.0),
        ([0.1, 0.9], [0.2, 0.05], 0.5),
        ([0.5, 0.6, 0.7, 0.2], [0.1, 0.1, 0.3, 0.1], 0.25),
        ([0.1], [0.9], 1.0),
    ],
)
def test_equal_error(same: list[float], other: list[float], error: float) -> None:
    assert equal_error(same, other) == pytest.approx(error)


def test_folder_of_photographs_is_compared_by_its_names(tmp_path: Path) -> None:
    for person in (0, 1):
        (tmp_path / str(person)).mkdir()
        for number, look in enumerate((HeadLook(), HeadLook(yaw=6, roll=4))):
            cv2.imwrite(str(tmp_path / str(person) / f"{number}.png"), photograph(person, look))
    (tmp_path / "0" / "notas.txt").write_text("no es una imagen")
    (what, how_many, _), (engine, error, pairs), *_ = rows_of_folder(tmp_path)
    assert (what, how_many) == ("photographs with a face in 2 folders", "4")
    assert engine.startswith("SFace")
    assert error == "equal error 0.0%"
    assert pairs.endswith("2 and 4 pairs")
