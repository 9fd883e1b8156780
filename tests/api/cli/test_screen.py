"""The edge of the command line: terminals with other alphabets, readers that go away."""

from __future__ import annotations

import os
import re
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
    done = program("demo", "--registros", "0", "--catalogo", catalogue, "--salida", tmp_path / "[/x]")
    assert done.returncode == 1
    assert "catalogo.poblacion" in done.stderr.decode()


def test_words_break_at_the_edge_of_a_screen_and_nothing_is_cut(tmp_path: Path) -> None:
    folder, names = tmp_path / "c", tmp_path / "cargos.txt"
    names.write_text("Presidencia del Consejo General\n" + "Consejería Electoral Propietaria\n" * 2, "utf-8")
    more = ("--custodios", 3, "--umbral", 2, "--salida", folder, "--nombres", names)
    assert program("ceremonia", "iniciar", *more).returncode == 0
    narrow = program("ceremonia", "estado", folder, FORCE_COLOR="1", TTY_COMPATIBLE="1", COLUMNS="44")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", narrow.stdout.decode()).splitlines()
    assert max(map(len, lines)) <= 44
    assert "…" not in "".join(lines)
    words = " ".join(lines).split()
    assert "«certeza" in words and "CARPETA" in words
    wide = program("ceremonia", "estado", folder, COLUMNS="44").stdout.decode().splitlines()
    assert any(line.startswith("Sigue: ") and line.endswith("ARCHIVO»") for line in wide)


def test_a_key_stays_in_one_line_so_that_it_can_be_copied(tmp_path: Path) -> None:
    order = ("testigo", "iniciar", "--nombre", "testigo.ejemplo.mx/1", "--carpeta", tmp_path / "t")
    done = program(*order, FORCE_COLOR="1", TTY_COMPATIBLE="1", COLUMNS="40")
    assert re.search(r"testigo\.ejemplo\.mx/1\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44}", done.stdout.decode())
