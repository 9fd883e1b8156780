"""The edge of the command line: terminals with other alphabets, readers that go away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def program(*words: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli.main", *map(str, words)],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("alphabet", ["ascii", "latin-1"])
def test_an_alphabet_without_our_signs_is_no_failure(tmp_path: Path, alphabet: str) -> None:
    folder = tmp_path / "ceremonia"
    orders = (
        ("ceremonia", "iniciar", "--custodios", 3, "--umbral", 2, "--salida", folder),
        ("ceremonia", "estado", folder),
        ("ceremonia", "acta", folder),
        ("--help",),
    )
    for words in orders:
        done = program(*words, PYTHONIOENCODING=alphabet)
        assert done.returncode == 0, done.stderr
        assert done.stdout
    refused = program("ceremonia", "estado", tmp_path / "ñ", PYTHONIOENCODING=alphabet)
    assert refused.returncode == 1
    assert b"ceremonia.carpeta.falta" in refused.stderr


def test_a_catalogue_with_brackets_is_not_read_as_markup(tmp_path: Path) -> None:
    catalogue = tmp_path / "c.csv"
    catalogue.write_text("clave,demarcacion,nombre,poblacion,proyecto\n1,[/D],N,0,P\n", "utf-8")
    done = program("demo", "--catalogo", catalogue, "--salida", tmp_path / "[/x]")
    assert done.returncode == 1
    assert "catalogo.poblacion" in done.stderr.decode()
