"""Ctrl+C at any moment is answered in words, also while the program is still being read."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

import pytest

from api.cli import start


class _Interrupted:
    """An import that Ctrl+C cuts short."""

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        if name in ("api.cli.main", "certeza_verifier.cli"):
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("module", "command", "code"),
    [("api.cli.start", "api.cli.main", 1), ("certeza_verifier.__main__", "certeza_verifier.cli", 2)],
)
def test_an_interrupted_import_is_no_traceback(
    module: str,
    command: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = importlib.import_module(module)
    monkeypatch.delitem(sys.modules, command, raising=False)
    monkeypatch.delattr(sys.modules[command.rpartition(".")[0]], command.rpartition(".")[2], raising=False)
    monkeypatch.setattr(sys, "meta_path", [_Interrupted(), *sys.meta_path])
    try:
        found = program.main()
    except SystemExit as exit_:
        found = exit_.code
    assert found == code
    assert "nterrump" in capsys.readouterr().err


def test_the_command_starts_here() -> None:
    assert start.main.__module__ == "api.cli.start"
