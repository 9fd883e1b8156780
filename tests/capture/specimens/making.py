"""Drawn credentials for tests, each drawn once."""

from __future__ import annotations

from functools import cache

from capture.specimens.draw import Specimen, draw
from capture.specimens.people import invent_person
from keys.randomness import SeededRandomness


@cache
def specimen(model: str, seed: str = "pruebas") -> Specimen:
    """The same for the same seed; do not write on its pixels."""
    source = SeededRandomness(f"{seed}/{model}")
    return draw(invent_person(source.child("persona"), model), source.child("dibujo"))
