"""Which value counts when the device and the images speak of the same field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.processing.datos import Datos, Fuente, Valor
from capture.reading.merging import alike, merge
from tests.capture.reading.making import CLAVE, card, found, reading

OTHER = "ZZZZZZ80010132M100"


def _merged(said: Valor | None, sure: float, source: Fuente = Fuente.OCR, numbered: str = "cic") -> object:
    device = Datos({} if said is None else {"clave_elector": said}, {"modelo": "G"})
    values = {"clave_elector": found(CLAVE, source, sure)}
    return merge(device, reading(card(values=values)), numbered)


def test_two_sources_that_agree_are_surer_than_each() -> None:
    made = _merged(Valor(CLAVE, Fuente.DISPOSITIVO, 0.5), 0.9)
    assert made.datos.campos["clave_elector"] == Valor(CLAVE, Fuente.OCR, 0.95) and not made.differences


def test_one_source_twice_is_not_surer() -> None:
    made = _merged(Valor(CLAVE, Fuente.OCR, 0.7), 0.9)
    assert made.datos.campos["clave_elector"] == Valor(CLAVE, Fuente.OCR, 0.9)


def test_spaces_capitals_and_accents_make_no_difference_and_the_devices_spelling_stays() -> None:
    made = _merged(Valor(f" {CLAVE.lower()} ", Fuente.QR, 1.0), 0.9)
    assert made.datos.campos["clave_elector"] == Valor(f" {CLAVE.lower()} ", Fuente.QR, 1.0)
    assert alike("Díaz de la O", "DIAZ DELAO") and not alike("MUÑOZ", "MUNOZ")


@pytest.mark.req("APO-10")
@pytest.mark.parametrize("source", [Fuente.QR, Fuente.BARRAS, Fuente.MRZ, Fuente.MANUAL])
def test_what_the_device_took_from_a_code_is_not_edited(source: Fuente) -> None:
    made = _merged(Valor(OTHER, source, 1.0), 0.99, Fuente.MRZ)
    assert made.datos.campos["clave_elector"] == Valor(OTHER, source, 0.01)
    assert [(one.name, one.device_stays) for one in made.differences] == [("clave_elector", True)]


def test_what_the_device_guessed_gives_way_to_what_is_sure_and_both_are_kept() -> None:
    said = Valor(OTHER, Fuente.DISPOSITIVO, 0.5)
    made = _merged(said, 0.97, Fuente.MRZ)
    assert made.datos.campos["clave_elector"] == Valor(CLAVE, Fuente.MRZ, 0.97)
    assert [(one.device, one.read.value, one.device_stays) for one in made.differences] == [
        (said, CLAVE, False)
    ]


def test_a_guess_does_not_give_way_to_a_guess() -> None:
    made = _merged(Valor(OTHER, Fuente.DISPOSITIVO, 0.5), 0.9)
    assert made.datos.campos["clave_elector"] == Valor(OTHER, Fuente.DISPOSITIVO, 0.05)


def test_the_number_of_the_acuse_never_changes() -> None:
    device = Datos({"cic": Valor("987654321", Fuente.DISPOSITIVO, 0.5)})
    made = merge(device, reading(card(values={"cic": found("123456789", Fuente.QR, 1.0)})), "cic")
    assert made.datos.text("cic") == "987654321" and made.differences[0].device_stays
    other = merge(device, reading(card(values={"cic": found("123456789", Fuente.QR, 1.0)})), "ocr")
    assert other.datos.text("cic") == "123456789"


def test_what_only_the_images_say_comes_with_its_source() -> None:
    made = _merged(None, 0.98765, Fuente.MRZ)
    assert made.datos.campos["clave_elector"] == Valor(CLAVE, Fuente.MRZ, 0.9877)
    assert made.datos.contexto == {"modelo": "G"}


@given(st.sampled_from([None, *Fuente]), st.floats(0, 1), st.sampled_from([CLAVE, OTHER]), st.floats(0, 1))
def test_every_value_comes_from_device_or_image_and_a_certainty_is_one(
    source: Fuente | None, certeza: float, value: str, sure: float
) -> None:
    said = None if source is None else Valor(value, source, certeza)
    kept = _merged(said, sure).datos.campos["clave_elector"]
    assert kept.valor in (value, CLAVE) and 0 <= kept.certeza <= 1
