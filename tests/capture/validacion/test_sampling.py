"""Samples that anybody draws again (SEI-11), and the causes of rejection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.validacion.causes import CAUSES, require_cause
from capture.validacion.errors import ValidacionRefusal
from capture.validacion.sampling import draw

FOLIOS = st.lists(st.text("ABC012", min_size=4, max_size=8), min_size=1, max_size=40, unique=True)


@pytest.mark.req("SEI-11")
@given(FOLIOS, st.text("abc ", min_size=1), st.randoms(use_true_random=False), st.data())
def test_the_same_seed_draws_the_same_in_whatever_order(
    folios: list[str], seed: str, random: object, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, len(folios)))
    shuffled = list(folios)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    made = draw(seed, folios, size)
    assert draw(seed, shuffled, size) == made
    assert len(set(made.folios)) == size
    assert set(made.folios) <= set(folios)
    if size > 1:
        assert draw(seed, folios, size - 1).folios == made.folios[:-1]


@pytest.mark.req("SEI-11")
def test_everybody_is_drawn_about_as_often() -> None:
    folios = [f"F{n}" for n in range(10)]
    counts = dict.fromkeys(folios, 0)
    for seed in range(1000):
        for folio in draw(f"semilla {seed}", folios, 3).folios:
            counts[folio] += 1
    assert all(230 < count < 370 for count in counts.values())


@pytest.mark.parametrize(("seed", "size"), [("", 1), ("x" * 201, 1), ("a\nb", 1), ("s", 0), ("s", 3)])
def test_what_makes_no_sample_is_refused(seed: str, size: int) -> None:
    with pytest.raises(ValidacionRefusal):
        draw(seed, ["A", "B"], size)


@pytest.mark.req("SEI-06")
def test_there_are_eight_causes() -> None:
    assert sorted(CAUSES) == list(range(1, 9))
    assert "Fotografía de otra imagen" in require_cause(4)
    for number in (0, 9, -1):
        with pytest.raises(ValidacionRefusal):
            require_cause(number)
