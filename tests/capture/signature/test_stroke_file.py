"""The strokes of a packet have one spelling, and are held to their limits before they are looked at."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.limits import MAX_STROKES_BYTES
from capture.signature.stroke_file import encode_strokes, read_strokes
from capture.signature.strokes import MAX_POINTS, MAX_STROKES
from keys.canonical import encode_sorted
from keys.errors import Refusal

POINT = st.tuples(st.integers(-100_000, 100_000), st.integers(-100_000, 100_000), st.integers(0, 1000))
STROKES = st.lists(st.lists(POINT, min_size=1, max_size=6), max_size=5)


def written(strokes: list[list[list[Any]]]) -> bytes:
    return encode_sorted({"version": 1, "trazos": strokes})


@given(STROKES)
def test_what_is_written_is_read_the_same(given_strokes: list[list[tuple[int, int, int]]]) -> None:
    at = iter(range(10_000))
    data = written([[[x, y, next(at), p] for x, y, p in one] for one in given_strokes])
    assert encode_strokes(read_strokes(data)) == data


def test_units_are_those_of_the_document() -> None:
    (one,) = read_strokes(written([[[5000, 2500, 1500, 750]]]))
    np.testing.assert_allclose(one, [[0.5, 0.25, 1.5, 0.75]])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b'{"trazos":[]}',
        b'{"trazos":[],"version":2}',
        b'{"trazos":[],"version":true}',
        b'{"trazos":[],"version":1} ',
        b'{"version":1,"trazos":[]}',
        b'{"trazos":[],"trazos":[],"version":1}',
        b'{"otro":1,"trazos":[],"version":1}',
        written([[]]),
        written([[[1, 2, 3]]]),
        written([[[1, 2, 3, 4, 5]]]),
        written([[[1, 2, 3, True]]]),
        written([[[1, 2, 3, "4"]]]),
        written([[[1, 2, 3, 1001]]]),
        written([[[1, 2, 3, -1]]]),
        written([[[100_001, 2, 3, 4]]]),
        written([[[1, 2, 86_400_001, 4]]]),
        written([[[1, 2, 3, 10**40]]]),
        written([[[1, 2, 5, 4], [1, 2, 4, 4]]]),
        written([[[0, 0, 5, 4]], [[0, 0, 4, 4]]]),
        written([[[0, 0, 0, 0]]] * (MAX_STROKES + 1)),
        written([[[0, 0, 0, 0]] * (MAX_POINTS + 1)]),
        json.dumps({"trazos": [[[0.5, 0, 0, 0]]], "version": 1}, separators=(",", ":")).encode(),
        b"[" * 50_000,
        b" " * (MAX_STROKES_BYTES + 1),
    ],
)
def test_another_form_is_refused_and_no_coordinate_is_told(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_strokes(data)
    assert "100001" not in str(refused.value) and "86400001" not in str(refused.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        read_strokes(data)
