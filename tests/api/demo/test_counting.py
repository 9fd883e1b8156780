"""Numbers as people read them on the screen."""

from __future__ import annotations

from api.demo.counting import abridged, counted


def test_one_and_many() -> None:
    assert counted(1, "urna", "urnas") == "1 urna"
    assert [counted(n, "urna", "urnas") for n in (0, 2, 1816)] == ["0 urnas", "2 urnas", "1,816 urnas"]


def test_numbers_that_nobody_compares_by_eye_are_cut_short() -> None:
    assert abridged(f"reto {'1234567890' * 7} [regla]") == "reto 123456789012… [regla]"
    assert abridged("UT 09-012, 2023-05-05T10:00:00-06:00") == "UT 09-012, 2023-05-05T10:00:00-06:00"
