"""What pre-registro stands on fails for a while: requests wait, and then go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from capture.padron.tables import padron
from capture.preregistro.ports import Applicant, Issue
from tests.api.preregistro.house import House
from tests.capture.preregistro.asking import fields_of


class Failing:
    """An issuer whose Claves cannot be kept: the medium is full at the last moment."""

    def __init__(self, real: object) -> None:
        self._real = real

    def prepare(self, applicant: Applicant) -> Issue:
        """See `Issuer`."""
        issue = self._real.prepare(applicant)  # type: ignore[attr-defined]

        def fail(connection: object, now: object) -> str:
            issue(connection, now)
            raise OSError("sin espacio")

        return fail  # type: ignore[return-value]


@pytest.mark.req("SEI-04")
def test_without_readers_a_packet_waits_and_no_attempt_is_lost(house: House) -> None:
    phone = house.asked(1, OSError("lector-pausa"))
    assert (house.state(phone)["estado"], house.state(phone)["intento"]) == ("recibida", 1)
    assert house.work(1) == 2
    assert house.state(phone)["estado"] == "aprobada"


def test_a_clave_that_cannot_be_kept_leaves_nothing_behind(house: House) -> None:
    house.list_person(2)
    phone = house.begin(2)
    house.send(phone)
    tools = house.tools(2)
    house.processing(replace(tools, issuer=Failing(tools.issuer))).run()
    assert house.state(phone)["estado"] == "por-cotejar-lista"
    assert house.messages("secreto.clave") == house.messages("sei.clave-aviso") == []
    assert house.work(2) == 1
    assert len(house.claves()) == 1


def test_without_a_lista_nominal_everybody_waits(house: House) -> None:
    house.list_person(3)
    phone = house.begin(3)
    house.send(phone)
    house.processing(replace(house.tools(3), lista=lambda: None)).run()
    assert house.state(phone)["estado"] == "por-cotejar-lista"
    assert house.work(3) == 1
    assert house.state(phone)["estado"] == "aprobada"


def test_a_body_that_is_gone_is_an_attempt_that_failed(house: House) -> None:
    house.list_person(4)
    phone = house.begin(4)
    envelope, body = phone.sealed(1, house.now[0], b"no es un tar")
    house.put(phone, 1, envelope, body)
    house.work(4)
    assert house.state(phone)["motivos"] == ["cuerpo.tar"]
    for attempt in (2, 3):
        house.put(phone, attempt, *phone.sealed(attempt, house.now[0], b"no es un tar"))
        house.work(4)
    told = house.state(phone)
    assert told["estado"] == "no-elegible", "nobody is there to write to"
    assert house.messages("sei.preregistro-no-elegible") == []


def test_who_left_the_lista_between_test_and_decision_gets_none(house: House) -> None:
    house.list_person(5)
    phone = house.begin(5)
    house.send(phone)
    house.processing(replace(house.tools(5), lista=lambda: None)).run()
    with house.database.writing() as db:
        db.execute(delete(padron))
    house.work(5)
    assert house.state(phone)["estado"] == "no-elegible"
    assert fields_of(5)["correo"] in dict(house.messages("sei.preregistro-no-elegible"))
