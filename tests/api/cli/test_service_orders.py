"""Orders of whoever installs the service: what is not there is told in words, and nothing is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from api.http import logs
from api.settings import Settings
from api.worker.wiring import open_chamber
from capture.vault.chamber_folder import read_master
from capture.vault.errors import VaultRefusal


@pytest.mark.req("APO-14")
def test_a_master_identity_is_made_and_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "maestra.age"
    assert screen.run(certeza, ["boveda", "maestra", str(file)]) == screen.OK
    assert str(read_master(file).to_public()) in capsys.readouterr().out
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    assert screen.run(certeza, ["boveda", "maestra", str(file)]) != screen.OK
    assert file.read_bytes() == before


def test_in_production_the_worker_says_how_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(VaultRefusal, match="certeza boveda maestra"):
        open_chamber(Settings(data=tmp_path, production=True))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("order", ["migrate", "serve", "worker"])
def test_settings_that_are_named_and_not_there_stop_everything(
    order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With defaults instead, keys for rehearsals would be made in whatever folder this is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CERTEZA_SETTINGS", "/no/hay.toml")
    arguments = [order, *(["--puerto", "0"] if order == "serve" else [])]
    assert screen.run(certeza, arguments) != screen.OK
    assert "/no/hay.toml: no existe" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words", [("serve", "--puerto", "0"), ("admin", "cuenta", "sesiones", "a@ine.mx")], ids=" ".join
)
def test_a_database_that_does_not_answer_is_told_in_words(
    words: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CERTEZA_DATABASE", f"postgresql://nadie@/nada?host={tmp_path}")
    monkeypatch.setenv("CERTEZA_SETTINGS", "")  # the order sets it
    monkeypatch.setattr(logs, "configure", lambda: None)  # of this process, for good
    (tmp_path / "certeza.toml").write_text(f'data = "{tmp_path}"\n')
    assert screen.run(certeza, [*words, "--ajustes", str(tmp_path / "certeza.toml")]) != screen.OK
    assert "La base de datos no responde" in capsys.readouterr().err
