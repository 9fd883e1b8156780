"""CURP and clave de elector of names that are not simple."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.identity.clave_elector import clave_elector
from capture.identity.composing import Born, compose_clave, compose_curp
from capture.identity.crosscheck import require_same_person
from capture.identity.curp import curp
from capture.identity.entidades import ENTIDADES

DAY = date(1988, 2, 29)


@pytest.mark.parametrize(
    ("paternal", "maternal", "name", "letters", "consonants"),
    [
        ("PALMA", "CEDRO", "ELENA", "PACE", "LDL"),
        ("DE LA PEÑA", "DEL OLMO", "MARÍA DE LOS ÁNGELES", "PEOA", "XLN"),
        ("ÁLAMO", "NUÑO", "JOSÉ LUIS", "AANL", "LXS"),
        ("YUCA", "", "MARÍA", "YUXM", "CXR"),
    ],
)
def test_letters_come_from_the_words_that_count(
    paternal: str, maternal: str, name: str, letters: str, consonants: str
) -> None:
    made = compose_curp(Born(paternal, maternal, name, DAY, "M", "32"))
    assert (made[:4], made[13:16]) == (letters, consonants)


words = st.text(st.sampled_from("ABCDEGILMNÑOPRSTUÁÉÍÓÚÜ"), min_size=2, max_size=9)


@given(words, words, words, st.dates(date(1930, 1, 1), date(2008, 12, 31)), st.sampled_from("HM"))
def test_what_is_composed_passes_the_checks_and_is_of_one_person(
    paternal: str, maternal: str, name: str, day: date, sex: str
) -> None:
    for entidad in ("87", *sorted(ENTIDADES)[:2]):
        born = Born(paternal, maternal, name, day, sex, entidad)
        clave, key = clave_elector(compose_clave(born, "123")), curp(compose_curp(born))
        require_same_person(day, clave, key)
