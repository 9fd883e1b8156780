"""Claves de elector and CURP: their form, their check digit, and what they must say alike."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.identity.clave_elector import clave_elector
from capture.identity.crosscheck import require_same_person
from capture.identity.curp import check_digit, curp
from capture.identity.entidades import BY_CURP, ENTIDADES
from capture.identity.errors import IdentityRefusal
from tests.capture import registration_samples as samples

births = st.dates(date(1900, 1, 2), date(2026, 1, 1))
places = st.sampled_from([*ENTIDADES, "87", "88"])
letters = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=6, max_size=6)


@given(letters, births, places, st.sampled_from("HM"), st.integers(0, 999))
def test_every_well_formed_clave_is_read_back(
    head: str, birth: date, place: str, sexo: str, number: int
) -> None:
    text = f"{head}{birth:%y%m%d}{place}{sexo}{number:03d}"
    made = clave_elector(f" {text[:6].lower()} {text[6:]}")
    assert (made.text, made.entidad, made.sexo) == (text, place, sexo)
    assert birth in made.births()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "clave.largo"),
        (samples.clave()[:17], "clave.largo"),
        (samples.clave().replace("PRL", "PR1"), "clave.forma"),
        (samples.clave(sexo="X"), "clave.forma"),
        (samples.clave(birth="801301"), "clave.fecha"),
        (samples.clave(birth="800230"), "clave.fecha"),
        (samples.clave(entidad="33"), "clave.entidad"),
        (samples.clave(entidad="00"), "clave.entidad"),
        (samples.clave().replace("800101", "８00101"), "clave.forma"),
    ],
)
def test_a_clave_with_one_error_says_which(text: str, rule: str) -> None:
    with pytest.raises(IdentityRefusal) as refused:
        clave_elector(text)
    assert refused.value.rule == rule
    assert text == "" or text not in str(refused.value)


def test_the_29_of_february_is_a_date_when_one_of_the_centuries_has_it() -> None:
    assert clave_elector(samples.clave(birth="000229")).births() == (date(2000, 2, 29),)
    with pytest.raises(IdentityRefusal):
        clave_elector(samples.clave(birth="010229"))


def test_the_check_digit_of_a_published_example() -> None:
    # The example of the Wikipedia article on the CURP, and the specimen of RENAPO's own instructivo.
    assert check_digit("HEGG560427MVZRRL0") == "4"
    assert curp("hegg560427 mvzrrl04").birth == date(1956, 4, 27)


@given(births, st.sampled_from("HMX"), st.sampled_from([*BY_CURP, "NE"]))
def test_every_curp_is_read_back_and_every_changed_character_is_noticed(
    birth: date, sexo: str, place: str
) -> None:
    text = samples.curp(f"{birth:%y%m%d}", sexo, place, "0" if birth.year < 2000 else "A")
    made = curp(text)
    assert (made.birth, made.sexo) == (birth, sexo)
    other = str((int(text[-1]) + 1) % 10)
    with pytest.raises(IdentityRefusal, match=r"curp\.digito"):
        curp(text[:-1] + other)


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        (samples.curp(birth="810101"), "cruce.fecha"),
        (samples.curp(sexo="M"), "cruce.sexo"),
        (samples.curp(entidad="DG"), "cruce.entidad"),
        (samples.curp(entidad="NE"), "cruce.entidad"),
    ],
)
def test_a_curp_of_somebody_else_is_refused(key: str, rule: str) -> None:
    with pytest.raises(IdentityRefusal, match=rule):
        require_same_person(None, clave_elector(samples.clave()), curp(key))


def test_a_curp_of_the_same_person_is_accepted() -> None:
    require_same_person(date(1980, 1, 1), clave_elector(samples.clave()), curp(samples.curp()))
    require_same_person(date(1980, 1, 1), clave_elector(samples.clave()), curp(samples.curp(sexo="X")))
    abroad = clave_elector(samples.clave(entidad="88"))
    require_same_person(None, abroad, curp(samples.curp(entidad="NE")))


def test_a_birth_date_of_somebody_else_is_refused() -> None:
    with pytest.raises(IdentityRefusal, match=r"cruce\.fecha"):
        require_same_person(date(1980, 1, 2), clave_elector(samples.clave()), None)
