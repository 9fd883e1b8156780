"""Rows as lines of the page, shown on the screen meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

Row = tuple[str, str, str]
"""What, figure, remark."""


def table(rows: Iterable[Row]) -> list[str]:
    """A table of three columns, its head first."""
    lines = ["| what | figure | |", "|---|---:|---|"]
    for what, figure, remark in rows:
        print(f"{what:70} {figure:>28}  {remark}", flush=True)
        lines.append(f"| {what} | {figure} | {remark} |")
    return lines


def wide(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table of any columns, the first one words and the others figures."""
    columns = list(head)
    lines = [_line(columns), "|---|" + "---:|" * (len(columns) - 1)]
    for row in rows:
        lines.append(_line(row))
        print(lines[-1], flush=True)
    return lines


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
