"""Write docs/reglas.md from the verifier's own table: every rule, what it says to people.

With --check nothing is written: the exit code says whether the page is up to date.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from certeza_verifier.rules import RULES

PAGE = Path(__file__).parents[1] / "docs" / "reglas.md"
_HEAD = """# Reglas de certeza-verify

Cada falla que `certeza-verify` señala nombra una de estas reglas, con el archivo, el lugar, lo esperado y
lo encontrado. Los identificadores no cambian de una versión a otra. Esta página se escribe con
`make requirements`.
"""


def page() -> str:
    """The page, in the order of the table."""
    lines = [_HEAD]
    for family, rules in groupby(RULES.items(), key=lambda item: item[0].split("-")[0]):
        lines += [f"## {family}", "", "| regla | qué dice |", "|---|---|"]
        lines += [f"| `{rule}` | {text} |" for rule, text in rules]
        lines.append("")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 when the page is up to date or was written, 1 when --check finds it old."""
    if "--check" in arguments:
        return 0 if PAGE.is_file() and PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
