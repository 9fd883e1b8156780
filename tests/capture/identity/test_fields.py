"""Telephones, e-mails, numbers of the credential, dates, names: one canonical spelling or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.identity import contact, credential_numbers, dates, entidades, names
from capture.identity.errors import IdentityRefusal


@pytest.mark.parametrize(
    ("parse", "typed", "made"),
    [
        (contact.phone, "+52 (492) 123-4567", "4921234567"),
        (contact.email, " Ana.Lopez@Ejemplo.MX ", "ana.lopez@ejemplo.mx"),
        (contact.authentication, "GOOGLE", "google"),
        (credential_numbers.cic, "IDMEX123456789", "123456789"),
        (credential_numbers.cic, "123 456 789", "123456789"),
        (credential_numbers.ocr, "1234567890123", "1234567890123"),
        (credential_numbers.ocr, "123456789012", "123456789012"),
        (credential_numbers.section, "7", "0007"),
        (entidades.entidad, "7", "07"),
        (names.person_name, "  María   de los Ángeles ", "María de los Ángeles"),
        (names.person_name, "O’Farrill-Ñúñez", "O’Farrill-Ñúñez"),
        (names.person_name, "Cafe\u0301", "Café"),
    ],
)
def test_what_is_typed_gets_its_one_spelling(parse: Callable[[str, str], str], typed: str, made: str) -> None:
    assert parse(typed, "campo") == made
    assert parse(made, "campo") == made


@pytest.mark.parametrize(
    ("parse", "typed"),
    [
        (contact.phone, "492123456"),
        (contact.phone, "49212345678"),
        (contact.phone, "0921234567"),
        (contact.phone, "٤921234567"),
        (contact.email, "sin-arroba"),
        (contact.email, "a@b"),
        (contact.email, "a@ejemplo.mx\nBcc: b@ejemplo.mx"),
        (contact.authentication, "otra"),
        (credential_numbers.cic, "12345678"),
        (credential_numbers.cic, "12345678A"),
        (credential_numbers.cic, "1234567890"),
        (credential_numbers.ocr, "12345678901"),
        (credential_numbers.ocr, "12345678901234"),
        (credential_numbers.section, "12345"),
        (entidades.entidad, "0"),
        (entidades.entidad, "33"),
        (names.person_name, " "),
        (names.person_name, "4"),
        (names.person_name, "Ana <script>"),
        (names.person_name, "A" * 101),
        (names.person_name, "Ana\u202e"),
    ],
)
def test_another_form_is_refused_with_its_field(parse: Callable[[str, str], str], typed: str) -> None:
    with pytest.raises(IdentityRefusal) as refused:
        parse(typed, "mi campo")
    assert refused.value.place == "mi campo"


def test_the_qr_of_the_back_gives_cic_and_ocr() -> None:
    made = credential_numbers.back_code("http://qr.ine.mx/180112345678902123456789/20190101/V/123456")
    assert made == credential_numbers.BackCode("123456789", "1801123456789", emission="02")


@pytest.mark.parametrize("text", ["", "http://qr.ine.mx/1", "http://otro.mx/180112345678902123456789/2/V/1"])
def test_another_code_is_not_the_back(text: str) -> None:
    with pytest.raises(IdentityRefusal, match=r"qr\.reverso"):
        credential_numbers.back_code(text)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_dates_are_read_in_both_spellings(day: date) -> None:
    assert dates.calendar_date(f"{day:%d/%m/%Y}", "f") == day
    assert dates.calendar_date(day.isoformat(), "f") == day


@pytest.mark.parametrize("text", ["", "31/02/2000", "2000-13-01", "1/1/80", "01/01/1899", "mañana"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(IdentityRefusal):
        dates.calendar_date(text, "f")


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
def test_eighteen_is_completed_on_the_birthday_and_not_the_day_before(birth: date) -> None:
    leap = (birth.month, birth.day) == (2, 29)
    on = date(birth.year + 18, 3 if leap else birth.month, 1 if leap else birth.day)
    dates.require_adult(birth, on)
    with pytest.raises(IdentityRefusal, match=r"\[edad\]"):
        dates.require_adult(birth, on.fromordinal(on.toordinal() - 1))
