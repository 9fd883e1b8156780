"""A session that should be over is over at the next request, in every role and by every way it travels."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import delete, update

from api import wiring
from api.accounts.http_session import COOKIE
from api.accounts.permissions import GRAVE, ROLES_OF, Permission, Role
from api.accounts.tables import cuentas, sesiones
from capture.auxiliares.tables import auxiliares
from capture.processes.tables import procesos
from tests.api.populated import Populated, populated
from tests.capture.registration_samples import NOW

pytestmark = pytest.mark.anyio
OWN = "http://127.0.0.1:8000"
EVERYBODY = (
    "derfe_admin",
    "derfe_operador",
    "contraloria",
    "opl_enlace",
    "opl_operador",
    "promovente",
    "auxiliar",
    "pendiente",
)


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("sesiones")) as made:
        yield made


@pytest.fixture
async def http(town: Populated) -> httpx.AsyncClient:
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://prueba")


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def cookie(token: str, origin: str | None) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={token}", **({} if origin is None else {"origin": origin})}


async def status(http: httpx.AsyncClient, token: str) -> int:
    return (await http.get("/v1/sesion", headers=bearer(token))).status_code


def everybody(town: Populated) -> dict[str, str]:
    return {who: town.token(who) for who in EVERYBODY}


@pytest.mark.req("APO-01")
async def test_who_leaves_takes_the_token_along(town: Populated, http: httpx.AsyncClient) -> None:
    for who, token in everybody(town).items():
        assert await status(http, token) == 200, who
        assert (await http.delete("/v1/sesion", headers=bearer(token))).status_code == 204
        for headers in (bearer(token), cookie(token, OWN)):
            assert (await http.get("/v1/sesion", headers=headers)).status_code == 401, who


ENDS: dict[str, Callable[[Populated, str], None]] = {}


def end(make: Callable[[Populated, str], None]) -> Callable[[Populated, str], None]:
    ENDS[make.__name__] = make
    return make


@end
def suspended(town: Populated, account: str) -> None:
    with town.services.database.writing() as db:
        db.execute(update(cuentas).where(cuentas.c.id == account).values(estado="suspendida"))


@end
def revoked(town: Populated, account: str) -> None:
    with town.services.database.writing() as db:
        db.execute(delete(sesiones).where(sesiones.c.cuenta == account))


@end
def outlived(town: Populated, account: str) -> None:
    with town.services.database.writing() as db:
        db.execute(update(sesiones).where(sesiones.c.cuenta == account).values(vence=NOW))


@pytest.mark.req("APO-01")
@pytest.mark.parametrize("how", ENDS)
async def test_it_ends_at_once(town: Populated, http: httpx.AsyncClient, how: str) -> None:
    for who, token in everybody(town).items():
        assert await status(http, token) == 200, who
        account, _ = {**town.staff, **town.one.people}[who]
        ENDS[how](town, account)
        assert await status(http, token) == 401, (who, how)


async def test_who_is_in_the_register_no_more_is_out(town: Populated, http: httpx.AsyncClient) -> None:
    promovente, auxiliar = town.token("promovente"), town.token("auxiliar")
    with town.services.database.writing() as db:
        mine = auxiliares.c.id == town.one.ids["auxiliar"]
        db.execute(update(auxiliares).where(mine).values(baja=NOW, baja_causa="otra"))
    assert (await status(http, auxiliar), await status(http, promovente)) == (401, 200)
    with town.services.database.writing() as db:
        mine_ = procesos.c.folio == town.one.ids["proceso"]
        db.execute(update(procesos).where(mine_).values(correo="otra@ejemplo.mx"))
    assert await status(http, promovente) == 401


async def test_a_role_that_was_taken_away_is_not_used_any_more(
    town: Populated, http: httpx.AsyncClient
) -> None:
    token = town.token("derfe_admin")
    assert (await http.get("/v1/bitacora", headers=bearer(token))).status_code == 200
    with town.services.database.writing() as db:
        mine = cuentas.c.id == town.staff["derfe_admin"][0]
        db.execute(update(cuentas).where(mine).values(rol="derfe_operador"))
    assert (await http.get("/v1/bitacora", headers=bearer(token))).status_code == 403


async def test_nobody_acts_as_what_they_are_not(town: Populated, http: httpx.AsyncClient) -> None:
    """Roles are chosen among the own ones only."""
    token, ids = town.token("auxiliar"), town.one.ids
    for form in (
        {"rol": "promovente", "proceso": ids["proceso"]},
        {"rol": "auxiliar", "proceso": ids["proceso"], "auxiliar": ids["auxiliar2"]},
        {"rol": "auxiliar", "proceso": ids["proceso2"], "auxiliar": ids["auxiliar1"]},
        {"rol": "ciudadano"},
    ):
        answer = await http.put("/v1/sesion/papel", json=form, headers=bearer(token))
        assert answer.status_code in {401, 403, 404, 409}, answer.text
    assert (await http.get("/v1/sesion", headers=bearer(token))).json()["papel"]["rol"] == "auxiliar"


@pytest.mark.parametrize("origin", [None, "null", "https://ajeno.mx", f"{OWN}.ajeno.mx", OWN.upper(), ""])
async def test_a_cookie_changes_nothing_from_another_page(
    town: Populated, http: httpx.AsyncClient, origin: str | None
) -> None:
    token = town.token("opl_enlace")
    path, form = f"/v1/procesos/{town.one.ids['proceso']}/activo", {"activo": False}
    refused = await http.put(path, json=form, headers=cookie(token, origin))
    assert (refused.status_code, refused.json()["codigo"]) == (403, "sesion.origen")
    assert (await http.put(path, json=form, headers=cookie(token, OWN))).status_code == 200


async def test_a_token_that_is_none_does_not_hide_behind_a_cookie(
    town: Populated, http: httpx.AsyncClient
) -> None:
    """A bearer header, even an empty one, is what counts: the cookie is not asked then, nor its origin."""
    token = town.token("opl_enlace")
    for value in ("Bearer", "Bearer ", "Bearer x", f"bearer {token}x"):
        headers = {**cookie(token, OWN), "authorization": value}
        expected = 200 if value == "Bearer" else 401
        assert (await http.get("/v1/sesion", headers=headers)).status_code == expected, value


@pytest.mark.parametrize("permission", sorted(GRAVE))
async def test_the_gravest_acts_want_the_second_factor_again(
    town: Populated, http: httpx.AsyncClient, permission: Permission
) -> None:
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    who = next(role for role in Role if role in ROLES_OF[permission])
    headers = bearer(town.token(who.value, verified=False))
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            if operation["x-permiso"] == permission.value:
                answer = await http.request(method, path, headers=headers, json={})
                told = (answer.status_code, answer.json().get("codigo"))
                assert told == (403, "sesion.refuerzo"), (method, path)
