"""What the printed acta shows of texts, hashes and instants."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.acta_text import LONG_WORD, SHOWN, central_time, figures, grouped, printable, shortened

pytestmark = pytest.mark.req("SEI-23")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Ñandú, 100 % «así» — ½ m²", "Ñandú, 100 % «así» — ½ m²"),
        ("e\u0301", "é"),
        ("a\u202eb", "a[U+202E]b"),
        ("😀", "[U+1F600]"),
        ("א", "[U+05D0]"),
        ("una\nlínea\x00", "una[U+000A]línea[U+0000]"),
        ("a\u200bb\u00ad", "a[U+200B]b[U+00AD]"),
    ],
)
def test_what_cannot_be_shown_is_named_by_its_code_point(text: str, seen: str) -> None:
    assert printable(text) == seen


@given(st.text(max_size=200))
def test_nothing_but_what_the_fonts_have_remains(text: str) -> None:
    for character in printable(text).replace("\u200b", ""):
        assert any(first <= ord(character) <= last for first, last in SHOWN)


def test_no_shown_character_is_invisible() -> None:
    shown = [chr(code) for first, last in SHOWN for code in range(first, last + 1)]
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Mn"}]


def test_only_long_words_may_be_broken_anywhere() -> None:
    assert printable("x" * LONG_WORD) == "x" * LONG_WORD
    assert printable("x" * 300).count("\u200b") == 299
    assert printable("x\u00a0" * 20).count("\u200b") == 39


def test_instants_are_told_in_the_time_of_the_centre() -> None:
    summer = datetime(2022, 4, 29, 15, 4, 31, tzinfo=UTC)
    assert central_time(summer) == "29 de abril de 2022 a las 10:04:31 horas (hora del centro, UTC−05:00)"
    assert central_time(summer.replace(year=2023)).endswith("09:04:31 horas (hora del centro, UTC−06:00)")


def test_numbers_hashes_and_cuts() -> None:
    assert figures(1234567) == "1,234,567"
    assert grouped("abcdef", 4) == ["abcd", "ef"]
    assert shortened("abc def", 5) == "abc…"
    assert shortened("abc", 3) == "abc"
