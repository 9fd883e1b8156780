"""Strokes of outside: held to limits, measured, drawn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.reading.results import SignatureDefect
from capture.signature.errors import StrokesRefusal
from capture.signature.ink import ink_of
from capture.signature.rules import defects_of
from capture.signature.strokes import MAX_POINTS, drawing_of, figures_of, parse_strokes
from capture.specimens.signatures import sign

LINE = [[[0.1, 0.2, 0.0, 0.4], [0.4, 0.6, 1.0, 0.9]], [[0.4, 0.6, 1.5, 0.5], [0.4, 0.1, 2.0, 0.5]]]


def test_presence_length_and_pace() -> None:
    figures = figures_of(parse_strokes(LINE))
    assert (figures.strokes, figures.points, figures.present) == (2, 4, True)
    assert figures.length == pytest.approx(1.0)
    assert (figures.seconds, figures.writing) == (2.0, 1.5)
    assert figures.pace == pytest.approx(1 / 1.5)
    assert figures.pressure == (0.4, 0.9)
    assert not figures_of(parse_strokes([])).present
    assert figures_of(parse_strokes([[[0.5, 0.5, 0.0, 0.0]]])).pace == 0


@pytest.mark.parametrize(
    ("given_", "rule"),
    [
        ([[[math.nan, 0, 0, 0]]], "firma.puntos"),
        ([[[math.inf, 0, 0, 0]]], "firma.puntos"),
        ([[[0, 0, -math.inf, 0]]], "firma.puntos"),
        ([[[1e300, 0, 0, 0]]], "firma.puntos"),
        ([[[10**400, 0, 0, 0]]], "firma.puntos"),
        ([[[0, 0, 0, 2]]], "firma.puntos"),
        ([[[0, 0, 0, -0.1]]], "firma.puntos"),
        ([[[0, 0, 0]]], "firma.puntos"),
        ([[[0, 0, 0, 0], [0, 0, 0]]], "firma.puntos"),
        ([[["a", 0, 0, 0]]], "firma.puntos"),
        ([[0.0, 1.0, 2.0, 0.0]], "firma.puntos"),
        ([[[0, 0, 1, 0], [0, 0, 0.5, 0]]], "firma.orden"),
        ([[[0, 0, 1, 0]], [[0, 0, 0.5, 0]]], "firma.orden"),
        ([[[0, 0, 0, 0]]] * 201, "firma.trazos"),
        ([[[0, 0, 0, 0]] * 1_000_000], "firma.puntos"),
    ],
)
def test_hostile_strokes_are_refused(given_: Any, rule: str) -> None:
    with pytest.raises(StrokesRefusal) as refused:
        parse_strokes(given_)
    assert refused.value.rule == rule


@given(st.lists(st.lists(st.lists(st.floats(), max_size=5), max_size=6), max_size=4))
def test_whatever_comes_is_drawn_or_refused(given_: list[list[list[float]]]) -> None:
    try:
        strokes = parse_strokes(given_)
    except StrokesRefusal:
        return
    assert len(defects_of(ink_of(drawing_of(strokes)))) <= 1
    assert figures_of(strokes).length >= 0


def test_a_signature_of_strokes_is_no_mark_and_a_flat_one_is_a_line() -> None:
    at = 0.0
    strokes = []
    for way in sign(np.random.default_rng(4)):
        times = at + np.linspace(0, 1, len(way))
        strokes.append(np.column_stack([way, times, np.full(len(way), 0.5)]).tolist())
        at = float(times[-1])
    assert defects_of(ink_of(drawing_of(parse_strokes(strokes)))) == ()
    flat = [[[share, 0.5, share, 0.5] for share in np.linspace(0.1, 0.9, 30)]]
    assert defects_of(ink_of(drawing_of(parse_strokes(flat)))) == (SignatureDefect.LINE,)
    many = [[[0.1 + share, 0.5, share, 0.5] for share in np.linspace(0, 0.5, MAX_POINTS)]]
    assert defects_of(ink_of(drawing_of(parse_strokes(many)))) == (SignatureDefect.LINE,)
