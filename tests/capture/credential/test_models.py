"""Sides and models by what was read on them, all of it or a part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capture.credential.layouts import DRAWN_MODELS
from capture.credential.models import Seen, model_of, side_of, small_qr
from capture.credential.text import Line, Page
from capture.imaging.picture import Box
from capture.reading.results import CodeRead, Side
from tests.capture.credential.pages import line, person_of, seen_of

NOTHING = Seen(Page(()))


def sides(model: str, jitter: float = 0.0) -> tuple[Seen, Seen]:
    person = person_of(model)
    return seen_of(person, Side.ANVERSO, jitter), seen_of(person, Side.REVERSO, jitter)


@pytest.mark.parametrize("model", DRAWN_MODELS)
@pytest.mark.parametrize("jitter", [0.0, 0.006])
def test_each_model_by_both_sides(model: str, jitter: float) -> None:
    front, back = sides(model, jitter)
    assert (side_of(front), side_of(back)) == (Side.ANVERSO, Side.REVERSO)
    assert model_of(front, back) == model


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_each_model_by_its_front_and_a_back_that_was_not_read(model: str) -> None:
    front, _ = sides(model)
    assert model_of(front, NOTHING) == model
    assert model_of(front, None) == model


@pytest.mark.parametrize("model", "GHIJ")
def test_the_dense_codes_alone_tell_early_from_late(model: str) -> None:
    front, back = sides(model)
    dense = replace(back, codes=tuple(code for code in back.codes if code.encrypted))
    assert model_of(replace(front, page=Page(front.page.lines[:6])), dense) in (
        model,
        "GHIJ"["GHIJ".index(model) & 2],
    )


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_a_back_alone_names_a_model_only_where_it_tells(model: str) -> None:
    _, back = sides(model)
    assert model_of(None, back) == ("D" if model == "D" else None)


def test_nothing_read_is_no_model_and_no_side() -> None:
    assert model_of(None, None) is None
    assert model_of(NOTHING, NOTHING) is None
    assert side_of(NOTHING) is None
    assert side_of(Seen(Page((line("UNA HOJA CUALQUIERA"),)))) is None


def test_one_label_does_not_make_a_front() -> None:
    assert side_of(Seen(Page((line("NOMBRE"),)))) is None
    assert side_of(Seen(Page((line("NOMBRE"), line("DOMICILIO", top=0.3))))) is Side.ANVERSO


def test_thirteen_upright_digits_make_the_back_of_model_c() -> None:
    upright = Line("0123456789012", 0.99, Box(0.9, 0.1, 0.05, 0.8), vertical=True)
    assert side_of(Seen(Page((upright,)))) is Side.REVERSO
    assert side_of(Seen(Page((replace(upright, vertical=False),)))) is None


def test_only_a_qr_of_the_institute_is_the_small_one() -> None:
    person = person_of("E")
    other = CodeRead("qr", "https://example.com/0123456789012")
    bars = CodeRead("code128", person.codes["qr"])
    ours = CodeRead("qr", person.codes["qr"])
    assert small_qr((other, bars)) is None
    found = small_qr((other, ours))
    assert found is not None
    assert found[0] is ours
    assert found[1].cic == person.values["cic"]
