"""The page of benchmarks: a head and sections with their dates, so that one can be measured alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SECTION = "## "


def sections(text: str) -> dict[str, list[str]]:
    """The lines of each section by its title, in order, blank ones at the end left out; "" is the head."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    for line in text.splitlines():
        if line.startswith(_SECTION):
            title = line.removeprefix(_SECTION)
            found[title] = []
        found[title].append(line)
    return {name: _stripped(lines) for name, lines in found.items()}


def merged(present: str, head: list[str], measured: Mapping[str, list[str]], order: Iterable[str]) -> str:
    """The page with the sections of `measured` new and the others as they are in `present`, in `order`."""
    kept = {title: lines for title, lines in sections(present).items() if title}
    made = kept | {title: _stripped(lines) for title, lines in measured.items()}
    titles = [title for title in order if title in made]
    whole = [head, *(made[title] for title in [*titles, *(t for t in made if t not in titles)])]
    return "\n\n".join("\n".join(_stripped(lines)) for lines in whole) + "\n"


def _stripped(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
