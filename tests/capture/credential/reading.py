"""Photographs of drawn cards for the tests that use real engines, each taken once."""

from __future__ import annotations

from functools import cache

from capture.credential.layouts import layout
from capture.imaging.picture import Pixels
from capture.reading.results import Side
from capture.specimens.degradations import DEGRADATIONS
from keys.randomness import SeededRandomness
from tests.capture.specimens.making import specimen


@cache
def photographs(model: str, degradation: str = "mesa", seed: str = "pruebas") -> tuple[Pixels, Pixels]:
    """Front and back under one degradation; do not write on their pixels."""
    drawn, source = specimen(model, seed), SeededRandomness(f"{seed}/{model}/{degradation}")
    front, back = (
        DEGRADATIONS[degradation].apply(pixels, layout(model, side), source.child(side.value)).pixels
        for side, pixels in zip(Side, (drawn.front, drawn.back), strict=True)
    )
    return front, back
