"""Machine-readable lines as in the examples that ICAO publishes (Doc 9303, parts 3 and 5)."""

from __future__ import annotations

from datetime import date

import pytest

from capture.specimens.mrz_lines import MrzData, compose_mrz, icao_digit, mrz_letters

# Doc 9303-3, appendix A, and the specimen of a TD1 card of Doc 9303-5, appendix B.
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


@pytest.mark.parametrize(
    ("text", "digit"),
    [("520727", "3"), ("AB2134<<<", "5"), ("D23145890", "7"), ("740812", "2"), ("120415", "9")],
)
def test_the_examples_of_icao(text: str, digit: str) -> None:
    assert icao_digit(text) == digit


def test_the_composite_digit_of_the_specimen_of_icao() -> None:
    first, second, _names = TD1
    assert icao_digit(first[5:] + second[:7] + second[8:15] + second[18:29]) == second[29]


def data(**changes: str) -> MrzData:
    plain = {"cic": "123456789", "ocr": "0001234567890", "sex": "M", "emission": "01", "number": "12345"}
    names = {"paternal": "DE LA PEÑA", "maternal": "ÁLAMO", "name": "MARÍA JOSÉ"}
    return MrzData(birth=date(1990, 3, 9), expiry=date(2031, 12, 31), **(plain | names | changes))


def test_every_line_has_thirty_characters_of_the_alphabet() -> None:
    for changes in ({}, {"name": "FRANCISCO ALEJANDRO MAXIMILIANO"}, {"maternal": ""}):
        for line in compose_mrz(data(**changes)):
            assert len(line) == 30
            assert set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")


def test_the_places_of_the_lines() -> None:
    first, second, third = compose_mrz(data())
    assert first == f"IDMEX123456789{icao_digit('123456789')}<<0001234567890"
    assert second[:29] == f"900309{icao_digit('900309')}M311231{icao_digit('311231')}MEX<01<<12345<"
    assert second[29] == icao_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    assert third == "DE<LA<PENA<ALAMO<<MARIA<JOSE<<"


def test_letters_of_names() -> None:
    assert mrz_letters("Nuño-Agüero D'Ébano") == "NUNO<AGUERO<DEBANO"
