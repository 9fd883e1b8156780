"""Which requirement is proven by which test: writes docs/requirements.md, or with --check compares it.

Rows are docs/requirements.csv; proofs are the marks `@pytest.mark.req("SEI-14")` in tests/, read from the
source without running it: on a function, on a class, in `pytestmark` of a module, or in a `pytest.param`.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "docs" / "requirements.csv"
TABLE = ROOT / "docs" / "requirements.md"
TESTS = ROOT / "tests"
SECTIONS = {
    "SEI": "SEI: the internet consultation",
    "APO": "APO: apoyo ciudadano",
    "VER": "VER: verification of everything above",
}
INTRO = """\
# Requirements, and the tests that prove them

<!-- Written by tools/requirements_table.py from docs/requirements.csv and tests/. Do not edit. -->

A test that carries the mark `req` proves something that the row asks for, not necessarily all of it. A row
without tests is not proven; most such rows are not built yet. `make requirements` writes this page again.

The rows restate public documents of electoral institutes: `000` Guía del SEI 2022 (IECM) · `001` Protocolo de
captación y verificación de apoyo ciudadano 2020-2021 (INE) · `002` Anexo técnico INE-IEEZ 2022 · `003` Nota
informativa on the records that an association collected, 2023 · `004` Consulta of the OPL of Durango, 2024.
Where two differ, the later one (`002`) rules. All times are those of America/Mexico_City.
"""


class UnknownRowError(ValueError):
    """A mark names a row that docs/requirements.csv does not have, or names none."""


def read_rows(path: Path) -> dict[str, str]:
    """Text by id, in the order of the file. Raises ValueError for a repeated id or one of no section."""
    rows: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            identifier = row["id"]
            if identifier in rows or identifier.split("-")[0] not in SECTIONS:
                raise ValueError(f"{path}: repeated id or unknown section: {identifier}")
            rows[identifier] = row["text"]
    return rows


def marks(source: str, file: str) -> Iterator[tuple[str, str]]:
    """(row, proof) of each mark in a test file; a proof is the file, or `file::name` of what is marked."""
    tree = ast.parse(source, file)
    yield from ((row, file) for node in _module_marks(tree) for row in _rows_in(node, file))
    yield from _marks_below(tree.body, file, file)


def _module_marks(tree: ast.Module) -> Iterator[ast.expr]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if value is not None and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in targets):
            yield value


def _marks_below(body: Sequence[ast.stmt], prefix: str, file: str) -> Iterator[tuple[str, str]]:
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        name = f"{prefix}::{node.name}"
        yield from ((row, name) for d in node.decorator_list for row in _rows_in(d, file))
        if isinstance(node, ast.ClassDef):
            yield from _marks_below(node.body, name, file)


def _rows_in(node: ast.AST, file: str) -> Iterator[str]:
    """Arguments of every `….mark.req(…)` inside an expression."""
    for call in ast.walk(node):
        if not (
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req"
        ):
            continue
        for argument in call.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                raise UnknownRowError(f"{file}:{call.lineno}: the mark req takes ids as literal strings")
            yield argument.value


def proofs(tests: Path, rows: Mapping[str, str]) -> dict[str, list[str]]:
    """Proofs of each row, sorted. Raises UnknownRowError for a mark of no row."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted(tests.rglob("test_*.py")):
        file = path.relative_to(tests.parent).as_posix()
        for row, proof in marks(path.read_text(encoding="utf-8"), file):
            if row not in rows:
                raise UnknownRowError(f"{proof}: docs/requirements.csv has no row {row}")
            found[row].add(proof)
    return {row: sorted(names) for row, names in found.items()}


def render(rows: Mapping[str, str], proven: Mapping[str, Sequence[str]]) -> str:
    """The whole page."""
    lines = [INTRO, f"Rows with at least one test: {len(proven)} of {len(rows)}."]
    for section, title in SECTIONS.items():
        lines += ["", f"## {title}", "", "| id | what must work | tests |", "|---|---|---|"]
        lines += [
            f"| {row} | {_escaped(text)} | {_cell(proven.get(row, ()))} |"
            for row, text in rows.items()
            if row.startswith(f"{section}-")
        ]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


def _cell(names: Sequence[str]) -> str:
    """One link a file, with the marked functions after it; a file marked as a whole needs no names."""
    by_file: dict[str, list[str]] = {}
    for name in names:
        file, _, function = name.partition("::")
        by_file.setdefault(file, []).append(function)
    cells = []
    for file, functions in by_file.items():
        link = f"[{file.removeprefix('tests/')}](../{file})"
        named = "" if "" in functions else ": " + ", ".join(f"`{f}`" for f in functions)
        cells.append(link + named)
    return "<br>".join(cells) or "–"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` only compare it: 1 when it is not up to date."""
    rows = read_rows(ROWS)
    page = render(rows, proofs(TESTS, rows))
    if "--check" not in arguments:
        TABLE.write_text(page, encoding="utf-8")
        return 0
    if TABLE.exists() and TABLE.read_text(encoding="utf-8") == page:
        return 0
    print("docs/requirements.md is not up to date: run «make requirements» and commit it", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
