"""What a front prints, from lines as engines give them; drawn people say what is true."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.credential.fields import back_number, clave_from, curp_from, front_values
from capture.credential.layouts import ABROAD, DRAWN_MODELS, layout
from capture.credential.text import Line, Page
from capture.identity.clave_elector import clave_elector
from capture.identity.curp import curp
from capture.reading.results import Side
from tests.capture.credential.pages import line, page_of, person_of

_READ = {"folio", "edad"}
"""Printed, but asked for by nobody."""
_CONFUSED = {**dict(zip("0125678", "OIZSGTB", strict=True)), "O": "0", "I": "1", "S": "5", "B": "8", "Z": "2"}
letters = st.sampled_from(string.ascii_uppercase)
seeds = st.text(string.ascii_lowercase, min_size=1, max_size=6)


def texts(page: Page) -> dict[str, str]:
    return {name: printed.text for name, printed in front_values(page).items()}


@given(st.sampled_from(DRAWN_MODELS), seeds)
@settings(max_examples=60, deadline=None)
def test_everything_on_a_front_is_read_exactly(model: str, seed: str) -> None:
    person = person_of(model, seed)
    printed = {name: person.printed[name] for name in layout(model, Side.ANVERSO).fields - _READ}
    printed["vigencia"] = printed.get("vigencia", "")[-4:]
    wanted = {name: text for name, text in printed.items() if text}
    assert texts(page_of(person, Side.ANVERSO)) == wanted
    assert texts(page_of(person, Side.ANVERSO, jitter=0.004)) == wanted


@given(st.sampled_from(DRAWN_MODELS), st.lists(st.integers(0, 60), max_size=20))
@settings(max_examples=60, deadline=None)
def test_without_some_lines_nothing_is_invented(model: str, lost: list[int]) -> None:
    """What is read is what is printed, or a part of it where rows of a name or address are gone."""
    person, page = person_of(model), page_of(person_of(model), Side.ANVERSO)
    kept = Page(tuple(one for at, one in enumerate(page.lines) if at not in lost))
    rows = {*person.printed.values(), *(person.printed.get("domicilio", "").split("\n"))}
    for name, text in texts(kept).items():
        for row in text.split("\n"):
            assert row in rows or (name == "vigencia" and row in person.printed["vigencia"]), name


def test_abroad_there_is_no_address() -> None:
    for model in ABROAD:
        assert "domicilio" not in texts(page_of(person_of(model), Side.ANVERSO))


def test_an_empty_page_says_nothing() -> None:
    assert front_values(Page(())) == {}


@pytest.mark.parametrize(
    "read",
    [
        "CURP {}",
        "CURP{}",
        "CURP: {}",
        "{}",
        "{} AÑO DE REGISTRO 2010 02",
    ],
)
def test_a_curp_however_it_is_cut_from_its_label(read: str) -> None:
    key = person_of("G").printed["curp"]
    assert texts(Page((line(read.format(key)),))).get("curp") == key
    spaced = f"{key[:4]} {key[4:10]} {key[10:]}"
    assert texts(Page((line(read.format(spaced)),))).get("curp") == key


@given(st.sampled_from("CDEFGHIJ"), seeds, st.sets(st.integers(0, 17), max_size=5))
@settings(deadline=None)
def test_what_readers_confuse_is_set_right_by_its_place(model: str, seed: str, places: set[int]) -> None:
    printed = person_of(model, seed).printed
    clave = printed["clave_elector"]
    read = "".join(_CONFUSED.get(c, c) if at in places - {14} else c for at, c in enumerate(clave))
    assert clave_from(read) == clave
    key = printed["curp"]
    read = "".join(_CONFUSED.get(c, c) if at in places - {10} else c for at, c in enumerate(key))
    assert curp_from(read) == key


@given(st.text(string.ascii_uppercase + string.digits + "Ñ ", max_size=22))
def test_only_the_forms_come_out(text: str) -> None:
    made = clave_from(text)
    if made is not None:
        assert clave_elector(made).text == made
    made = curp_from(text)
    assert made is None or (len(made) == 18 and made[4:10].isdigit())


@given(st.integers(0, 17), st.sampled_from(string.ascii_uppercase + string.digits))
def test_a_curp_with_one_wrong_character_is_read_as_it_is_and_fails_its_digit(at: int, other: str) -> None:
    key = person_of("G").printed["curp"]
    made = curp_from(key[:at] + other + key[at + 1 :])
    assert made is None or len(made) == 18
    if made == key:
        assert curp(made).text == key


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (("CEDRO", "OLMO", "ELENA"), ("CEDRO", "OLMO", "ELENA")),
        (("DE LA CEIBA", "NUÑO", "MARÍA JOSÉ"), ("DE LA CEIBA", "NUÑO", "MARÍA JOSÉ")),
        (("CEDRO", "ELENA"), ("CEDRO", None, "ELENA")),
        (("CEDRO", "DE LOS", "SAUCES", "ELENA"), (None, None, None)),
        (("CEDRO", "OLMO", "ELENA", "C 16 DE JUNIO 40"), ("CEDRO", "OLMO", "ELENA")),
        (("CEDR0", "0LMO", "ELENA 01/02/1980"), ("CEDRO", "OLMO", "ELENA")),
        (("CEDRO",), (None, None, None)),
    ],
)
def test_rows_under_nombre(rows: tuple[str, ...], names: tuple[str | None, ...]) -> None:
    lines = [line("NOMBRE"), *(line(row, top=0.15 + 0.05 * at) for at, row in enumerate(rows))]
    read = texts(Page(tuple(lines)))
    assert (read.get("apellido_paterno"), read.get("apellido_materno"), read.get("nombre")) == names


@pytest.mark.parametrize(
    ("read", "field", "value"),
    [
        ("SECCIÓN O123", "seccion", "0123"),
        ("SECCIÓN 123", "seccion", None),
        ("SECCIÓN 01234", "seccion", None),
        ("ESTADO 32 MUNICIPIO 017", "entidad", "32"),
        ("ESTADO 32 MUNICIPIO 017", "municipio", "017"),
        ("VIGENCIA 2019 - 2029", "vigencia", "2029"),
        ("VIGENCIA 2019-2029", "vigencia", "2029"),
        ("VIGENCIA HASTA 2024", "vigencia", "2024"),
        ("AÑO DE REGISTRO 2010 02", "numero_emision", "02"),
        ("AÑO DE REGISTRO 201002", "numero_emision", "02"),
        ("AÑO DE REGISTRO 2010", "numero_emision", None),
        ("AÑO DE REGISTRO 2010", "anio_registro", "2010"),
        ("SEXO M", "sexo", "M"),
        ("SEXO Q", "sexo", None),
    ],
)
def test_numbers_beside_their_labels(read: str, field: str, value: str | None) -> None:
    assert texts(Page((line(read),))).get(field) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0123456789012", "0123456789012"),
        ("O123 456789012", "0123456789012"),
        ("012345678901", "012345678901"),
    ],
)
def test_the_number_of_the_oldest_backs(text: str, number: str) -> None:
    found = back_number((line("PRESIDENTE"), line(text)))
    assert found is not None
    assert found.text == number


@pytest.mark.parametrize("text", ["01234567890", "01234567890123", "IDMEX1234567897", "01/02/2010"])
def test_other_numbers_of_a_back_are_not_it(text: str) -> None:
    assert back_number((line(text),)) is None


def test_a_back_with_machine_readable_lines_has_its_number_in_them() -> None:
    lines: tuple[Line, ...] = (line("0123456789012"), line("IDMEX1234567897<<0123456789012"))
    assert back_number(lines) is None
