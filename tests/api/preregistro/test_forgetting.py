"""Requests that nobody finished: what they have of a person goes, and how many there were stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from api.accounts.permissions import Actor, Role
from api.preregistro.looking import forget
from capture.preregistro.receiving import body_path
from capture.preregistro.tables import (
    preregistro_cuerpos,
    preregistro_intentos,
    preregistro_pasos,
    preregistros,
)
from capture.reading.results import Band
from tally.consulta.cronograma import Fase
from tests.api.preregistro.house import DURING, PLAN, URL, House
from tests.capture.preregistro.asking import Telephone, biometrics, fields_of

AFTER = timedelta(hours=72)
"""What the setting says where nobody changes it."""


def later(house: House, by: timedelta) -> int:
    """Time passes, and the worker looks; how many requests ended."""
    house.now[0] += by
    return forget(house.worker)


def figures(house: House) -> dict[str, int]:
    """States with requests."""
    who = Actor("coeg", Role.COEG, verified=house.now[0])
    told = house.done(who, "GET", f"{URL}/validacion/estadisticas")
    assert told["total"] == sum(told["estados"].values())
    return {state: many for state, many in told["estados"].items() if many}


def begun_and_cut_off(house: House, number: int) -> tuple[Telephone, str]:
    """A body that was kept, of a request whose process ended before its attempt was durable."""
    phone = house.begin(number)
    envelope, body = phone.packet(1, house.now[0])
    path = body_path(envelope)
    with house.database.writing() as db:
        row = {"cuerpo": path, "folio": phone.folio, "recibido": house.now[0]}
        db.execute(preregistro_cuerpos.insert().values(**row))
    house.services.blobs.put(path, body)
    return phone, path


def test_a_request_that_was_only_begun_ends_after_its_time_and_is_still_counted(house: House) -> None:
    phone, path = begun_and_cut_off(house, 70)
    house.asked(71)
    assert later(house, AFTER - timedelta(minutes=1)) == 0
    assert figures(house) == {"iniciada": 1, "aprobada": 1}
    assert later(house, timedelta(minutes=1)) == 1
    assert figures(house) == {"abandonada": 1, "aprobada": 1}
    assert not house.services.blobs.exists(path)
    with house.database.reading() as db:
        row = db.execute(select(preregistros).where(preregistros.c.folio == phone.folio)).one()
        left = db.execute(select(func.count()).select_from(preregistro_cuerpos)).scalar_one()
        steps = select(preregistro_pasos.c.paso).where(preregistro_pasos.c.folio == phone.folio)
        assert db.execute(steps).scalars().all() == ["preregistro.abandono"]
    assert (row.llave, row.datos, row.persona, row.seccion, row.giros) == (None, None, None, None, "")
    assert left == 1, "the packet of who finished"
    assert later(house, AFTER) == 0, "again: nothing is left to do"


def test_the_telephone_is_told_and_may_begin_again(house: House) -> None:
    phone = house.begin(72)
    later(house, AFTER)
    told = house.state(phone)
    assert told["estado"] == "abandonada"
    assert "se borró" in told["mensaje"]
    assert house.send(phone).status_code in (409, 422)
    assert house.state(house.asked(72))["estado"] == "aprobada"


def test_what_moves_is_not_forgotten(house: House) -> None:
    phone = house.begin(73)
    house.now[0] += AFTER - timedelta(hours=1)
    house.list_person(73)
    assert house.send(phone).status_code == 202
    assert later(house, timedelta(hours=2)) == 0
    house.work(73)
    assert house.state(phone)["estado"] == "aprobada"


@pytest.mark.req("SEI-04")
def test_who_failed_and_did_not_try_again_goes_to_a_person_when_preregistro_closes(house: House) -> None:
    failed = biometrics(fields_of(74), band=Band.DIFFERENT)
    phone = house.asked(74, failed)
    assert house.state(phone)["estado"] == "reintento"
    assert later(house, AFTER) == 0, "it may try again as long as pre-registro is open"
    house.work(74)
    assert house.state(phone)["estado"] == "reintento"
    house.now[0] = house.phase_end()
    house.work(74)
    told = house.state(phone)
    assert told["estado"] == "en-validacion"
    assert "Ha superado el número de intentos" not in told["mensaje"]
    ((to, letter),) = house.messages("sei.preregistro-folio")
    assert to == fields_of(74)["correo"]
    assert phone.folio in letter
    ana = Actor("ana", Role.DEOEYG, verified=house.now[0])
    assert house.hold(ana) == phone.folio
    shown = house.done(ana, "GET", f"{URL}/validacion/solicitudes/{phone.folio}/datos")
    assert "anverso.jpg" in shown["archivos"]


def test_what_nobody_could_look_at_any_more_is_forgotten_after_validation(house: House) -> None:
    """Nobody's worker ran between the closing and the end of the validation."""
    phone = house.asked(75, biometrics(fields_of(75), band=Band.DIFFERENT))
    with house.database.reading() as db:
        (path,) = db.execute(select(preregistro_cuerpos.c.cuerpo)).scalars()
    house.now[0] = PLAN[Fase.VALIDACION].fin
    assert later(house, AFTER - timedelta(minutes=1)) == 0
    assert house.services.blobs.exists(path)
    assert later(house, timedelta(minutes=1)) == 1
    assert not house.services.blobs.exists(path)
    with house.database.reading() as db:
        assert db.execute(select(func.count()).select_from(preregistro_intentos)).scalar_one() == 0
    assert house.state(phone)["estado"] == "abandonada"


def test_a_worker_that_ended_between_state_and_packets_goes_on(house: House) -> None:
    _, path = begun_and_cut_off(house, 76)
    broken = OSError("el medio no responde")

    def fails(_path: str) -> None:
        raise broken

    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="no responde"):
        patch.setattr(house.worker.blobs, "delete", fails)
        later(house, AFTER)
    assert figures(house) == {"abandonada": 1}
    assert house.services.blobs.exists(path)
    assert forget(house.worker) == 0
    assert not house.services.blobs.exists(path)


def test_each_end_is_an_act(house: House) -> None:
    phone = house.begin(77)
    later(house, AFTER)
    who = Actor("contraloria", Role.CONTRALORIA, verified=house.now[0])
    acts = house.done(who, "GET", f"/v1/bitacora?objeto={phone.folio}")
    assert "preregistro.abandono" in str(acts)
    assert house.now[0] > DURING
