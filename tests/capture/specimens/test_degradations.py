"""Degradations follow from their seed, say where the card is, and spoil what they say that they spoil."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from capture.credential.layouts import CARD_HEIGHT, CARD_WIDTH, DRAWN_MODELS, Kind, layout
from capture.imaging.picture import Pixels
from capture.reading.results import Defect, Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.scene import Photograph
from capture.specimens.tampering import overlaid
from keys.randomness import SeededRandomness
from tests.capture.specimens.making import specimen

NAMES = sorted(DEGRADATIONS)


def photograph(name: str, side: Side = Side.REVERSO, seed: str = "una", model: str = "E") -> Photograph:
    made = specimen(model)
    card = made.front if side is Side.ANVERSO else made.back
    return DEGRADATIONS[name].apply(card, layout(model, side), SeededRandomness(seed))


def flattened(shot: Photograph) -> Pixels:
    """The card back in its own pixels."""
    size = (CARD_WIDTH, CARD_HEIGHT)
    made = cv2.warpPerspective(shot.pixels, np.linalg.inv(shot.card), size, flags=cv2.INTER_AREA)
    return np.asarray(made, dtype=np.uint8)


def alike(one: Pixels, other: Pixels) -> float:
    """Correlation of two pictures, coarsely."""
    small = [cv2.resize(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), (159, 100)).ravel() for p in (one, other)]
    return float(np.corrcoef(*small)[0, 1])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    one, again = photograph(name), photograph(name)
    assert one.pixels.dtype == np.uint8
    assert one.pixels.tobytes() == again.pixels.tobytes()
    if name != "plana":
        assert photograph(name, seed="otra").pixels.tobytes() != one.pixels.tobytes()


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("a-oscuras", "reflejo")])
def test_the_card_is_where_the_photograph_says(name: str) -> None:
    shot = photograph(name, Side.ANVERSO)
    seen = flattened(shot)
    known = specimen("E").front
    if name == "cortada":
        middle = slice(int(CARD_WIDTH * 0.3), int(CARD_WIDTH * 0.7))
        assert alike(seen[:, middle], known[:, middle]) > 0.9
        return
    assert alike(seen, known) > (0.5 if name in ("sombra", "fotocopia", "fotocopia-recortada") else 0.7)


@pytest.mark.parametrize("name", [n for n in NAMES if DEGRADATIONS[n].defect is not Defect.CUT])
def test_the_whole_card_is_in_the_picture(name: str) -> None:
    for side in Side:
        shot = photograph(name, side)
        height, width = shot.pixels.shape[:2]
        assert (shot.corners > -1).all()
        assert (shot.corners < (width + 1, height + 1)).all()


def test_a_cut_card_leaves_the_picture() -> None:
    for seed in ("a", "b", "c"):
        shot = photograph("cortada", seed=seed)
        assert shot.corners[:, 0].min() < -50 or shot.corners[:, 0].max() > shot.pixels.shape[1] + 50


@pytest.mark.parametrize("name", [n for n in NAMES if DEGRADATIONS[n].passes])
def test_what_should_pass_can_be_read(name: str) -> None:
    made = specimen("E")
    read = {code.text for code in zxingcpp.read_barcodes(flattened(photograph(name)))}
    assert set(made.codes.values()) <= read


def test_each_defect_of_an_image_has_a_degradation() -> None:
    shown = {made.defect for made in DEGRADATIONS.values() if made.passes is False}
    assert shown == set(Defect) - {Defect.NOT_READABLE, Defect.NO_CARD}


@pytest.mark.parametrize("side", Side)
def test_a_thumb_covers_nothing_that_is_read(side: Side) -> None:
    made = specimen("E")
    card = made.front if side is Side.ANVERSO else made.back
    plan = layout("E", side)
    held, free = (DEGRADATIONS[n].apply(card, plan, SeededRandomness("una")) for n in ("mano", "plana"))
    seen = flattened(held)
    for region in plan.regions:
        if region.kind is not Kind.MARK:
            assert alike(region.box.of(seen), region.box.of(free.pixels)) > 0.55, region.name


def test_what_is_laid_over_changes_only_its_field() -> None:
    made, plan = specimen("E"), layout("E", Side.ANVERSO)
    changed = np.argwhere((overlaid(made.front, plan, np.random.default_rng(1)) != made.front).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert 0 < bottom - top < 60
    assert 0 < right - left < 700


@pytest.mark.parametrize("model", DRAWN_MODELS)
@pytest.mark.parametrize("name", ["reflejo", "sobrepuesta", "mano"])
def test_what_looks_for_a_place_on_the_card_finds_one_on_every_model(name: str, model: str) -> None:
    for side in Side:
        plain = photograph("mesa", side, model=model)
        assert photograph(name, side, model=model).pixels.tobytes() != plain.pixels.tobytes()
