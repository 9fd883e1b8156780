"""`certeza padron`: what a person sees when a corte is loaded, refused, or asked for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from api.tables import ALL_METADATA
from ledger.database import open_engine

HEADER = "clave_elector,cic,ocr,situacion,entidad\n"
GOOD = "GMVLAN80010132M100,123456789,,lista-nominal,32\n"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    engine = open_engine(f"sqlite:///{tmp_path / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    engine.dispose()
    path = tmp_path / "ajustes.toml"
    path.write_text(f'database = "sqlite:///{tmp_path / "certeza.db"}"\n[padron]\nkey_file = "llave"\n')
    monkeypatch.setenv("CERTEZA_SETTINGS", str(path))
    return path


def order(*arguments: str) -> int:
    return screen.run(certeza, ["padron", *arguments])


@pytest.mark.req("APO-19")
def test_a_corte_is_loaded_and_told(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.csv").write_text(HEADER + GOOD)
    assert order("llave", "llave") == 0
    assert Path("llave").stat().st_mode & 0o077 == 0
    assert order("cargar", "p.csv", "--corte", "2026-11-01") == 0
    assert "Corte del 01/11/2026 en vigor: 1 persona." in capsys.readouterr().out
    assert order("estado") == 0
    assert "01/11/2026  vigente    1 persona" in capsys.readouterr().out


def test_refused_lines_are_in_a_file_and_stop_the_corte(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order("llave", "llave")
    Path("p.csv").write_text(HEADER + GOOD + "GMVLAN80010132M100,1,,lista-nominal,32\n")
    assert order("cargar", "p.csv", "--corte", "2026-11-01") == 1
    assert "p-rechazados.csv" in capsys.readouterr().err
    with Path("p-rechazados.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file))[1] == ["3", "cic", "9 dígitos", "9"]
    assert order("estado") == 1
    assert order("cargar", "p.csv", "--corte", "2026-11-01", "--maximo-rechazados", "1") == 0


def test_a_key_is_never_replaced(settings: Path) -> None:
    assert order("llave", "llave") == 0
    held = Path("llave").read_text()
    assert order("llave", "llave") == 1
    assert Path("llave").read_text() == held


def test_without_a_key_the_setting_is_named(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(settings.read_text().replace('key_file = "llave"', ""))
    Path("p.csv").write_text(HEADER + GOOD)
    assert order("cargar", "p.csv", "--corte", "2026-11-01") == 1
    assert "padron.key_file" in capsys.readouterr().err


def test_a_date_that_is_none_is_told(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert order("cargar", "p.csv", "--corte", "ayer") == 2
    assert "2026-11-27" in capsys.readouterr().err


def test_a_database_without_tables_is_told(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text(f'database = "sqlite:///{tmp_path / "vacia.db"}"\n')
    assert order("estado") == 1
    assert "certeza migrate" in capsys.readouterr().err
