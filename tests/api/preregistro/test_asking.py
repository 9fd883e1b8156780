"""From a telephone to a Clave, or to the validation module, over HTTP (SEI-03, SEI-04)."""

from __future__ import annotations

from typing import Any

import pytest

from api.accounts.permissions import Role
from capture.padron.situacion import Situacion
from capture.reading.results import Band, Defect, FaceDefect
from tests.api.preregistro.house import URL, House
from tests.capture.preregistro.asking import biometrics, fields_of

FAILED = {"band": Band.DIFFERENT}


@pytest.mark.req("SEI-04")
def test_who_passes_the_biometric_test_gets_folio_and_clave_by_mail(house: House) -> None:
    phone = house.asked(1)
    told = house.state(phone)
    assert told["estado"] == "aprobada"
    assert phone.folio in told["mensaje"]
    ((to, clave),) = house.claves()
    assert (to, len(clave)) == ("persona1@ejemplo.mx", 8)
    ((_, letter),) = house.messages("secreto.clave")
    assert f"Folio: {phone.folio}" in letter
    ((sms, text),) = house.messages("sei.clave-aviso")
    assert sms == fields_of(1)["telefono"]
    assert clave not in text


@pytest.mark.req("SEI-04")
def test_attempts_are_bounded_and_each_has_turns_of_its_own(house: House) -> None:
    house.list_person(2)
    phone = house.begin(2)
    bad = biometrics(fields_of(2), **FAILED)
    for attempt in (1, 2, 3):
        house.script.append(bad)
        assert house.send(phone, attempt).status_code == 202
        assert house.refused_again(phone, attempt)
        house.work(2)
        told = house.state(phone)
        assert told["intento"] == min(attempt + 1, 3)
    assert told["estado"] == "en-validacion"
    assert "Ha superado el número de intentos permitidos" in told["mensaje"]
    assert house.claves() == []
    ((to, letter),) = house.messages("sei.preregistro-folio")
    assert to == "persona2@ejemplo.mx"
    assert phone.folio in letter
    assert len(house.turns) == 3
    assert house.send(phone, 4).status_code == 409


@pytest.mark.req("SEI-04")
def test_without_a_face_or_with_several_the_test_begins_again(house: House) -> None:
    seen: list[dict[str, Any]] = [
        {"defects": (FaceDefect.NONE,), "band": None},
        {"defects": (FaceDefect.SEVERAL,)},
    ]
    for number, one in enumerate(seen, 30):
        phone = house.asked(number, biometrics(fields_of(number), **one))
        told = house.state(phone)
        assert (told["estado"], told["intento"]) == ("reintento", 2)
        assert "se deberá comenzar de nuevo la prueba" in told["mensaje"]
        assert house.send(phone, 2).status_code == 202
        house.work(number)
        assert house.state(phone)["estado"] == "aprobada"


def test_a_good_face_with_another_credential_is_for_a_person(house: House) -> None:
    seen: list[dict[str, Any]] = [
        {"values": {"clave_elector": "XXXXXX90010109H100"}},
        {"values": {"ocr": None}},
        {"card": (Defect.PHOTOCOPY,)},
        {"card": (Defect.SCREEN,)},
    ]
    for number, one in enumerate(seen, 40):
        phone = house.asked(number, biometrics(fields_of(number), **one))
        assert house.state(phone)["estado"] == "en-validacion"
    assert house.claves() == []


@pytest.mark.req("SEI-05")
def test_who_is_not_in_the_lista_nominal_of_the_city_gets_none(house: House) -> None:
    others = [(Situacion.BAJA_DE_LISTA_NOMINAL, 9), (Situacion.DEFUNCION, 9), (Situacion.LISTA_NOMINAL, 15)]
    for number, (situacion, entidad) in enumerate(others, 50):
        house.list_person(number, situacion, entidad)
        phone = house.asked(number, listed=False)
        assert house.state(phone)["estado"] == "no-elegible"
        _, letter = house.messages("sei.preregistro-no-elegible")[-1]
        assert "28 de febrero de 2027" in letter
        assert situacion.label not in letter, "a stranger with somebody's credential data learns nothing"
    assert house.claves() == []


@pytest.mark.req("SEI-03")
def test_a_wrong_form_may_be_corrected_and_says_which_rules(house: House) -> None:
    house.list_person(6)
    phone = house.begin(6)
    house.send(phone, 1, telefono="123", correo="nada")
    house.work(6)
    told = house.state(phone)
    assert told["estado"] == "reintento"
    assert set(told["motivos"]) == {"telefono", "correo.forma"}
    house.send(phone, 2)
    house.work(6)
    assert house.state(phone)["estado"] == "aprobada"


def test_a_second_request_of_the_same_person_ends_and_the_first_stands(house: House) -> None:
    first = house.asked(7)
    second = house.asked(7, listed=False, correo="otra@ejemplo.mx")
    assert house.state(first)["estado"] == "aprobada"
    assert house.state(second)["estado"] == "no-elegible"
    assert [to for to, _ in house.claves()] == ["persona7@ejemplo.mx"]
    ((to, letter),) = house.messages("sei.preregistro-no-elegible")
    assert to == "otra@ejemplo.mx"
    assert "Ya se había recibido una solicitud" in letter


def test_nobody_sees_or_sends_for_a_folio_without_its_secret_and_key(house: House) -> None:
    mine, theirs = house.begin(8), house.begin(9)
    envelope, body = mine.packet(1, house.now[0])
    mine.secret = theirs.secret
    assert house.put(mine, 1, envelope, body).status_code == 404
    headers = {"X-Preregistro": theirs.secret}
    unknown = house.ask(None, "GET", f"{URL}/preregistros/0000-0000-0000", headers=headers)
    others = house.ask(None, "GET", f"{URL}/preregistros/{mine.folio}", headers=headers)
    assert unknown.status_code == others.status_code == 404
    assert unknown.json()["detail"] == others.json()["detail"]
    theirs.folio, theirs.secret = mine.folio, theirs.secret
    assert house.put(theirs, 1, *theirs.packet(1, house.now[0])).status_code == 404


def test_a_packet_of_another_key_or_changed_on_the_way_is_refused(house: House) -> None:
    phone, other = house.begin(10), house.begin(11)
    envelope, body = phone.packet(1, house.now[0])
    phone.key = other.key
    forged, same = phone.packet(1, house.now[0])
    assert house.put(phone, 1, forged, same).status_code == 409
    assert house.put(phone, 1, envelope, body + b"x").status_code == 409
    assert house.put(phone, 1, envelope, body).status_code == 202
    assert house.put(phone, 1, envelope, body).status_code == 202, "the answer was lost: the same again"


@pytest.mark.req("SEI-01")
def test_outside_of_its_phase_nobody_begins_or_sends(house: House) -> None:
    phone, sent = house.begin(12), house.begin(13)
    envelope, body = sent.packet(1, house.now[0])
    house.put(sent, 1, envelope, body)
    house.now[0] = house.phase_end()
    assert house.send(phone).status_code == 409
    assert house.put(sent, 1, envelope, body).status_code == 202, "what was received in time, again"
    form = {"llave": "A" * 60}
    assert house.refused(None, "POST", f"{URL}/preregistros", json=form)[0] in (409, 422)
    shown = house.done(None, "GET", f"{URL}/preregistro")
    assert not shown["abierto"]
    assert "comenzar de nuevo la prueba" in shown["recomendaciones"][-1]
    assert house.ask(Role.UTSI, "GET", f"{URL}/preregistro").status_code == 200
