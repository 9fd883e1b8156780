"""All places of a card together: each value once, with where it came from and how sure it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.credential.layouts import DRAWN_MODELS
from capture.credential.models import Seen
from capture.credential.text import Page
from capture.credential.values import not_read, read_values
from capture.credential.witnesses import AGREED, MOST_ALONE
from capture.identity.curp import check_digit
from capture.packet.record import FIELDS
from capture.processing.datos import Fuente
from capture.reading.results import SURE, Found, Missing, Side
from capture.specimens.flaws import Flaw, flawed
from capture.specimens.people import Person
from tests.capture.credential.pages import page_of, person_of, seen_of, shown_of


def read(person: Person, front: Seen | None = None, back: Seen | None = None) -> dict[str, Found]:
    made = read_values(shown_of(person, Side.ANVERSO, front), shown_of(person, Side.REVERSO, back))
    return dict(made.found)


def changed(person: Person, name: str, text: str) -> Seen:
    """The front with another text in a place."""
    printed = {**person.printed, name: text}
    return Seen(page_of(replace(person, printed=printed), Side.ANVERSO))


@pytest.mark.req("SEI-03")
@given(st.sampled_from(DRAWN_MODELS), st.text("abcdefgh", min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_all_values_of_a_card_are_exact_and_nothing_else_has_one(model: str, seed: str) -> None:
    person = person_of(model, seed)
    found = read(person)
    assert tuple(found) == FIELDS
    assert {name: one.value for name, one in found.items() if one.value is not None} == person.values
    for one in found.values():
        assert (one.missing is None) == (one.value is not None)


@pytest.mark.parametrize("model", "DEFGHIJ")
def test_what_two_places_say_is_sure(model: str) -> None:
    found = read(person_of(model))
    sure = {name for name, one in found.items() if one.sure >= SURE}
    names = {"nombre", "apellido_paterno", "apellido_materno"}
    assert sure >= names | {"cic", "ocr", "seccion", "numero_emision", "clave_elector", "curp", "vigencia"}
    assert found["cic"].source in (Fuente.QR, Fuente.BARRAS, Fuente.MRZ)
    assert found["cic"].side is Side.REVERSO


@pytest.mark.parametrize("model", "CDE")
def test_the_state_is_sure_where_the_address_names_it(model: str) -> None:
    person = person_of(model)
    assert read(person)["entidad"].sure == SURE
    elsewhere = changed(person, "domicilio", "C ROSAS 1\nCOL SOL 98000\nVILLA, JAL.")
    assert read(person, elsewhere)["entidad"].sure <= MOST_ALONE


@given(st.sampled_from(DRAWN_MODELS), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_front_alone_is_sure_of_nothing_but_keys_that_vouch_for_each_other(model: str, sure: float) -> None:
    person = person_of(model)
    front = Seen(page_of(person, Side.ANVERSO, sure=sure))
    made = read_values(shown_of(person, Side.ANVERSO, front), None).found
    sure_ones = {name for name, one in made.items() if one.sure >= SURE}
    assert sure_ones <= {"curp", "clave_elector", "entidad"}
    if sure < MOST_ALONE:
        assert "clave_elector" not in sure_ones


def test_a_back_alone_has_its_numbers_and_names_without_accents() -> None:
    person = person_of("E", "solo")
    made = read_values(None, shown_of(person, Side.REVERSO)).found
    for name in ("cic", "ocr", "seccion", "numero_emision", "vigencia"):
        assert made[name].value == person.values[name]
        assert made[name].sure >= SURE
    for name in ("nombre", "apellido_paterno", "apellido_materno"):
        assert made[name].sure < SURE


def test_nothing_at_all_is_all_fields_empty() -> None:
    made = read_values(None, None)
    assert {one.missing for one in made.found.values()} == {Missing.NOT_FOUND}
    assert tuple(made.found) == FIELDS
    assert made.address == {}
    assert made.contradictions == ()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("JULIETA", "JÚLIÉTA"),
        ("DE LA CEIBA", "DÉ LA CEIBA"),
        ("DE LOS MANZANOS", "DELOS MANZANOS"),
        ("MADROÑO", "MAOROÑO"),
    ],
)
def test_a_name_that_was_read_wrong_is_not_sure(right: str, wrong: str) -> None:
    person = person_of("G")
    mrz = seen_of(person, Side.REVERSO).mrz
    assert mrz is not None
    coded = right.replace("Ñ", "N")
    back = replace(seen_of(person, Side.REVERSO), mrz=replace(mrz, surnames=f"{coded} OLMO", names=coded))
    printed = {**person.printed, "apellido_materno": "OLMO"}
    person = replace(person, printed=printed)
    for text, sure in ((right, True), (wrong, False)):
        names = {**printed, "apellido_paterno": text, "nombre": text}
        front = Seen(page_of(replace(person, printed=names), Side.ANVERSO))
        found = read(person, front, back)
        assert (found["nombre"].sure >= SURE) is sure
        assert (found["apellido_paterno"].sure >= SURE) is sure


def test_an_accent_that_was_read_unclearly_is_not_sure() -> None:
    person = person_of("G")
    front = Seen(page_of(person, Side.ANVERSO, sure=0.8))
    assert read(person, front)["nombre"].sure == pytest.approx(0.8)
    assert read(person)["nombre"].sure == AGREED


def test_a_name_that_the_machine_readable_line_cuts_is_not_sure_but_the_surnames_are() -> None:
    person = person_of("G")
    mrz = seen_of(person, Side.REVERSO).mrz
    assert mrz is not None
    assert mrz.names is not None
    cut = replace(mrz, names=mrz.names[:2], truncated=True)
    found = read(person, back=replace(seen_of(person, Side.REVERSO), mrz=cut))
    assert found["nombre"].sure == MOST_ALONE
    assert found["apellido_paterno"].sure == AGREED


def test_a_curp_of_a_wrong_digit_is_kept_and_doubted() -> None:
    person = flawed(person_of("G"), Flaw.CURP_DIGIT)
    found = read(person)["curp"]
    assert (found.value, found.sure) == (person.printed["curp"], 0.5)


def test_a_curp_read_unclearly_whose_digit_agrees_by_chance_is_not_sure() -> None:
    person = person_of("G")
    key = person.printed["curp"]
    at = next(i for i in (13, 14, 15) if key[i] not in "BZ")
    other = key[:at] + ("B" if key[at] != "B" else "Z") + key[at + 1 : 17]
    made = other + check_digit(other)
    for sure, certain in ((0.99, True), (0.7, False)):
        lines = page_of(person, Side.ANVERSO).lines
        front = Seen(
            Page(tuple(replace(one, text=made, sure=sure) if one.text == key else one for one in lines))
        )
        found = read(person, front)["curp"]
        assert found.value == made
        assert (found.sure >= SURE) is certain


def test_contradicting_codes_leave_a_value_empty() -> None:
    found = read(flawed(person_of("G"), Flaw.QR_CIC))["cic"]
    assert (found.value, found.missing) == (None, Missing.CONTRADICTED)


def test_a_better_reason_replaces_only_an_unknown_one() -> None:
    unknown, known = Found(None, missing=Missing.NOT_FOUND), Found(None, missing=Missing.CONTRADICTED)
    value = Found("1", Fuente.OCR, 0.9)
    assert not_read(unknown, Missing.BAD_IMAGE).missing is Missing.BAD_IMAGE
    assert not_read(known, Missing.BAD_IMAGE) == known
    assert not_read(value, Missing.BAD_IMAGE) == value


@pytest.mark.parametrize(("sure", "birth_agrees"), [(0.35, True), (0.99, False)])
def test_lines_that_were_read_badly_are_not_vouched_for_by_one_digit(sure: float, birth_agrees: bool) -> None:
    """Two wrong characters pass the composite digit one time in ten."""
    person = person_of("J", "movida")
    seen = seen_of(person, Side.REVERSO)
    assert seen.mrz is not None
    emission = f"{(int(person.values['numero_emision']) + 10) % 100:02d}"
    mrz = replace(seen.mrz, emission=emission, birth_agrees=birth_agrees)
    shown = shown_of(person, Side.REVERSO, Seen(seen.page, mrz=mrz))
    assert shown.mrz_line is not None
    back = replace(shown, mrz_line=replace(shown.mrz_line, sure=sure))
    found = read_values(None, back).found
    assert found["numero_emision"].value == emission
    assert found["numero_emision"].sure < SURE
    assert found["ocr"].sure < SURE
    if sure < MOST_ALONE:
        assert found["cic"].sure < SURE
        assert found["vigencia"].sure < SURE
