"""002 §7.3 as a table: every kind of record with every change, with and without its documents."""

from __future__ import annotations

from itertools import chain, combinations, product

import pytest

from capture.audiencia.errors import AudienciaRefusal
from capture.audiencia.rules import BY_SITUACION, Cambio, Documento, require_change, rule_for
from capture.padron.situacion import Situacion
from capture.records.states import Estado

ALLOWED = {
    (None, Cambio.RETIRAR_INCONSISTENCIA): set(),
    (Situacion.DATOS_NO_ENCONTRADOS, Cambio.MODIFICAR_DATOS): {Documento.INFORMACION_NUEVA},
    (Situacion.BAJA_DE_LISTA_NOMINAL, Cambio.MODIFICAR_DATOS): {Documento.INFORMACION_NUEVA},
    (Situacion.SUSPENSION, Cambio.ACREDITAR): {
        Documento.DOCUMENTO_DE_AUTORIDAD,
        Documento.SOLICITUD_DE_ACTUALIZACION,
    },
    (Situacion.CANCELACION, Cambio.ACREDITAR): {Documento.COPIA_DE_CREDENCIAL},
    (Situacion.DUPLICADO, Cambio.ACREDITAR): {Documento.COPIA_DE_CREDENCIAL},
    (Situacion.REGISTRO_NO_ENCONTRADO, Cambio.MODIFICAR_DATOS): {Documento.DATOS_CORRECTOS_VIGENTES},
}
"""Situación (None: an inconsistency of the mesa) and change -> what must be presented."""
SUBSETS = [
    frozenset(some)
    for some in chain.from_iterable(combinations(Documento, size) for size in range(len(Documento) + 1))
]


@pytest.mark.req("APO-22")
@pytest.mark.parametrize("situacion", [None, *Situacion])
def test_only_the_changes_of_the_annex_with_their_documents(situacion: Situacion | None) -> None:
    estado = Estado.CON_INCONSISTENCIA if situacion is None else Estado.COMPULSADO
    rule = rule_for(estado, situacion, "registro 1")
    for cambio, documents in product(Cambio, SUBSETS):
        with_data = cambio is Cambio.MODIFICAR_DATOS
        needed = ALLOWED.get((situacion, cambio))
        expected = cambio is Cambio.SIN_MODIFICACION or (needed is not None and needed <= documents)
        try:
            require_change(rule, cambio, "se manifestó", documents, with_data, "registro 1")
        except AudienciaRefusal:
            assert not expected
        else:
            assert expected


def test_a_change_needs_a_manifestation_and_leaving_it_needs_none() -> None:
    rule = rule_for(Estado.CON_INCONSISTENCIA, None, "registro 1")
    require_change(rule, Cambio.SIN_MODIFICACION, "", (), False, "registro 1")
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.manifestacion"):
        require_change(rule, Cambio.RETIRAR_INCONSISTENCIA, " ", (), False, "registro 1")


def test_data_change_only_where_the_change_is_of_data() -> None:
    new = rule_for(Estado.COMPULSADO, Situacion.DATOS_NO_ENCONTRADOS, "registro 1")
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.datos"):
        require_change(new, Cambio.MODIFICAR_DATOS, "m", [Documento.INFORMACION_NUEVA], False, "registro 1")
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.datos"):
        require_change(new, Cambio.SIN_MODIFICACION, "m", (), True, "registro 1")
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.datos"):
        inconsistency = rule_for(Estado.CON_INCONSISTENCIA, None, "registro 1")
        require_change(inconsistency, Cambio.RETIRAR_INCONSISTENCIA, "m", (), True, "registro 1")


@pytest.mark.parametrize(
    "estado", [e for e in Estado if e not in (Estado.CON_INCONSISTENCIA, Estado.COMPULSADO)]
)
def test_other_records_are_not_for_an_audiencia(estado: Estado) -> None:
    with pytest.raises(AudienciaRefusal, match=r"audiencia\.estado"):
        rule_for(estado, None, "registro 1")


def test_every_situacion_has_its_row_and_every_allowed_change_its_source() -> None:
    assert set(BY_SITUACION) == set(Situacion)
    assert all(rule.fuente for rule in BY_SITUACION.values() if rule.cambio)
