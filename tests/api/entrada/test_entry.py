"""Entering the SEI over HTTP, and everything that must be refused in the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from api.accounts.permissions import Actor, Role
from api.acts.tables import actos
from api.entrada import texts
from api.outbox.fate import Delivered
from api.outbox.message import Channel
from api.outbox.store_sql import SqlMessages
from api.outbox.tables import mensajes
from api.outbox.waiting import Terms
from ledger.database import Database
from tally.claves.tables import personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas
from tests.api.entrada.voting import Device, Sei, sei_over
from tests.tally.opinion.polling import ID, person_data

pytestmark = pytest.mark.anyio
CAT = Actor("cuenta-cat", Role.CAT)
DEOEYG = Actor("cuenta-deoeyg", Role.DEOEYG)


@pytest.fixture
def sei(database: Database, tmp_path: Path) -> Iterator[Sei]:
    with sei_over(database, tmp_path) as made:
        yield made


def named(device: Device, **more: str) -> dict[str, str]:
    who = person_data(device.number)
    return {"clave_elector": who.clave_elector, "ocr": who.ocr, **more}


def told_of(sei: Sei, kind: str) -> list[str]:
    """Who the acts of a kind are about: SEI-10."""
    with sei.database.reading() as db:
        return list(db.execute(select(actos.c.objeto).where(actos.c.tipo == kind)).scalars())


@pytest.mark.req("SEI-13")
@pytest.mark.req("SEI-14")
@pytest.mark.req("SEI-16")
async def test_three_data_and_a_token_open_a_session_with_the_own_ballots(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    session = device.session
    assert [one["clave"] for one in session["boletas"]] == ["09-001", "09-002"]
    assert session["boletas"][0]["proyectos"] == ["Parque", "Luminarias"]
    assert session["sin_seleccion"] == "No ha seleccionado una opción, ¿Desea confirmar?"
    ends = (sei.clock[0] + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    assert session["vence"] == ends


@pytest.mark.req("SEI-13")
async def test_whatever_is_wrong_the_answer_and_the_work_are_the_same(sei: Sei) -> None:
    """Unknown person, wrong OCR, wrong Clave, disabled Clave, no Clave yet."""
    right, other = sei.devices[0].data, sei.devices[1].data
    with sei.database.writing() as db:
        disabled = personas.c.id == sei.persons[1].id
        db.execute(update(personas).where(disabled).values(estado="deshabilitada"))
    wrong = [
        {**right, "clave_elector": "ZZZZZZ00010109H999"},
        {**right, "ocr": "1"},
        {**right, "auth": "00" * 32},
        {**right, "auth": other["auth"]},
        other,
    ]
    seen = []
    for data in wrong:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any, into: list[str] = statements) -> None:
            into.append(statement)

        event.listen(sei.services.database.engine, "before_cursor_execute", note)
        answer = await sei.ask("POST", "/entradas", json=data)
        event.remove(sei.services.database.engine, "before_cursor_execute", note)
        body = answer.json()
        assert body.pop("instance")
        kinds = [text for text in statements if "intentos" not in text and "SAVEPOINT" not in text]
        seen.append((answer.status_code, json.dumps(body, sort_keys=True, ensure_ascii=False), tuple(kinds)))
    assert len(set(seen)) == 1
    assert texts.WRONG_DATA in seen[0][1]
    assert sei.messages("secreto.token", person_data(0).telefono) == []


@pytest.mark.req("SEI-13")
async def test_attempts_are_bounded_for_persons_that_exist_or_not(sei: Sei) -> None:
    for clave_elector in (person_data(0).clave_elector, "ZZZZZZ00010109H999"):
        data = {**sei.devices[0].data, "clave_elector": clave_elector, "auth": "11" * 32}
        codes = [(await sei.ask("POST", "/entradas", json=data)).status_code for _ in range(7)]
        assert codes == [422] * 5 + [429] * 2
    refused = await sei.ask("POST", "/entradas", json=sei.devices[0].data)
    assert refused.status_code == 429, "the right Clave waits too, or a guess would show"
    sei.clock[0] += timedelta(minutes=1)
    assert (await sei.ask("POST", "/entradas", json=sei.devices[0].data)).status_code == 201


@pytest.mark.req("SEI-13")
async def test_who_tries_from_many_addresses_is_bounded_and_keeps_nobody_out(sei: Sei) -> None:
    data = {**sei.devices[0].data, "auth": "11" * 32}
    codes = [
        (await sei.ask("POST", "/entradas", json=data, address=f"198.51.100.{n}")).status_code
        for n in range(55)
    ]
    assert codes.count(429) >= 4
    sei.clock[0] += timedelta(seconds=31)
    assert (await sei.ask("POST", "/entradas", json=sei.devices[0].data)).status_code == 201


@pytest.mark.req("SEI-13")
async def test_forged_forwarding_headers_are_not_believed(sei: Sei) -> None:
    data = {**sei.devices[0].data, "auth": "11" * 32}
    codes = []
    for n in range(7):
        forged = {
            "X-Forwarded-For": f"203.0.113.{n}",
            "Forwarded": f"for=203.0.113.{n}",
            "X-Real-IP": f"::{n}",
        }
        codes.append((await sei.ask("POST", "/entradas", json=data, headers=forged)).status_code)
    assert codes == [422] * 5 + [429] * 2


@pytest.mark.req("SEI-01")
@pytest.mark.parametrize("when", ["before", "after"])
async def test_outside_of_the_phase_nobody_enters_and_its_dates_are_said(sei: Sei, when: str) -> None:
    sei.clock[0] += timedelta(seconds=-1) if when == "before" else timedelta(days=7)
    answer = await sei.ask("POST", "/entradas", json=sei.devices[0].data)
    assert answer.status_code == 409
    assert "22/04/2027 20:00:00" in answer.json()["detail"]
    assert "29/04/2027 20:00:00" in answer.json()["detail"]


@pytest.mark.req("SEI-15")
async def test_a_third_additional_token_blocks_and_the_cat_unblocks(sei: Sei) -> None:
    device = sei.devices[0]
    await sei.enter(device)
    more = [await sei.ask("POST", "/entradas/token", json={"entrada": device.secret}) for _ in range(3)]
    assert [answer.status_code for answer in more] == [200, 200, 403]
    assert "Comuníquese al CAT (55-5483-3875)" in more[-1].json()["detail"]
    last = {"entrada": device.secret, "token": sei.token(device)}
    assert (await sei.ask("POST", "/entradas/sesion", json=last)).status_code == 403
    assert (await sei.ask("POST", "/entradas", json=device.data)).status_code == 403
    form = named(device, verificacion="nombre, domicilio y fecha de nacimiento")
    told = await sei.ask("POST", "/cat/desbloqueos", CAT, json=form)
    assert told.status_code == 200, "also at eight in the evening: then the CAT operates all day and night"
    await sei.begin(device)
    with sei.database.reading() as db:
        told = db.execute(select(actos.c.tipo, actos.c.texto).where(actos.c.rol == "cat")).one()
    assert told.tipo == "token.desbloqueo"
    assert person_data(0).clave_elector not in told.texto


@pytest.mark.req("SEI-15")
async def test_the_cat_unblocks_nobody_whose_token_was_used(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    for _ in range(3):
        await sei.enter(device)
    assert (await sei.ask("POST", "/entradas", json=device.data)).status_code == 403
    sei.clock[0] += timedelta(hours=16)
    answer = await sei.ask("POST", "/cat/desbloqueos", CAT, json=named(device, verificacion="nombre"))
    assert answer.json()["codigo"] == "token.usado"


@pytest.mark.req("SEI-14")
async def test_guessed_tokens_end_the_token(sei: Sei) -> None:
    device = sei.devices[0]
    token = await sei.enter(device)
    guesses = [f"{(int(token) + n) % 10**6:06}" for n in range(1, 6)]
    codes = []
    for guess in [*guesses, token]:
        form = {"entrada": device.secret, "token": guess}
        codes.append((await sei.ask("POST", "/entradas/sesion", json=form)).json()["codigo"])
    assert codes == ["token.valor"] * 5 + ["token.vigencia"]


@pytest.mark.req("SEI-14")
async def test_a_session_ends_after_fifteen_minutes_and_a_token_after_ten(sei: Sei) -> None:
    device = sei.devices[0]
    token = await sei.enter(device)
    sei.clock[0] += timedelta(minutes=10)
    form = {"entrada": device.secret, "token": token}
    assert (await sei.ask("POST", "/entradas/sesion", json=form)).json()["codigo"] == "token.vigencia"
    await sei.begin(device)
    ballot = device.ballot(sei.group)
    sei.clock[0] += timedelta(minutes=15)
    assert (await sei.cast(device, ballot)).status_code == 401


async def test_an_invented_entry_or_session_is_none(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    form = {"entrada": "A" * 43, "token": "123456"}
    assert (await sei.ask("POST", "/entradas/sesion", json=form)).status_code == 401
    forged = {"X-Sesion-Opinion": "A" * 43}
    ballot = device.ballot(sei.group)
    assert (await sei.ask("POST", "/opiniones", content=ballot, headers=forged)).status_code == 401
    assert (await sei.ask("POST", "/opiniones", content=ballot)).status_code == 401


@pytest.mark.req("SEI-09")
async def test_the_cat_replaces_a_lost_clave_once_within_its_hours(sei: Sei) -> None:
    device = sei.devices[0]
    form = named(device, verificacion="nombre, domicilio y fecha de nacimiento")
    assert (await sei.ask("POST", "/cat/reposiciones", CAT, json=form)).status_code == 409
    sei.clock[0] += timedelta(hours=16)  # Friday at noon
    assert (await sei.ask("POST", "/cat/reposiciones", CAT, json=form)).status_code == 200
    assert (await sei.ask("POST", "/cat/reposiciones", CAT, json=form)).json()["codigo"] == "clave.reposicion"
    assert (await sei.ask("POST", "/entradas", json=device.data)).status_code == 422, "the old one is over"
    new = await sei.begin(Device(0, sei.clave(0)))
    assert (await sei.cast(new, new.ballot(sei.group))).status_code == 200
    sms = " ".join(sei.messages("sei.clave-aviso", person_data(0).telefono))
    assert new.clave not in sms
    assert told_of(sei, "clave.reposicion") == [sei.persons[0].id]


@pytest.mark.req("SEI-11")
@pytest.mark.req("SEI-21")
async def test_a_disabled_clave_ends_its_session_and_its_entry(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    ballot = device.ballot(sei.group)
    form = named(device, motivo="niega haber hecho el trámite")
    assert (await sei.ask("POST", "/claves/deshabilitaciones", DEOEYG, json=form)).status_code == 200
    assert (await sei.cast(device, ballot)).status_code == 401
    assert (await sei.ask("POST", "/entradas", json=device.data)).json()["detail"] == texts.WRONG_DATA
    assert told_of(sei, "clave.deshabilitacion") == [sei.persons[0].id]


@pytest.mark.req("SEI-27")
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CAT, Role.DEOEYG)])
async def test_nobody_else_touches_claves_and_tokens(sei: Sei, role: Role) -> None:
    sei.clock[0] += timedelta(hours=16)
    device, actor = sei.devices[0], Actor("otra", role)
    for path, more in (
        ("/cat/desbloqueos", {"verificacion": "nombre"}),
        ("/cat/reposiciones", {"verificacion": "nombre"}),
        ("/claves/deshabilitaciones", {"motivo": "porque sí"}),
    ):
        assert (await sei.ask("POST", path, actor, json=named(device, **more))).status_code in (401, 403)


@pytest.mark.req("SEI-07")
@pytest.mark.req("SEI-12")
async def test_a_delivered_clave_or_token_is_in_no_table_any_more(sei: Sei) -> None:
    token = await sei.enter(sei.devices[0])
    messages = SqlMessages(sei.database, "prueba")
    for channel in Channel:
        day = timedelta(days=1)
        while waiting := messages.claim(channel, sei.clock[0] + day, Terms(day, timedelta(0), 10), 10):
            messages.settle([(joint, Delivered()) for joint in waiting], sei.clock[0])
    with sei.database.reading() as db:
        rows = db.execute(select(mensajes.c.tipo, mensajes.c.destino, mensajes.c.cuerpo)).all()
        left = db.execute(select(func.count()).where(mensajes.c.estado == "pendiente")).scalar_one()
    assert left == 0
    stored = repr(rows)
    assert token not in stored
    assert all(device.clave not in stored for device in sei.devices)
    assert {row.tipo for row in rows if row.cuerpo is None} == {"secreto.clave", "secreto.token"}
    assert all(row.destino for row in rows), "who was sent what, and when, is still known (SEI-12)"


async def test_the_phase_of_the_cat_is_that_of_the_cronograma(sei: Sei) -> None:
    with sei.database.reading() as db:
        plan = Consultas(db).get(ID).cronograma
    assert not plan.open(Fase.REPOSICION, sei.clock[0])
    assert plan.open(Fase.REPOSICION, sei.clock[0] + timedelta(hours=16))
