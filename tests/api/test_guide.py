"""The guide for whoever installs the service names every setting, in its own group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from api.settings import Settings

GUIDE = Path(__file__).parents[2] / "docs" / "guia-servicio.md"
_HEADING = re.compile(r"^\[+([a-z.]+)\]+", re.MULTILINE)


def settings_of(model: type[Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to each value that can be set."""
    for name, kind in _members(model):
        inner = next((one for one in (kind, *get_args(kind)) if _is_group(one)), None)
        if inner is None:
            yield (*prefix, name)
        else:
            yield from settings_of(inner, (*prefix, name))


def _members(model: type[Any]) -> Iterator[tuple[str, Any]]:
    if is_dataclass(model):
        yield from ((one.name, one.type) for one in fields(model))
    else:
        yield from ((name, one.annotation) for name, one in model.model_fields.items())


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def places(group: str) -> str:
    """What the guide says of a group: its parts of the TOML file, and the rows of tables."""
    text = GUIDE.read_text(encoding="utf-8")
    toml = text.split("```toml\n", 1)[1].split("```", 1)[0]
    starts = [(found.start(), found[1]) for found in _HEADING.finditer(toml)]
    ends = [start for start, _ in starts[1:]] + [len(toml)]
    parts = [(name.split(".")[0], toml[start:end]) for (start, name), end in zip(starts, ends, strict=True)]
    of_group = [part for name, part in parts if name == group] if group else [toml[: starts[0][0]]]
    row = f"| `{group}` |" if group else "| (raíz) |"
    rows = [line for line in text.splitlines() if line.startswith(row)]
    if group == "reading":
        rows += [text.split("`[reading.signature]`", 1)[1].split("### ", 1)[0]]
    return "\n".join(of_group + rows)


@pytest.mark.parametrize("path", list(settings_of(Settings)), ids=".".join)
def test_each_setting_is_in_the_guide(path: tuple[str, ...]) -> None:
    told, name = places(path[0] if len(path) > 1 else ""), re.escape(path[-1])
    in_words, in_toml = rf"`(?:[a-z_.]+\.)?{name}\b", rf"(?:^|[{{ ]){name} = "
    assert re.search(f"{in_words}|{in_toml}", told, re.MULTILINE), path
