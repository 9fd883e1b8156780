"""`certeza muestras`: drawn credentials in a folder, with the truth; what is refused and how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza


def order(*arguments: str) -> int:
    return screen.run(certeza, ["muestras", *arguments])


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("una", "otra")]
    for folder in folders:
        asked = ["--degradacion", "plana", "--degradacion", "cortada", "--modelo", "e"]
        assert order("--cuantas", "2", "--semilla", "s", "--salida", str(folder), *asked) == screen.OK
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders]
    assert names[0] == names[1]
    for name in names[0]:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    told = json.loads((folders[0] / "verdad.json").read_text())["muestras"]
    assert [t["lados"]["anverso"]["degradacion"] for t in told] == ["plana", "cortada"]
    files = {file for t in told for file in t["archivos"].values()}
    assert files | {"verdad.json"} == set(names[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--modelo", "A"], "no hay un modelo «A»"),
        (["--degradacion", "granizo"], "no hay una degradación «granizo»"),
        (["--falla", "ninguna"], "no hay una falla «ninguna»"),
        (["--falla", "curp-digito", "--modelo", "C"], "«curp-digito» se ve en los modelos D"),
    ],
)
def test_what_does_not_exist_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert order("--salida", str(tmp_path / "x"), *arguments) == screen.USAGE
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_folder_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mio").write_text("x")
    assert order("--salida", str(tmp_path)) == screen.REFUSED
    assert "no está vacía" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mio"]
