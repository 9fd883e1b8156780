"""The table of inconsistencies against the text of the annex, and what an OPL may change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from capture.mesa.catalogue import (
    CAPTURA_MANUAL,
    DERFE,
    Catalogue,
    Outcome,
    parse_rows,
    require_before_start,
    require_outcome,
)
from capture.mesa.errors import MesaRefusal
from keys.errors import FormatRefusal
from tests.capture.records.making import START

ANNEX = """
Imagen diferente a una Credencial para Votar
Dos anversos/dos reversos misma Credencial para Votar
Anversos o reversos de distintas Credenciales para Votar
Pantalla/Monitor/otro.
Blanco y negro/a color
CPV ilegible (precisar el dato ilegible, Clave de Elector, OCR, Número de Emisión o CIC)
Persona distinta
Precisar objeto fotografiado, (indicar de qué elemento o de dónde se presume fue obtenida la fotografía)
Precisar por qué se impide el pleno reconocimiento de la o el ciudadano (Uso de cubrebocas, caretas, lentes oscuros, gorra, etc. ).
Símbolo distinto (especificar el símbolo de que se trata)
Nombre distinto
Firma manuscrita distinta
Sin firma
Información sobrepuesta, información no coincide (especificar la situación identificada).
""".strip().split("\n")  # noqa: E501 - as it is in the annex


@pytest.mark.req("APO-18")
def test_the_table_is_the_one_of_the_annex_word_by_word() -> None:
    assert [row.inciso for row in DERFE.rows] == list("abcdefghijklmn")
    assert [row.detalle for row in DERFE.rows] == ANNEX
    assert [row.inciso for row in DERFE.rows if row.especificar] == list("fhijn")


@pytest.mark.req("APO-17")
def test_paper_has_its_four_criteria() -> None:
    assert [row.detalle for row in CAPTURA_MANUAL.rows] == [
        "Cédula en copia",
        "Foto no válida",
        "Sin copia de credencial",
        "Sin leyenda",
    ]


def test_what_must_be_specified_is_part_of_the_detail() -> None:
    found = require_outcome(DERFE, Outcome("j", "una paloma"))
    assert found is not None
    assert found[1] == "Símbolo distinto (especificar el símbolo de que se trata): una paloma"
    assert require_outcome(DERFE, Outcome()) is None


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        (Outcome("j"), "mesa.especificar"),
        (Outcome("j", "  "), "mesa.especificar"),
        (Outcome("j", "x" * 201), "mesa.especificar"),
        (Outcome("a", "dos\nlíneas"), "mesa.especificar"),
        (Outcome("z"), "mesa.inciso"),
        (Outcome(None, "algo"), "mesa.valido"),
    ],
)
def test_an_outcome_that_the_catalogue_lacks_is_refused(outcome: Outcome, rule: str) -> None:
    with pytest.raises(MesaRefusal) as refused:
        require_outcome(DERFE, outcome)
    assert refused.value.rule == rule


def test_a_catalogue_survives_its_own_text() -> None:
    assert parse_rows(DERFE.encode(), 0) == DERFE
    assert parse_rows(DERFE.encode(), 3) == Catalogue(3, DERFE.rows)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '[{"inciso": "a"}]',
        '[{"inciso": "aa", "tipo": "t", "detalle": "d"}]',
        '[{"inciso": "a", "tipo": "", "detalle": "d"}]',
        '[{"inciso": "a", "tipo": "t", "detalle": "d", "especificar": 2}]',
        '[{"inciso": "a", "tipo": "t", "detalle": "d"}, {"inciso": "a", "tipo": "t", "detalle": "d"}]',
        '[{"inciso": 3, "tipo": "t", "detalle": "d"}]',
    ],
)
def test_a_catalogue_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(FormatRefusal, match="mesa"):
        parse_rows(text, 1)


@pytest.mark.req("APO-18")
def test_criteria_change_before_the_start_and_never_after() -> None:
    require_before_start(START - timedelta(microseconds=1), START)
    with pytest.raises(MesaRefusal, match=r"mesa\.catalogo\.plazo"):
        require_before_start(START, START)
