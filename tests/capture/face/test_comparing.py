"""Bands of similarity, and how vectors are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capture.face.comparing import ComparisonSettings, band_of, packed, similarity, unpacked
from capture.face.ports import Embedding
from capture.face.sface import unit
from capture.reading.results import Band

vectors = arrays(np.float32, 128, elements=st.floats(-10, 10, width=32)).filter(
    lambda v: float(np.abs(v).max()) > 0.1
)


@pytest.mark.req("SEI-04")
@pytest.mark.parametrize(
    ("value", "band"),
    [
        (1.0, Band.SAME),
        (0.45, Band.SAME),
        (0.4499, Band.PERSON),
        (0.33, Band.PERSON),
        (0.3299, Band.DIFFERENT),
        (-1.0, Band.DIFFERENT),
    ],
)
def test_three_bands(value: float, band: Band) -> None:
    assert band_of(value, ComparisonSettings()) is band


def test_thresholds_are_settings() -> None:
    assert band_of(0.5, ComparisonSettings(same=0.6, person=0.4)) is Band.PERSON


@given(vectors, vectors)
def test_similarity_is_a_cosine(one: Embedding, other: Embedding) -> None:
    found = similarity(unit(one), unit(other))
    assert -1 <= found <= 1
    assert found == similarity(unit(other), unit(one))
    assert similarity(unit(one), unit(one)) == pytest.approx(1, abs=1e-5)


@given(vectors)
def test_kept_vectors_come_back(vector: Embedding) -> None:
    data = packed(unit(vector))
    assert len(data) == 512
    assert np.array_equal(unpacked(data), unit(vector))


@pytest.mark.parametrize("size", [0, 511, 513, 1024])
def test_other_lengths_are_no_vector(size: int) -> None:
    with pytest.raises(ValueError, match="128 numbers"):
        unpacked(bytes(size))
