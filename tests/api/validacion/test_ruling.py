"""The validation module over HTTP: data beside images, the eight causes, approval with its Clave (SEI-06)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from api.accounts.permissions import Actor, Role
from api.acts.tables import actos
from capture.preregistro.tables import preregistro_pasos
from capture.validacion.causes import CAUSES
from tally.consulta.cronograma import Fase
from tests.api.preregistro.house import DURING, PLAN, URL, House
from tests.capture.preregistro.asking import IMAGES, Telephone, biometrics, fields_of

ANA, EVA = Actor("ana", Role.DEOEYG, verified=DURING), Actor("eva", Role.DEOEYG, verified=DURING)
QUEUE = f"{URL}/validacion/solicitudes"


def waiting(house: House, number: int, **changes: object) -> Telephone:
    """A request that a person has to look at."""
    unread = biometrics(fields_of(number), values={"ocr": None})
    return house.asked(number, unread, **changes)


@pytest.mark.req("SEI-06")
@pytest.mark.parametrize("causa", sorted(CAUSES))
def test_each_cause_is_mailed_in_the_words_of_the_source_with_the_invitation(
    house: House, causa: int
) -> None:
    files = {} if causa == 6 else IMAGES
    phone = waiting(house, causa, files=files)
    assert house.hold(ANA) == phone.folio
    told = house.done(ANA, "POST", f"{QUEUE}/{phone.folio}/rechazo", json={"causa": causa})
    assert told == {"folio": phone.folio, "estado": "rechazada"}
    ((to, letter),) = house.messages("sei.preregistro-rechazo")
    assert to == fields_of(causa)["correo"]
    assert CAUSES[causa] in letter
    assert "2 de mayo de 2027, de 9:00 a 17:00 horas" in letter
    assert house.claves() == []
    assert house.state(phone)["estado"] == "rechazada"
    again = house.refused(ANA, "POST", f"{QUEUE}/{phone.folio}/aprobacion")
    assert again == (409, "validacion.asignacion")


@pytest.mark.req("SEI-06")
def test_approval_mails_the_clave_and_the_sms_says_so(house: House) -> None:
    phone = waiting(house, 20)
    house.hold(ANA)
    shown = house.done(ANA, "GET", f"{QUEUE}/{phone.folio}/datos")
    assert shown["archivos"] == sorted(IMAGES)
    given = {one["nombre"]: one["valor"] for one in shown["datos"]}
    assert given["clave_elector"] == fields_of(20)["clave_elector"]
    assert not {"correo", "telefono"} & set(given), "who validates sees neither channel"
    image = house.ask(ANA, "GET", f"{QUEUE}/{phone.folio}/imagenes/anverso.jpg")
    assert (image.content, image.headers["cache-control"]) == (IMAGES["anverso.jpg"], "no-store")
    told = house.done(ANA, "POST", f"{QUEUE}/{phone.folio}/aprobacion")
    assert told["estado"] == "aprobada"
    ((to, clave),) = house.claves()
    assert to == "persona20@ejemplo.mx"
    ((_, sms),) = house.messages("sei.clave-aviso")
    assert clave not in sms
    with house.database.reading() as db:
        kinds = set(db.execute(select(actos.c.tipo)).scalars())
        told_acts = db.execute(select(preregistro_pasos.c.acto)).scalars().all()
        assert set(told_acts) <= set(db.execute(select(actos.c.id)).scalars())
        assert clave not in "".join(db.execute(select(actos.c.texto)).scalars())
    assert {"validacion.datos", "validacion.imagen", "preregistro.aprobacion"} <= kinds


def test_a_request_is_of_one_operator_at_a_time(house: House) -> None:
    first, second = waiting(house, 21), waiting(house, 22)
    held = {house.hold(ANA), house.hold(EVA)}
    assert held == {first.folio, second.folio}
    assert house.hold(ANA) in held, "who asks again gets the same one"
    mine = house.hold(ANA)
    path = f"{QUEUE}/{mine}"
    assert house.refused(EVA, "POST", f"{path}/aprobacion") == (409, "validacion.asignacion")
    assert house.refused(EVA, "POST", f"{path}/rechazo", json={"causa": 1})[0] == 409
    assert house.ask(EVA, "GET", f"{path}/datos").status_code == 404
    assert house.ask(EVA, "GET", f"{path}/imagenes/anverso.jpg").status_code == 404
    house.done(ANA, "POST", f"{path}/devolucion")
    assert house.refused(ANA, "POST", f"{path}/aprobacion")[0] == 409
    assert house.done(ANA, "POST", f"{URL}/validacion/turno")["esperan"] == 2


def test_what_an_operator_left_open_goes_to_another_one(house: House) -> None:
    phone = waiting(house, 23)
    assert house.hold(ANA) == phone.folio
    assert house.done(EVA, "POST", f"{URL}/validacion/turno")["solicitud"] is None
    house.now[0] = DURING.replace(hour=DURING.hour + 1)
    eva = replace(EVA, verified=house.now[0])
    assert house.hold(eva) == phone.folio
    assert house.refused(ANA, "POST", f"{QUEUE}/{phone.folio}/aprobacion")[0] == 409


@pytest.mark.slow
def test_an_operator_who_rules_twice_at_once_issues_one_clave(house: House) -> None:
    phone = waiting(house, 24)
    house.hold(ANA)
    path = f"{QUEUE}/{phone.folio}"

    def rule(number: int) -> int:
        way = ("aprobacion", None) if number % 2 else ("rechazo", {"causa": 3})
        return house.ask(ANA, "POST", f"{path}/{way[0]}", json=way[1]).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(rule, range(4)))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 409}
    letters = len(house.claves()) + len(house.messages("sei.preregistro-rechazo"))
    assert letters == 1


def test_who_was_rejected_may_ask_again(house: House) -> None:
    phone = waiting(house, 25)
    house.hold(ANA)
    house.done(ANA, "POST", f"{QUEUE}/{phone.folio}/rechazo", json={"causa": 5})
    again = house.asked(25, listed=False)
    assert house.state(again)["estado"] == "aprobada"
    assert len(house.claves()) == 1


def test_a_stranger_who_asks_for_somebody_does_not_learn_that_they_have_a_clave(house: House) -> None:
    """Who fails the test goes to a person, as everybody does; the operator cannot give a second Clave."""
    house.asked(32)
    stranger = waiting(house, 32, listed=False, correo="extrana@ejemplo.mx")
    assert house.state(stranger)["estado"] == "en-validacion"
    assert house.hold(ANA) == stranger.folio
    path = f"{QUEUE}/{stranger.folio}"
    assert house.refused(ANA, "POST", f"{path}/aprobacion") == (409, "preregistro.duplicada")
    house.done(ANA, "POST", f"{path}/rechazo", json={"causa": 8})
    assert len(house.claves()) == 1


@pytest.mark.req("SEI-01")
def test_after_the_phase_nobody_rules_and_nothing_is_issued_by_itself(house: House) -> None:
    phone = waiting(house, 26)
    house.hold(ANA)
    house.now[0] = PLAN[Fase.VALIDACION].fin
    ana = replace(ANA, verified=house.now[0])
    path = f"{QUEUE}/{phone.folio}/aprobacion"
    status, rule = house.refused(ana, "POST", path)
    assert (status, rule) == (409, "cronograma.validacion")
    assert house.claves() == []


@pytest.mark.req("SEI-10")
def test_figures_and_bitacora_add_up(house: House) -> None:
    house.asked(27)
    for number, causa in ((28, 1), (29, 2)):
        phone = waiting(house, number)
        house.hold(ANA)
        house.done(ANA, "POST", f"{QUEUE}/{phone.folio}/rechazo", json={"causa": causa})
    phone = waiting(house, 30)
    house.hold(EVA)
    house.done(EVA, "POST", f"{QUEUE}/{phone.folio}/aprobacion")
    house.begin(31)
    told = house.done(Role.COEG, "GET", f"{URL}/validacion/estadisticas")
    assert told["total"] == 5 == sum(told["estados"].values())
    assert {k: v for k, v in told["estados"].items() if v} == {"aprobada": 2, "rechazada": 2, "iniciada": 1}
    assert {k: v for k, v in told["causas"].items() if v} == {"1": 1, "2": 1}
    assert told["demarcaciones"] == {"MILPA ALTA": 4}
    lines = house.done(Role.CONTRALORIA, "GET", f"{URL}/validacion/bitacora")
    found = {one["quien"]: (one["validadas"], one["rechazadas"], one["claves"]) for one in lines}
    assert found == {"ana": (2, 2, 0), "eva": (1, 0, 1), "sistema": (0, 0, 1)}
    assert sum(one["claves"] for one in lines) == len(house.claves())
