"""What drawn credentials say is of one person and passes the checks of real ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.credential.layouts import DRAWN_MODELS, Kind, layout
from capture.identity.clave_elector import clave_elector
from capture.identity.credential_numbers import back_code, ocr
from capture.identity.crosscheck import require_same_person
from capture.identity.curp import curp
from capture.packet.record import FIELDS, SYMBOLOGIES
from capture.reading.results import Side
from capture.specimens.mrz_lines import icao_digit, mrz_letters
from capture.specimens.people import Person, invent_person
from keys.randomness import SeededRandomness


def person(seed: str, model: str | None = None) -> Person:
    return invent_person(SeededRandomness(seed), model)


@given(st.text(max_size=6), st.sampled_from(DRAWN_MODELS))
def test_all_that_is_printed_is_of_one_person(seed: str, model: str) -> None:
    made = person(seed, model)
    values, printed = made.invented.values, made.printed
    key = curp(values["curp"])
    require_same_person(key.birth, clave_elector(values["clave_elector"]), key)
    assert ocr(values["ocr"])[:4] == values["seccion"]
    assert printed["fecha_nacimiento"] == f"{key.birth:%d/%m/%Y}"
    assert key.birth.year + 17 < int(printed["anio_registro"]) <= int(printed["emision"])
    assert int(printed["emision"]) + 10 == int(values["vigencia"])


@given(st.text(max_size=6), st.sampled_from(DRAWN_MODELS[1:]))
def test_the_machine_readable_lines_say_the_same(seed: str, model: str) -> None:
    made = person(seed, model)
    values, (first, second, third) = made.values, made.mrz
    assert first[5:14] == values["cic"]
    assert first[14] == icao_digit(values["cic"])
    assert first[17:] == values["ocr"]
    assert second[:6] == values["curp"][4:10]
    assert third.startswith(mrz_letters(values["apellido_paterno"])[:30])


@pytest.mark.parametrize("model", "EFGHIJ")
def test_the_small_qr_says_the_same(model: str) -> None:
    made = person("qr", model)
    back = back_code(made.codes["qr"])
    assert (back.cic, back.ocr) == (made.values["cic"], made.values["ocr"])


@pytest.mark.parametrize("model", DRAWN_MODELS)
def test_the_truth_is_what_the_model_shows(model: str) -> None:
    made = person("valores", model)
    assert list(made.values) == [name for name in FIELDS if name in made.values]
    assert ("curp" in made.values) == ("cic" in made.values) == (model != "C")
    assert ("entidad" in made.values) == (model in "CDEF")
    for side in Side:
        for region in layout(model, side).of_kind(Kind.TEXT):
            assert made.printed[region.name].count("\n") == region.lines - 1
    assert {code.symbology for code in made.symbols} <= set(SYMBOLOGIES)


def test_names_have_accents_tildes_and_many_words() -> None:
    names = [" ".join(person(f"nombre {n}").printed.values()) for n in range(120)]
    for needed in ("Ñ", "Á", "Ü", "DE LA PALMA REAL", "MAXIMILIANO"):
        assert any(needed in text for text in names)


def test_some_were_born_after_1999() -> None:
    letters = {person(f"siglo {n}", "E").values["curp"][16] for n in range(60)}
    assert letters == {"0", "A"}
