"""People who had a Clave in an earlier consultation confirm that nothing changed (SEI-02)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from api.accounts.permissions import Role
from api.outbox.tables import mensajes
from api.preregistro.looking import invite, tell_lost
from tally.claves.person import PersonData
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tests.api.preregistro.house import PLAN, URL, House
from tests.capture.preregistro.asking import fields_of
from tests.tally.consulta.making import asked
from tests.tally.opinion.polling import person_id

BEFORE = "presupuesto-2026"
PATH = f"{URL}/invitaciones"


def had_a_clave(house: House, *numbers: int) -> None:
    """Persons of the consultation of the year before, whose Claves were issued."""
    worker = house.worker
    with house.database.writing() as db:
        Consultas(db).add(read_form(asked(id=BEFORE, anio=2026), "consulta"), "nadie", house.now[0])
    for number in numbers:
        given = fields_of(number)
        data = PersonData(
            given["clave_elector"], given["ocr"], "Ana Gómez", given["telefono"], given["correo"]
        )
        with house.database.writing() as db:
            person = Personas(db, worker.sei().keeper).add(
                person_id(number), BEFORE, "0102", data, house.now[0]
            )
            uuids = worker.sei().authority.urns_of(db, person)
        prepared = worker.sei().authority.prepare(person, data, uuids)
        with house.database.writing() as db:
            Personas(db, worker.sei().keeper).issued(person, prepared.made, house.now[0])  # type: ignore[arg-type]


def links(house: House) -> dict[str, dict[str, str]]:
    """What each letter holds, by address."""
    found = {}
    for to, text in house.messages("sei.invitacion"):
        match = re.search(r"#([0-9a-f-]{36})\.([\w-]{43})", text)
        assert match, text
        found[to] = {"invitacion": match[1], "secreto": match[2]}
    return found


@pytest.mark.req("SEI-02")
def test_who_confirms_gets_a_new_clave_without_preregistro(house: House) -> None:
    had_a_clave(house, 1, 2)
    house.list_person(1)
    house.list_person(2)
    house.now[0] = PLAN[Fase.INVITACION].inicio
    told = house.done(Role.DEOEYG, "POST", PATH, json={"anterior": BEFORE})
    assert told["nuevas"] == 2
    house.now[0] = PLAN[Fase.PREREGISTRO].inicio
    assert invite(house.worker) == 2
    assert invite(house.worker) == 0
    again = house.done(Role.DEOEYG, "POST", PATH, json={"anterior": BEFORE})
    assert (again["nuevas"], again["estados"]["enviada"]) == (0, 2)
    mine = links(house)["persona1@ejemplo.mx"]
    said = house.done(None, "POST", f"{PATH}/confirmacion", json={**mine, "sin_cambios": True})
    same = house.done(None, "POST", f"{PATH}/confirmacion", json={**mine, "sin_cambios": True})
    assert said == same
    house.work()
    ((to, _),) = house.claves()
    assert to == "persona1@ejemplo.mx"
    ((_, letter),) = house.messages("secreto.clave")
    assert said["folio"] in letter
    theirs = links(house)["persona2@ejemplo.mx"]
    changed = house.done(None, "POST", f"{PATH}/confirmacion", json={**theirs, "sin_cambios": False})
    assert changed["folio"] is None
    assert "deberá solicitar nuevamente su Pre-registro" in changed["mensaje"]
    assert house.work() == 0
    assert house.refused(None, "POST", f"{PATH}/confirmacion", json={**theirs, "sin_cambios": True})[0] == 409


@pytest.mark.req("SEI-02")
def test_the_lista_nominal_is_asked_of_who_confirms_too(house: House) -> None:
    had_a_clave(house, 3)
    house.done(Role.DEOEYG, "POST", PATH, json={"anterior": BEFORE})
    invite(house.worker)
    mine = links(house)["persona3@ejemplo.mx"]
    house.done(None, "POST", f"{PATH}/confirmacion", json={**mine, "sin_cambios": True})
    house.work()
    assert house.claves() == []
    assert len(house.messages("sei.preregistro-no-elegible")) == 1


def test_a_guessed_link_confirms_nothing(house: House) -> None:
    had_a_clave(house, 4)
    house.done(Role.DEOEYG, "POST", PATH, json={"anterior": BEFORE})
    waits = {"invitacion": person_id(4), "secreto": "A" * 43, "sin_cambios": True}
    assert house.ask(None, "POST", f"{PATH}/confirmacion", json=waits).status_code == 404
    invite(house.worker)
    guessed = {**links(house)["persona4@ejemplo.mx"], "secreto": "A" * 43, "sin_cambios": True}
    assert house.ask(None, "POST", f"{PATH}/confirmacion", json=guessed).status_code == 404


@pytest.mark.req("SEI-05")
def test_with_another_cut_off_than_that_of_the_lista_everybody_waits(house: House) -> None:
    form = {"corte": "2027-03-31"}
    house.done(Role.UTSI, "PUT", f"{URL}/lista-nominal", json=form)
    assert house.done(None, "GET", f"{URL}/preregistro")["corte"] == "2027-03-31"
    phone = house.asked(5)
    assert house.state(phone)["estado"] == "por-cotejar-lista"
    house.done(Role.UTSI, "PUT", f"{URL}/lista-nominal", json={"corte": "2027-02-28"})
    assert house.work() == 1
    assert house.state(phone)["estado"] == "aprobada"


@pytest.mark.req("SEI-02")
def test_an_invitation_that_does_not_arrive_is_followed_by_the_way_to_preregistro(house: House) -> None:
    had_a_clave(house, 6)
    house.done(Role.DEOEYG, "POST", PATH, json={"anterior": BEFORE})
    invite(house.worker)
    with house.database.writing() as db:
        db.execute(update(mensajes).values(estado="rebotado", falla="rebote-5.1.1"))
    assert (tell_lost(house.worker), tell_lost(house.worker)) == (1, 0)
    ((to, text),) = house.messages("sei.correo-no-entregado")
    assert to == fields_of(6)["telefono"]
    assert "deberá solicitar su Pre-registro" in text
    assert "Mesa" not in text, "it is not too late to opine by internet"
