"""One clock for several processes, and nothing else that could set the hour of the service."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from api.cli.clock import GivenClock, clock
from api.cli.main import certeza
from api.cli.screen import run
from api.demo.sei.clock import SharedClock
from api.wiring import system_clock

START = datetime(2023, 4, 27, 20, tzinfo=UTC)
_SAY = (
    "import sys; from pathlib import Path; from api.demo.sei.clock import SharedClock;"
    "print(SharedClock(Path(sys.argv[1]))())"
)


def test_it_runs_and_moves_ahead_in_every_process(tmp_path: Path) -> None:
    made = SharedClock.create(tmp_path / "reloj", START)
    made.move_to(START + timedelta(days=8))
    other = SharedClock(tmp_path / "reloj")
    assert START + timedelta(days=8) <= made() <= other()
    told = subprocess.run(
        [sys.executable, "-c", _SAY, str(tmp_path / "reloj")], capture_output=True, text=True, check=True
    )
    there = datetime.fromisoformat(told.stdout.strip())
    assert other() - timedelta(minutes=2) < there <= made()


def test_it_never_goes_back(tmp_path: Path) -> None:
    made = SharedClock.create(tmp_path / "reloj", START)
    with pytest.raises(ValueError, match="no retrocede"):
        made.move_to(START - timedelta(seconds=1))


def test_who_only_opens_it_cannot_move_it(tmp_path: Path) -> None:
    SharedClock.create(tmp_path / "reloj", START)
    with pytest.raises(TypeError):
        SharedClock(tmp_path / "reloj").wait(60)
    assert (tmp_path / "reloj").stat().st_mode & 0o077 == 0


@pytest.mark.req("SEI-20")
def test_without_a_program_that_gives_one_the_clock_is_the_system_s() -> None:
    assert clock() is system_clock
    reachable = {option.name or "" for name in ("serve", "worker") for option in _options(name)}
    assert not {name for name in reachable if "reloj" in name or "hora" in name}


def _options(name: str) -> list[click.Parameter]:
    command = certeza.get_command(click.Context(certeza), name)
    assert command is not None
    return list(command.params)


@pytest.mark.req("SEI-20")
def test_production_takes_no_other_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "certeza.toml"
    settings.write_text(f'production = true\ndata = "{tmp_path / "datos"}"\n', "utf-8")
    monkeypatch.setitem(os.environ, "CERTEZA_SETTINGS", str(settings))
    given = GivenClock(lambda: START)
    for order in (["serve", "--puerto", "0"], ["worker"]):
        assert run(certeza, order, given) == 1
        assert "reloj del sistema" in capsys.readouterr().err
    assert not (tmp_path / "datos").exists()
