"""The plan of each model keeps its parts apart."""

from __future__ import annotations

from itertools import combinations

import pytest

from capture.credential.layouts import ABROAD, CARD_HEIGHT, CARD_WIDTH, DRAWN_MODELS, Kind, Region, layout
from capture.packet.record import FIELDS
from capture.reading.results import Side

SIDES = [(model, side) for model in DRAWN_MODELS for side in Side]


def overlap(one: Region, other: Region) -> bool:
    a, b = one.box, other.box
    apart = 1e-9  # neighbours share an edge
    return (
        a.left + a.width > b.left + apart
        and b.left + b.width > a.left + apart
        and a.top + a.height > b.top + apart
        and b.top + b.height > a.top + apart
    )


@pytest.mark.parametrize(("model", "side"), SIDES)
def test_no_two_regions_overlap_and_all_lie_on_the_card(model: str, side: Side) -> None:
    regions = layout(model, side).regions
    clash = [(a.name, b.name) for a, b in combinations(regions, 2) if overlap(a, b)]
    assert not clash
    for region in regions:
        box = region.box
        assert min(box.left * CARD_WIDTH, box.top * CARD_HEIGHT) >= 30
        assert box.left + box.width <= 1 - 30 / CARD_WIDTH
        assert box.top + box.height <= 1 - 30 / CARD_HEIGHT


@pytest.mark.parametrize(("model", "side"), SIDES)
def test_each_side_has_one_place_for_the_mark_of_a_specimen(model: str, side: Side) -> None:
    assert len(list(layout(model, side).of_kind(Kind.MARK))) == 1


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_every_label_announces_a_text_of_its_side(model: str) -> None:
    for side in Side:
        plan = layout(model, side)
        assert {region.name for region in plan.of_kind(Kind.LABEL)} <= plan.fields


def test_what_is_missing_on_a_model() -> None:
    assert "curp" not in layout("C", Side.ANVERSO).fields
    for model in DRAWN_MODELS:
        fields = layout(model, Side.ANVERSO).fields
        assert ("domicilio" in fields) == (model not in ABROAD)
        assert ("entidad" in fields) == (model in "CDEF")
        assert {"nombre", "apellido_paterno", "clave_elector", "seccion"} <= fields & set(FIELDS)


def test_models_without_a_drawing_are_refused() -> None:
    with pytest.raises(KeyError):
        layout("A", Side.ANVERSO)
