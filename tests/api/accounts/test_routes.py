"""Accounts over HTTP: cookies, origins, bounded attempts, and the way from the first link to work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api import wiring
from api.accounts.administration import SYSTEM
from api.accounts.desk import AccountsDesk
from api.accounts.permissions import Role
from api.http.app import build_app
from api.outbox.tables import mensajes
from api.services import Services
from api.settings import Settings
from api.tables import ALL_METADATA
from tests.api.accounts.people import (
    GOOD_PASSWORD,
    NOW,
    OPL,
    App,
    Person,
    SoftPasskey,
    active,
    application,
    last_link,
    register_process,
)

URL = "https://apoyo.ejemplo.mx"
OWN = {"origin": URL}
ISSUER = {"name": "ensayo", "title": "Ensayo", "issuer": "https://id.ejemplo.mx", "client_id": "web"}


class Clock:
    """An instant that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **more: float) -> datetime:
        self.now += timedelta(**more)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def services(tmp_path: Path, clock: Clock) -> Any:
    settings = Settings.model_validate(
        {"data": tmp_path / "datos", "http": {"public_url": URL}, "accounts": {"providers": [ISSUER]}}
    )
    made = wiring.build_services(settings, clock=clock)
    for metadata in ALL_METADATA:
        metadata.create_all(made.database.engine)
    yield made
    made.database.engine.dispose()


@pytest.fixture
def desk(services: Services) -> AccountsDesk:
    return services.accounts


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = build_app(services, wiring.ROUTERS, wiring.nothing_runs)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


def bearer(person: Person) -> dict[str, str]:
    return {"authorization": f"Bearer {person.opened.token}"}


@pytest.mark.anyio
@pytest.mark.req("APO-01")
async def test_from_the_oficio_to_work(http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock) -> None:
    with desk.means.database.writing() as db:
        desk.administration.create_first(db, application(), clock.now)
        token = last_link(db)
    shown = (await http.post("/v1/sesion/enlace", json={"enlace": token})).json()
    assert (shown["proposito"], shown["correo"]) == ("alta", "ana@ine.mx")
    form = {"enlace": token, "contrasena": GOOD_PASSWORD, "codigo": App(shown["secreto"]).code(clock.now)}
    opened = await http.post("/v1/sesion/enlace/confirmar", json=form)
    assert (opened.status_code, opened.json()["testigo"]) == (201, None)
    assert len(opened.json()["codigos_respaldo"]) == 10
    assert (await http.get("/v1/cuentas")).status_code == 403
    text = (await http.get("/v1/declaratoria")).json()
    signed = await http.post(
        "/v1/declaratoria", json={"version": text["version"], "sha256": text["sha256"]}, headers=OWN
    )
    assert signed.json() == {"estado": "activa"}
    assert [one["correo"] for one in (await http.get("/v1/cuentas")).json()] == ["ana@ine.mx"]
    me = (await http.get("/v1/sesion")).json()
    assert (me["papel"]["rol"], me["nombre"]) == ("derfe_admin", "Ana de Prueba")


@pytest.mark.anyio
async def test_the_cookie_is_only_for_our_pages(
    http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock
) -> None:
    ana = active(desk, application())
    clock.later(minutes=1)
    form = {"correo": "ana@ine.mx", "contrasena": GOOD_PASSWORD, "codigo": ana.app.code(clock.now)}
    opened = await http.post("/v1/sesion/contrasena", json=form)
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("__Host-certeza=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert opened.headers["cache-control"] == "no-store"
    other = {"authorization": "Basic YTpi"}  # a header that is no bearer token does not stand for one
    for origin in (
        {},
        other,
        {"origin": "https://otro.mx"},
        {"origin": "null"},
        {"origin": f"{URL}.otro.mx"},
    ):
        refused = await http.delete("/v1/sesion", headers=origin)
        assert (refused.status_code, refused.json()["codigo"]) == (403, "sesion.origen")
    left = await http.delete("/v1/sesion", headers=OWN)
    assert left.status_code == 204
    assert 'certeza=""' in left.headers["set-cookie"]
    assert (await http.get("/v1/sesion")).status_code == 401


@pytest.mark.anyio
async def test_a_page_of_another_site_does_not_sign_the_browser_in(http: httpx.AsyncClient) -> None:
    form = {"correo": "ana@ine.mx", "contrasena": "x", "codigo": "000000"}
    for path in ("/v1/sesion/contrasena", "/v1/sesion/oidc/ensayo/inicio"):
        refused = await http.post(path, json=form, headers={"origin": "https://otro.mx"})
        assert (refused.status_code, refused.json()["codigo"]) == (403, "sesion.origen")


@pytest.mark.anyio
async def test_a_session_of_before_the_entry_is_not_the_session_after_it(
    http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock
) -> None:
    ana, planted = active(desk, application()), active(desk, application(email="mala@ine.mx"))
    clock.later(minutes=1)
    http.cookies.set("__Host-certeza", planted.opened.token)
    form = {"correo": "ana@ine.mx", "contrasena": GOOD_PASSWORD, "codigo": ana.app.code(clock.now)}
    opened = await http.post("/v1/sesion/contrasena", json=form, headers=OWN)
    assert opened.status_code == 201
    assert planted.opened.token not in opened.headers["set-cookie"]
    me = await http.get("/v1/sesion", headers={"authorization": f"Bearer {planted.opened.token}"})
    assert me.json()["correo"] == "mala@ine.mx"


@pytest.mark.anyio
async def test_failed_entries_answer_the_same_and_then_have_to_wait(
    http: httpx.AsyncClient, desk: AccountsDesk
) -> None:
    active(desk, application())
    bodies = []
    for email in ("ana@ine.mx", "nadie@ine.mx", "?"):
        form = {"correo": email, "contrasena": "una que no es", "codigo": "000000"}
        answer = await http.post("/v1/sesion/contrasena", json=form)
        assert answer.status_code == 401
        bodies.append({k: v for k, v in answer.json().items() if k != "instance"})
    assert bodies[0] == bodies[1] == bodies[2]
    form = {"correo": "nadie@ine.mx", "contrasena": "una que no es", "codigo": "000000"}
    statuses = [(await http.post("/v1/sesion/contrasena", json=form)).status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 401, 429]
    assert int((await http.post("/v1/sesion/contrasena", json=form)).headers["retry-after"]) > 10


@pytest.mark.anyio
@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ñ"])
async def test_a_token_that_is_none_is_nobody(http: httpx.AsyncClient, token: str) -> None:
    headers = {"authorization": f"Bearer {token}".encode()}
    assert (await http.get("/v1/sesion", headers=headers)).status_code == 401
    assert (await http.get("/salud", headers=headers)).status_code == 200


@pytest.mark.anyio
async def test_the_gravest_acts_need_a_second_factor_of_the_last_minutes(
    http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock
) -> None:
    ana, beto = active(desk, application()), active(desk, application(email="beto@ine.mx"))
    clock.later(minutes=20)
    path, body = f"/v1/cuentas/{beto.account.id}/suspension", {"razon": "extravío"}
    refused = await http.post(path, json=body, headers=bearer(ana))
    assert (refused.status_code, refused.json()["codigo"]) == (403, "sesion.refuerzo")
    code = {"codigo": ana.app.code(clock.now)}
    renewed = await http.post("/v1/sesion/refuerzo", json=code, headers=bearer(ana))
    assert (await http.post(path, json=body, headers=bearer(ana))).status_code == 401  # the old token
    assert renewed.json()["testigo"] is None  # it was a cookie's session
    now = {"authorization": f"Bearer {renewed.cookies['__Host-certeza']}"}
    assert (await http.post(path, json=body, headers=now)).json() == {"estado": "suspendida"}
    assert (await http.get("/v1/sesion", headers=bearer(beto))).status_code == 401


@pytest.mark.anyio
async def test_staff_of_an_opl_sees_its_own_accounts_only(
    http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock
) -> None:
    with desk.means.database.writing() as db:
        register_process(db, "carla@ejemplo.mx", "beto@ejemplo.mx")
    ana = active(desk, application())
    enlace = active(desk, application(Role.OPL_ENLACE, "enlace@ine.mx", OPL))
    found = (await http.get("/v1/cuentas", headers=bearer(enlace))).json()
    assert [one["correo"] for one in found] == ["enlace@ine.mx"]
    assert (await http.get(f"/v1/cuentas/{ana.account.id}", headers=bearer(enlace))).status_code == 404
    assert (await http.get(f"/v1/cuentas/{enlace.account.id}", headers=bearer(enlace))).status_code == 200


@pytest.mark.anyio
async def test_an_administrator_creates_and_gives_links_and_closes_sessions(
    http: httpx.AsyncClient, desk: AccountsDesk
) -> None:
    ana = active(desk, application())
    form = {
        "nombre": "Dora de Prueba",
        "cargo": "Operadora",
        "correo": "dora@ine.mx",
        "telefono": "5512345678",
        "rol": "derfe_operador",
        "oficio_numero": "INE/2/2026",
        "oficio_fecha": "2026-11-20",
    }
    made = await http.post("/v1/cuentas", json=form, headers=bearer(ana))
    assert (made.status_code, made.json()["estado"]) == (201, "creada")
    again = await http.post("/v1/cuentas", json=form, headers=bearer(ana))
    assert (again.status_code, again.json()["codigo"]) == (409, "cuenta.repetida")
    wrong = await http.post("/v1/cuentas", json={**form, "correo": "x@gmail.com"}, headers=bearer(ana))
    assert (wrong.status_code, wrong.json()["codigo"]) == (422, "cuenta.correo")
    path, why = f"/v1/cuentas/{made.json()['id']}", {"razon": "no llegó"}
    assert (await http.post(f"{path}/enlace", json=why, headers=bearer(ana))).status_code == 202
    assert (await http.get(f"{path}/sesiones", headers=bearer(ana))).json() == []
    closed = await http.post(f"{path}/sesiones/revocacion", json=why, headers=bearer(ana))
    assert closed.json() == {"cerradas": 0}
    assert (await http.post(f"{path}/baja", json=why, headers=bearer(ana))).json() == {"estado": "baja"}
    assert (await http.post(f"{path}/baja", json=why, headers=bearer(ana))).status_code == 409
    assert (await http.post("/v1/cuentas/no/baja", json=why, headers=bearer(ana))).status_code == 404


@pytest.mark.anyio
async def test_a_signed_declaration_is_uploaded_and_validated(
    http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock
) -> None:
    ana = active(desk, application())
    with desk.means.database.writing() as db:
        account, address = desk.administration.create(db, application(email="beto@ine.mx"), SYSTEM, NOW)
    token = address.split("#")[1]
    shown = (await http.post("/v1/sesion/enlace", json={"enlace": token})).json()
    form = {"enlace": token, "contrasena": GOOD_PASSWORD, "codigo": App(shown["secreto"]).code(NOW)}
    opened = await http.post("/v1/sesion/enlace/confirmar", json={**form, "medio": "portador"})
    beto = {"authorization": f"Bearer {opened.json()['testigo']}"}
    document = b"%PDF-1.7\n" + b"x" * 100_000 + b"\n%%EOF\n"
    put = await http.put("/v1/declaratoria/documento", content=document, headers=beto)
    assert put.status_code == 202
    large = await http.put("/v1/declaratoria/documento", content=document * 11, headers=beto)
    assert large.status_code == 413
    path = f"/v1/cuentas/{account.id}/declaratoria"
    assert (await http.get(path, headers=bearer(ana))).content == document
    validated = await http.post(f"{path}/validacion", headers=bearer(ana))
    assert validated.json() == {"estado": "activa"}


@pytest.mark.anyio
async def test_a_passkey_is_registered_and_lets_in(http: httpx.AsyncClient, desk: AccountsDesk) -> None:
    ana, key = active(desk, application()), SoftPasskey()
    asked = (await http.post("/v1/credenciales/llaves/inicio", headers=bearer(ana))).json()
    answer = {"reto": asked["reto"], "credencial": key.create(asked["opciones"]), "nombre": "Teléfono"}
    made = await http.post("/v1/credenciales/llaves", json=answer, headers=bearer(ana))
    assert made.status_code == 201
    assert (await http.post("/v1/credenciales/llaves", json=answer, headers=bearer(ana))).status_code == 401
    begun = (await http.post("/v1/sesion/llave/inicio")).json()
    form = {"reto": begun["reto"], "credencial": key.get(begun["opciones"]), "medio": "portador"}
    opened = await http.post("/v1/sesion/llave", json=form)
    assert opened.json()["papel"]["rol"] == "derfe_admin"
    again = (await http.post("/v1/sesion/refuerzo/llave/inicio", headers=bearer(ana))).json()
    proof = {"reto": again["reto"], "credencial": key.get(again["opciones"])}
    renewed = await http.post("/v1/sesion/refuerzo/llave", json=proof, headers=bearer(ana))
    now = {"authorization": f"Bearer {renewed.cookies['__Host-certeza']}"}
    listed = (await http.get("/v1/credenciales/llaves", headers=now)).json()
    assert [one["nombre"] for one in listed] == ["Teléfono"]
    path = f"/v1/credenciales/llaves/{listed[0]['id']}"
    assert (await http.delete(path, headers=now)).status_code == 204
    assert (await http.delete(path, headers=now)).status_code == 422
    codes = (await http.post("/v1/credenciales/respaldo", headers=now)).json()["codigos"]
    assert len(set(codes) - set(ana.recovery)) == 10


@pytest.mark.anyio
async def test_own_sessions_over_http(http: httpx.AsyncClient, desk: AccountsDesk, clock: Clock) -> None:
    ana = active(desk, application())
    clock.later(minutes=1)
    form = {
        "correo": "ana@ine.mx",
        "contrasena": GOOD_PASSWORD,
        "codigo": ana.recovery[0],
        "medio": "portador",
    }
    other = (await http.post("/v1/sesion/contrasena", json=form)).json()
    listed = (await http.get("/v1/sesion/todas", headers=bearer(ana))).json()
    assert [(one["id"] == other["sesion"], one["actual"]) for one in listed] == [(True, False), (False, True)]
    path = f"/v1/sesion/todas/{other['sesion']}"
    assert (await http.delete(path, headers=bearer(ana))).status_code == 204
    assert (await http.delete(path, headers=bearer(ana))).status_code == 404
    assert (await http.delete("/v1/sesion/todas", headers=bearer(ana))).json() == {"cerradas": 0}


@pytest.mark.anyio
async def test_coming_back_from_a_provider_in_another_browser_says_so_in_the_portal(
    http: httpx.AsyncClient,
) -> None:
    listed = (await http.get("/v1/sesion/oidc")).json()
    assert listed == [{"nombre": "ensayo", "titulo": "Ensayo"}]
    answer = await http.get("/v1/sesion/oidc/regreso", params={"state": "x", "code": "y"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{URL}/#entrada=oidc.state")
    assert (await http.post("/v1/sesion/oidc/otro/nonce")).status_code == 404
    nonce = (await http.post("/v1/sesion/oidc/ensayo/nonce")).json()["nonce"]
    forged = {"testigo": "a.b.c", "nonce": nonce + "x"}
    assert (await http.post("/v1/sesion/oidc/canje", json=forged)).status_code == 401


@pytest.mark.anyio
async def test_forgetting_answers_the_same_to_everybody(http: httpx.AsyncClient, desk: AccountsDesk) -> None:
    active(desk, application())
    answers = [
        await http.post("/v1/sesion/olvido", json={"correo": email})
        for email in ("ana@ine.mx", "x@ine.mx", "?")
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, answers[0].text)}
    with desk.means.database.reading() as db:
        subjects = db.execute(select(mensajes.c.asunto, mensajes.c.destino)).all()
    assert [tuple(row) for row in subjects][-1] == ("Restablecer su contraseña", "ana@ine.mx")
    assert len(subjects) == 3  # the link, the notice of new credentials, and this one
