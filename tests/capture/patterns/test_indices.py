"""The indices in memory against a plain computation over everything."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capture.patterns.index_faces import DIMENSIONS, FaceIndex
from capture.patterns.index_hashes import HashIndex


def filled(hashes: np.ndarray, size: int, pieces: int = 3) -> HashIndex:
    index = HashIndex(size)
    for places in np.array_split(np.arange(len(hashes), dtype=np.int32), pieces):
        index.extend(places, hashes[places])
    return index


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 40), st.just(32)), elements=st.integers(0, 3)),
    st.integers(0, 60),
)
def test_exactly_the_near_ones_are_found(hashes: np.ndarray, bits: int) -> None:
    index, wanted = filled(hashes, 32), hashes[0]
    apart = np.bitwise_count(hashes ^ wanted).sum(axis=1, dtype=np.int64)
    found, measures = index.within(wanted, bits)
    assert found.tolist() == np.flatnonzero(apart <= bits).tolist()
    assert measures.tolist() == apart[apart <= bits].tolist()


def test_more_than_a_block_and_more_than_there_was_room_for() -> None:
    draw = np.random.default_rng(1)
    hashes = draw.integers(0, 256, (150_000, 8), np.uint8)
    hashes[[5, 70_000, 149_999]] = hashes[5]
    assert filled(hashes, 8, 7).within(hashes[5], 0)[0].tolist() == [5, 70_000, 149_999]
    assert filled(hashes[:0], 8).within(hashes[0], 64)[0].tolist() == []


def faces(count: int, seed: int = 1) -> np.ndarray:
    """Unit vectors whose first coordinates weigh more, as those of real embeddings do."""
    made = (
        np.random.default_rng(seed).standard_normal((count, DIMENSIONS))
        / np.arange(1, DIMENSIONS + 1) ** 0.25
    )
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


def as_bytes(vectors: np.ndarray) -> np.ndarray:
    return np.rint(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)


@pytest.mark.parametrize("cosine", [0.6, 0.7, 0.9])
def test_a_face_as_alike_as_asked_is_found_and_no_other(cosine: float) -> None:
    known = faces(20_000)
    aside = faces(300, 2)
    aside -= (aside * known[:300]).sum(axis=1, keepdims=True) * known[:300]
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    share = cosine + 0.01
    asked = as_bytes(share * known[:300] + np.sqrt(1 - share**2) * aside)
    index = FaceIndex()
    index.extend(np.arange(20_000, dtype=np.int32), as_bytes(known))
    hits = 0
    for place, face in enumerate(asked):
        found, cosines = index.alike(face, cosine)
        hits += place in found.tolist()
        assert (cosines >= cosine).all()
    assert hits >= 299


def test_thousands_of_the_same_face_are_all_found() -> None:
    same = np.repeat(as_bytes(faces(1)), 5_000, axis=0)
    index = FaceIndex()
    index.extend(np.arange(10, dtype=np.int32), as_bytes(faces(10, 3)))
    index.extend(np.arange(10, 5_010, dtype=np.int32), same)
    found, cosines = index.alike(same[0], 0.99)
    assert found.tolist() == list(range(10, 5_010))
    assert float(cosines.min()) == pytest.approx(1.0, abs=1e-5)
