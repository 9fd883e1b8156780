"""How alike two faces are, in three bands: match, for a person to look at, no match. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capture.face.ports import EMBEDDING_SIZE, Embedding
from capture.reading.results import Band


@dataclass(frozen=True, slots=True)
class ComparisonSettings:
    """Cosines. The defaults are for SFace with a card's photograph of 100 pixels or more.

    They come from 46 photographs of 19 people (equal error 0.8 %), far too few to claim a rate of false
    accepts, and nothing is known about Mexican faces: look-alikes reached 0.51. An institute measures its own
    before it relies on them (`tools.bench.reading_faces.rows_of_folder`). Drawn people are no measure: to
    SFace all of them look alike (two people 0.46 at the middle, 0.79 at most; the same one 0.9 and more, 0.6
    in poor light), so that half of the drawn strangers match.
    """

    same: float = 0.45
    """From here on they match."""
    person: float = 0.33
    """From here on a person looks; below they do not match."""


def similarity(one: Embedding, other: Embedding) -> float:
    """The cosine of two vectors of length 1: -1 to 1."""
    return float(np.clip(np.dot(one.astype(np.float64), other.astype(np.float64)), -1.0, 1.0))


def band_of(value: float, settings: ComparisonSettings) -> Band:
    """Where a similarity lies."""
    if value >= settings.same:
        return Band.SAME
    return Band.PERSON if value >= settings.person else Band.DIFFERENT


def packed(embedding: Embedding) -> bytes:
    """Little-endian float32, as `FaceReading.embedding` keeps it."""
    return np.ascontiguousarray(embedding, "<f4").tobytes()


def unpacked(data: bytes) -> Embedding:
    """The vector that `packed` wrote. Raises ValueError for another length."""
    if len(data) != EMBEDDING_SIZE * 4:
        raise ValueError("an embedding has 128 numbers of four bytes")
    return np.frombuffer(data, "<f4").astype(np.float32)
