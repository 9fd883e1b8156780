"""What a rehearsal shows: text as it is, whole lines in files, words that break at a screen's edge."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from api.demo.counting import counted
from api.demo.screen import Screen
from api.demo.stages import REFUSED

LONG = "palabra " * 30 + "fin"


def shown(width: int, *, terminal: bool) -> str:
    told = io.StringIO()
    screen = Screen(Console(file=told, width=width, force_terminal=terminal, color_system=None))
    with screen.stage("Etapa [1] de [/2]") as progress:
        progress(1, 2)
    screen.fact(LONG)
    screen.refusal("[bold]así[/] y [/así]")
    return told.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_brackets_are_text_and_never_markup(terminal: bool) -> None:
    said = shown(80, terminal=terminal)
    assert "1. Etapa [1] de [/2]" in said
    assert "✗ [bold]así[/] y [/así]" in said


def test_a_file_gets_whole_lines_without_blanks_from_bars() -> None:
    lines = shown(60, terminal=False).splitlines()
    assert lines[:2] == ["", "1. Etapa [1] de [/2]"]
    assert lines[2].strip().endswith(" s")
    assert lines[3] == f"   ✓ {LONG}"


def test_a_narrow_screen_gets_lines_that_fit_and_hang_together() -> None:
    lines = [line.rstrip() for line in shown(60, terminal=True).splitlines() if "palabra" in line]
    assert len(lines) > 1
    assert all(len(line) <= 60 for line in lines)
    assert all(line.startswith("     palabra") for line in lines[1:])


def test_one_is_singular() -> None:
    assert counted(1, "urna", "urnas") == "1 urna"
    assert counted(0, "urna", "urnas") == "0 urnas"
    assert counted(1200, "urna", "urnas") == "1,200 urnas"
    for one, many in REFUSED.values():
        assert not one.endswith("s") and many.endswith("s")
