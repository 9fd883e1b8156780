"""The telephone check of delivered Claves, bounces, and authority requests (SEI-06, SEI-11, SEI-12)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import select, update

from api.accounts.permissions import Actor, Role
from api.acts.tables import actos
from api.outbox.tables import mensajes
from api.preregistro.looking import tell_lost
from tests.api.preregistro.house import CHECKING, URL, House
from tests.capture.preregistro.asking import biometrics, fields_of

SAMPLES = f"{URL}/verificacion/muestras"
REQUEST = {
    "autoridad": "Tribunal Electoral",
    "expediente": "TECDMX-1/2027",
    "oficio": "OF/1/2027",
    "fundamento": "Art. 1",
}


def whom(number: int) -> dict[str, str]:
    given = fields_of(number)
    return {"clave_elector": given["clave_elector"], "ocr": given["ocr"]}


@pytest.mark.req("SEI-11")
def test_a_sample_is_drawn_again_by_anybody_from_its_published_seed(house: House) -> None:
    phones = [house.asked(number) for number in range(1, 6)]
    house.now[0] = CHECKING
    form = {"semilla": "punto de control 1", "tamano": 2}
    made = house.done(Role.DEOEYG, "POST", SAMPLES, json=form)
    (published,) = house.done(None, "GET", SAMPLES)
    assert published == made
    folios = sorted(phone.folio for phone in phones)
    assert made["poblacion"] == 5
    assert made["sha256"] == sha256("".join(f"{f}\n" for f in folios).encode()).hexdigest()
    order = sorted(
        folios,
        key=lambda f: sha256(f"certeza/verificacion-claves/v1\npunto de control 1\n{f}".encode()).digest(),
    )
    report = house.done(Role.CONTRALORIA, "GET", f"{SAMPLES}/{made['id']}")
    assert sorted(order[:2]) == [one["folio"] for one in report["llamadas"]]
    assert report["faltan"] == 2
    assert house.refused(Role.DEOEYG, "POST", SAMPLES, json={**form, "tamano": 6})[0] == 409


@pytest.mark.req("SEI-11")
def test_a_clave_its_owner_denies_is_disabled(house: House) -> None:
    house.asked(1)
    house.now[0] = CHECKING
    made = house.done(Role.DEOEYG, "POST", SAMPLES, json={"semilla": "s", "tamano": 1})
    (call,) = house.done(Role.COEG, "GET", f"{SAMPLES}/{made['id']}")["llamadas"]
    path = f"{SAMPLES}/{made['id']}/personas/{call['folio']}"
    contact = house.done(Role.DEOEYG, "GET", path)
    assert contact["telefono"] == fields_of(1)["telefono"]
    assert "correo" not in contact
    first = house.done(Role.DEOEYG, "POST", path, json={"hallazgo": "sin-respuesta"})
    assert not first["deshabilitada"]
    found = house.done(Role.DEOEYG, "POST", path, json={"hallazgo": "niega-tramite", "nota": "no fue"})
    assert found["deshabilitada"]
    assert house.refused(Role.DEOEYG, "POST", path, json={"hallazgo": "recibida"})[0] == 409
    report = house.done(Role.SECRETARIA_EJECUTIVA, "GET", f"{SAMPLES}/{made['id']}")
    assert (report["hallazgos"]["niega-tramite"], report["faltan"]) == (1, 0)
    search = house.done(Role.DEOEYG, "POST", f"{URL}/autoridad/busquedas", json={**REQUEST, **whom(1)})
    assert search["clave"]["estado"] == "deshabilitada"


@pytest.mark.req("SEI-01")
def test_outside_of_its_phase_no_sample_is_drawn(house: House) -> None:
    house.asked(1)
    answer = house.refused(Role.DEOEYG, "POST", SAMPLES, json={"semilla": "s", "tamano": 1})
    assert answer == (409, "cronograma.verificacion")


@pytest.mark.req("SEI-06")
@pytest.mark.parametrize("state", ["rebotado", "detenido"])
def test_an_email_that_does_not_arrive_is_followed_by_one_sms(house: House, state: str) -> None:
    phone = house.asked(1)
    rejected = house.asked(2, biometrics(fields_of(2), values={"ocr": None}))
    assert tell_lost(house.worker) == 0
    with house.database.writing() as db:
        mails = update(mensajes).where(mensajes.c.canal == "correo")
        db.execute(mails.values(estado=state, falla="rebote-5.1.1"))
    assert tell_lost(house.worker) == 2
    assert tell_lost(house.worker) == 0, "nobody is told twice"
    told = dict(house.messages("sei.correo-no-entregado"))
    assert set(told) == {fields_of(n)["telefono"] for n in (1, 2)}
    for number, folio in ((1, phone.folio), (2, rejected.folio)):
        assert folio in told[fields_of(number)["telefono"]]
        assert "2 de mayo de 2027" in told[fields_of(number)["telefono"]]


@pytest.mark.req("SEI-12")
def test_an_authority_gets_what_was_sent_and_never_the_clave(house: House) -> None:
    phone = house.asked(3)
    ((_, clave),) = house.claves()
    path = f"{URL}/autoridad/busquedas"
    answer = house.ask(Role.DEOEYG, "POST", path, json={**REQUEST, **whom(3)})
    assert answer.status_code == 200
    assert clave not in answer.text
    found = answer.json()
    assert [one["tipo"] for one in found["mensajes"]] == ["secreto.clave", "sei.clave-aviso"]
    (request,) = found["solicitudes"]
    assert request["folio"] == phone.folio
    assert [one["paso"] for one in request["pasos"]] == [
        "preregistro.envio",
        "preregistro.lectura",
        "preregistro.aprobacion",
    ]
    other = {**whom(3), "ocr": "9999999999999"}
    assert house.ask(Role.DEOEYG, "POST", path, json={**REQUEST, **other}).status_code == 404
    with house.database.reading() as db:
        kept = db.execute(select(actos.c.razon).where(actos.c.tipo == "autoridad.busqueda")).scalars().all()
    assert kept == ["OF/1/2027", "OF/1/2027"], "also the one that found nothing"
    old = Actor("deoeyg", Role.DEOEYG, verified=None)
    assert house.refused(old, "POST", path, json={**REQUEST, **whom(3)}) == (403, "sesion.refuerzo")
