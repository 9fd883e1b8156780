"""docs/reglas.md says what the verifier says."""

from __future__ import annotations

from pathlib import Path

from certeza_verifier.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "reglas.md"


def test_every_rule_of_the_verifier_is_on_the_page_with_its_sentence() -> None:
    text = PAGE.read_text("utf-8")
    assert RULES
    missing = [rule for rule, says in RULES.items() if f"| `{rule}` | {says} |" not in text]
    assert missing == []
