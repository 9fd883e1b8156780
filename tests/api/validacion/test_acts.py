"""What areas do with requests for a Clave is in the bitácora, each of whoever did it (SEI-10)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.accounts.permissions import Role
from api.acts.tables import actos
from tests.api.preregistro.house import CHECKING, URL, House
from tests.api.preregistro.test_invitations import BEFORE, had_a_clave
from tests.api.validacion.test_check import REQUEST, SAMPLES, whom
from tests.api.validacion.test_ruling import QUEUE, waiting


@pytest.mark.req("SEI-10")
def test_each_change_of_an_area_is_an_act_of_its_own(house: House) -> None:
    deoeyg = Role.DEOEYG
    had_a_clave(house, 80)
    house.done(deoeyg, "POST", f"{URL}/invitaciones", json={"anterior": BEFORE})
    house.done(Role.UTSI, "PUT", f"{URL}/lista-nominal", json={"corte": "2027-02-28"})
    for number, way, form in (
        (81, "devolucion", None),
        (81, "aprobacion", None),
        (82, "rechazo", {"causa": 2}),
    ):
        if way != "aprobacion":
            waiting(house, number)
        folio = house.hold()
        house.done(deoeyg, "POST", f"{QUEUE}/{folio}/{way}", json=form)
    house.now[0] = CHECKING
    sample = house.done(deoeyg, "POST", SAMPLES, json={"semilla": "s", "tamano": 1})
    (call,) = house.done(deoeyg, "GET", f"{SAMPLES}/{sample['id']}")["llamadas"]
    path = f"{SAMPLES}/{sample['id']}/personas/{call['folio']}"
    house.done(deoeyg, "POST", path, json={"hallazgo": "recibida"})
    house.done(deoeyg, "POST", f"{URL}/autoridad/busquedas", json={**REQUEST, **whom(81)})
    with house.database.reading() as db:
        kept = {(row.tipo, row.quien) for row in db.execute(select(actos.c.tipo, actos.c.quien))}
    who = deoeyg.value
    assert kept >= {
        ("invitacion.envio", who),
        ("lista-nominal.corte", Role.UTSI.value),
        ("validacion.turno", who),
        ("validacion.devolucion", who),
        ("preregistro.aprobacion", who),
        ("preregistro.rechazo", who),
        ("verificacion.muestra", who),
        ("verificacion.hallazgo", who),
        ("autoridad.busqueda", who),
    }
