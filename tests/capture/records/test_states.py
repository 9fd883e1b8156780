"""The table of states: every pair with every actor and cause against a list written by hand."""

from __future__ import annotations

from itertools import product

import pytest

from capture.records.errors import RecordRefusal
from capture.records.states import (
    TABLE,
    Causa,
    Columna,
    Estado,
    Quien,
    columna,
    followers,
    require_allowed,
)

ALLOWED = """
- recibido sistema recepcion
- recibido operador captura-manual
- baja-de-auxiliar sistema baja-de-auxiliar
- fuera-de-periodo sistema fuera-de-periodo
- dispositivo-no-autorizado sistema dispositivo-no-autorizado
recibido baja-de-auxiliar sistema baja-de-auxiliar
recibido fuera-de-periodo sistema fuera-de-periodo
recibido dispositivo-no-autorizado sistema dispositivo-no-autorizado
recibido en-procesamiento sistema procesamiento
en-procesamiento en-mesa-de-control sistema procesado
en-procesamiento en-mesa-de-control sistema cuerpo-falta
en-procesamiento en-mesa-de-control sistema cuerpo-no-abre
en-procesamiento en-mesa-de-control sistema cuerpo-no-corresponde
en-mesa-de-control en-procesamiento derfe reproceso
en-procesamiento duplicado sistema duplicado
en-mesa-de-control duplicado sistema duplicado
con-inconsistencia duplicado sistema duplicado
para-envio-a-compulsa duplicado sistema duplicado
compulsado duplicado sistema duplicado
en-mesa-de-control con-inconsistencia operador revision
en-mesa-de-control para-envio-a-compulsa operador revision
con-inconsistencia para-envio-a-compulsa operador segunda-revision
con-inconsistencia para-envio-a-compulsa audiencia manifestacion
para-envio-a-compulsa con-inconsistencia operador segunda-revision
con-inconsistencia con-inconsistencia operador segunda-revision
compulsado con-inconsistencia operador segunda-revision
para-envio-a-compulsa compulsado sistema compulsa
para-envio-a-compulsa compulsado derfe compulsa
compulsado para-envio-a-compulsa audiencia datos-corregidos
compulsado para-envio-a-compulsa derfe nueva-compulsa
compulsado para-envio-a-compulsa sistema nueva-compulsa
compulsado compulsado audiencia documento-presentado
compulsado final sistema entrega
compulsado final derfe entrega
con-inconsistencia final sistema entrega
con-inconsistencia final derfe entrega
"""
LINES = {tuple(line.split()) for line in ALLOWED.split("\n") if line}
ENDS = {"duplicado", "final", "baja-de-auxiliar", "fuera-de-periodo", "dispositivo-no-autorizado"}


@pytest.mark.req("APO-18", "APO-22")
def test_exactly_the_listed_changes_are_allowed() -> None:
    allowed = set()
    for de, a, quien, causa in product([None, *Estado], Estado, Quien, Causa):
        try:
            require_allowed(de, a, quien, causa, "prueba")
        except RecordRefusal:
            continue
        allowed.add((de.value if de else "-", a.value, quien.value, causa.value))
    assert allowed == LINES


def test_end_states_have_no_followers() -> None:
    assert {state.value for state in Estado if not followers(state)} == ENDS


@pytest.mark.parametrize(
    ("de", "a", "quien", "causa", "rule"),
    [
        (Estado.RECIBIDO, Estado.FINAL, Quien.DERFE, Causa.ENTREGA, "registro.transicion"),
        (Estado.EN_MESA, Estado.PARA_COMPULSA, Quien.DERFE, Causa.REVISION, "registro.quien"),
        (Estado.EN_MESA, Estado.PARA_COMPULSA, Quien.OPERADOR, Causa.COMPULSA, "registro.causa"),
    ],
)
def test_a_refusal_says_which_rule_and_what_would_have_been_allowed(
    de: Estado, a: Estado, quien: Quien, causa: Causa, rule: str
) -> None:
    with pytest.raises(RecordRefusal) as refused:
        require_allowed(de, a, quien, causa, "registro 1")
    assert refused.value.rule == rule
    assert refused.value.expected


@pytest.mark.req("APO-21")
def test_every_state_is_in_one_figure_and_every_figure_has_a_state() -> None:
    figures = {columna(state, inciso) for state in Estado for inciso in (None, "a")}
    assert figures == set(Columna)


def test_a_final_record_with_an_inciso_is_counted_with_inconsistencies() -> None:
    assert columna(Estado.FINAL, "e") is Columna.CON_INCONSISTENCIA
    assert columna(Estado.FINAL, None) is Columna.PARA_COMPULSA


def test_no_change_is_without_actor_or_cause() -> None:
    assert all(reasons and all(reasons.values()) for reasons in TABLE.values())
