"""What click would say in English is said in Spanish."""

from __future__ import annotations

import re

import click
import pytest

from api.cli import screen
from api.cli.main import certeza

ENGLISH = re.compile(r"\b(not|is|valid|range|value|readable|expected|option|the|argument)\b", re.IGNORECASE)
WRONG = [
    ("bitacora", "servir", "x", "--puerto", "abc"),
    ("bitacora", "servir", "x", "--puerto", "65536"),
    ("bitacora", "servir", "x", "--puerto", "-1"),
    ("bitacora", "atestiguar", "x", "--plazo", "0"),
    ("bitacora", "atestiguar", "x", "--plazo", "nan"),
    ("bitacora", "atestiguar", "x", "--plazo", "1e2"),
    ("demo", "--procesos", "999999"),
    ("demo", "--personas", "-1"),
    ("demo", "--ciudad=1"),
    ("demo", "--semilla"),
    ("ceremonia", "acta", "a", "b"),
    ("ceremonia", "nada"),
    ("simulacro", "nada"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_a_wrong_call_is_explained_in_spanish(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert screen.run(certeza, words) == screen.USAGE
    said = capsys.readouterr().err
    assert said
    assert not ENGLISH.search(said.split("Ayuda:")[0])


def _paths(command: click.Command, context: click.Context) -> list[click.Path]:
    own = [p.type for p in command.params if isinstance(p.type, click.Path)]
    names = command.list_commands(context) if isinstance(command, click.Group) else []
    within = (
        [command.get_command(context, name) for name in names] if isinstance(command, click.Group) else []
    )
    return own + [path for inner in within if inner is not None for path in _paths(inner, context)]


def test_paths_are_judged_by_whoever_opens_them() -> None:
    """click's own check says «is not readable», in English and as if the call were wrong."""
    found = _paths(certeza, click.Context(certeza))
    assert len(found) > 10
    assert not [path for path in found if path.readable or path.exists]


@pytest.mark.parametrize("group", ["custodio", "ceremonia", "testigo", "bitacora", "simulacro"])
def test_lists_of_orders_cut_no_sentence(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert screen.run(certeza, [group, "--help"]) == screen.OK
    assert "..." not in capsys.readouterr().out.split("Órdenes:")[1]
