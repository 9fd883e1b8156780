"""Age, vigencia, section and lista nominal (SEI-05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.identity.dates import age
from capture.padron.situacion import Situacion
from capture.preregistro.eligibility import MAX_AGE, Asked, Ineligible, Unit, is_adult, judge, unit_of
from capture.preregistro.form import read_data
from tests.capture.preregistro.asking import fields_of

pytestmark = pytest.mark.req("SEI-05")
JORNADA = date(2027, 5, 1)
UNITS = (Unit("09-001", "San Pedro", "MILPA ALTA"), Unit("09-002", "Santa Ana", "MILPA ALTA"))
DATA = read_data(fields_of(1))
GOOD = Asked(DATA, JORNADA, UNITS, Situacion.LISTA_NOMINAL)


def test_who_has_everything_may() -> None:
    assert judge(GOOD) is None


@pytest.mark.parametrize("situacion", [one for one in Situacion if not one.counts])
def test_no_other_situacion_registral_counts(situacion: Situacion) -> None:
    assert judge(replace(GOOD, situacion=situacion)) is Ineligible.LISTA


@pytest.mark.parametrize(
    ("year", "why"), [("2026", Ineligible.VIGENCIA), ("2027", None), ("2031", None), ("", None)]
)
def test_a_credential_is_in_force_to_the_end_of_its_year(year: str, why: Ineligible | None) -> None:
    assert judge(replace(GOOD, data=replace(DATA, vigencia=year))) is why


def test_a_section_without_unidades_territoriales_has_no_urn() -> None:
    assert judge(replace(GOOD, units=())) is Ineligible.SECCION


@given(st.dates(date(1912, 6, 1), date(2026, 12, 31)))
def test_adults_are_found_by_either_birth_that_a_clave_may_mean(born: date) -> None:
    clave = f"GMVLAN{born:%y%m%d}09M100"
    older = (
        born.replace(year=born.year - 100)
        if born.year >= 2000 and (born.month, born.day) != (2, 29)
        else None
    )
    ages = [age(one, JORNADA) for one in (born, older) if one is not None]
    assert is_adult(clave, JORNADA) == any(18 <= one <= MAX_AGE for one in ages)


def test_the_eighteenth_birthday_may_be_that_of_the_jornada() -> None:
    birthday = date(2009, 5, 1)
    assert is_adult(f"GMVLAN{birthday:%y%m%d}09M100", JORNADA)
    assert not is_adult(f"GMVLAN{birthday + timedelta(days=1):%y%m%d}09M100", JORNADA)


def test_the_unidad_is_one_of_the_section_however_it_is_spelled() -> None:
    assert unit_of(replace(DATA, unidad="SAN  PEDRO"), UNITS) == UNITS[0]
    assert unit_of(replace(DATA, unidad="Otra"), UNITS) is None
