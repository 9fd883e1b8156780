"""The table of states: nothing follows an end, and every way ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.states import FINAL, EstadoSolicitud, Paso, after


@given(st.lists(st.sampled_from(Paso), max_size=12))
def test_whatever_is_tried_an_end_stays_and_a_clave_needs_a_decision(steps: list[Paso]) -> None:
    estado, done = EstadoSolicitud.INICIADA, list[Paso]()
    for paso in steps:
        try:
            following = after(estado, paso)
        except PreregistroRefusal:
            continue
        assert estado not in FINAL
        estado, done = following, [*done, paso]
    if estado is EstadoSolicitud.APROBADA:
        assert done[-1] is Paso.APROBACION
        read = {Paso.LECTURA, Paso.SIN_MAS_INTENTOS, Paso.CONFIRMACION}
        assert read & set(done), "never before it was read, or confirmed"
    assert done.count(Paso.APROBACION) <= 1


@pytest.mark.parametrize("estado", [e for e in EstadoSolicitud if e not in FINAL])
def test_from_every_state_each_end_that_is_open_can_be_reached(estado: EstadoSolicitud) -> None:
    reached, new = {estado}, {estado}
    while new:
        found = set()
        for one in new:
            for paso in Paso:
                try:
                    found.add(after(one, paso))
                except PreregistroRefusal:
                    continue
        new, reached = found - reached, reached | found
    assert EstadoSolicitud.APROBADA in reached
    assert {EstadoSolicitud.RECHAZADA, EstadoSolicitud.NO_ELEGIBLE} & reached
