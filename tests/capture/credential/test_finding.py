"""The card is found where the light makes it hard."""

from __future__ import annotations

import numpy as np

from capture.credential.finding import rectify
from capture.credential.layouts import layout
from capture.reading.results import Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.draw import draw
from capture.specimens.people import invent_person
from keys.randomness import SeededRandomness


def test_half_a_card_in_a_sharp_shadow_is_found_whole() -> None:
    """Without a second look, a panel of its light half is taken for the card."""
    source = SeededRandomness("cinco/194")
    front = draw(invent_person(source.child("persona"), "E"), source.child("dibujo")).front
    shadow = SeededRandomness("cinco/194/sombra").child(Side.ANVERSO.value)
    taken = DEGRADATIONS["sombra"].apply(front, layout("E", Side.ANVERSO), shadow)
    found = rectify(taken.pixels)
    assert found is not None
    assert np.abs(found.corners - taken.corners).max() < 0.01 * found.width
