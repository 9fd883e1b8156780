"""Every route of the service, asked by everybody: only who the table of permissions names is let through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute

from api import wiring
from api.accounts.permissions import GRAVE, ROLES_OF, Actor, Permission, Role
from api.http.app import UnguardedRouteError, build_app
from api.http.guard import Gate, Guarded
from api.settings import Settings
from tests.api.accounts.people import NOW

ASKING = "x-prueba-rol"
SIGNED_IN = [role for role in Role if role is not Role.ANONIMO]


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """All routes that the application answers; whatever is not in a `Guarded` router fails."""
    guarded = [router.router for router in wiring.ROUTERS]
    for included in app.routes:
        router: Any = getattr(included, "original_router", None)
        assert any(router is one for one in guarded), f"{included} was not made with Guarded"
        for route in router.routes:
            assert isinstance(route, APIRoute), f"{route} is no route of FastAPI"
            yield route


def permission_of(route: APIRoute) -> Permission:
    """What the route's only gate asks for."""
    gates = [d.dependency for d in route.dependencies if isinstance(d.dependency, Gate)]
    assert len(gates) == 1, f"{route.path}: {len(gates)} gates"
    return gates[0].permission


def as_header(request: Request, now: datetime) -> Actor | None:
    """In these tests a header says who asks; `verified` is long ago unless it says so."""
    role = request.headers.get(ASKING)
    recent = "x-prueba-reciente" in request.headers
    verified = now if recent else now - timedelta(days=1)
    return Actor("cuenta", Role(role), "uno", "F1", "A1", "s", verified) if role else None


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder: Path = tmp_path_factory.mktemp("negar")
    services = wiring.build_services(Settings(data=folder / "datos"), clock=lambda: NOW)
    yield build_app(replace(services, authenticate=as_header), wiring.ROUTERS, wiring.nothing_runs)
    services.database.engine.dispose()


async def ask(app: FastAPI, route: APIRoute, role: Role | None, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    path = re.sub(r"\{[^}]*\}", "x", route.path)
    method = sorted(route.methods)[0]
    asking = {ASKING: role.value} if role else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        return await http.request(method, path, headers={**asking, **headers})


def closed_to(permission: Permission, role: Role) -> bool:
    return not {role, Role.ANONIMO} & ROLES_OF[permission]


@pytest.mark.anyio
@pytest.mark.req("APO-01")
async def test_nobody_enters_a_route_that_the_table_does_not_give_them(app: FastAPI) -> None:
    asked = 0
    for route in routes_of(app):
        permission = permission_of(route)
        for role in SIGNED_IN:
            if closed_to(permission, role):
                answer = await ask(app, route, role)
                assert (answer.status_code, answer.json()["permiso"]) == (403, permission.value), route.path
                asked += 1
    assert asked > 100


@pytest.mark.anyio
@pytest.mark.req("APO-01")
async def test_without_a_session_only_what_is_for_everybody_answers(app: FastAPI) -> None:
    for route in routes_of(app):
        answer = await ask(app, route, None)
        if closed_to(permission_of(route), Role.ANONIMO):
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), route.path
        else:
            assert answer.status_code not in {401, 403}, route.path


@pytest.mark.anyio
async def test_the_gravest_acts_ask_for_a_second_factor_again(app: FastAPI) -> None:
    grave = [route for route in routes_of(app) if permission_of(route) in GRAVE]
    assert grave
    for route in grave:
        for role in ROLES_OF[permission_of(route)]:
            answer = await ask(app, route, role)
            assert (answer.status_code, answer.json()["codigo"]) == (403, "sesion.refuerzo"), route.path


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/", "/v1", "/v1/cuentas/", "/docs", "/redoc", "/v1/sesion/oidc/x/y"])
@pytest.mark.parametrize("role", [None, Role.DERFE_ADMIN])
async def test_unknown_addresses_are_not_found_by_anybody(app: FastAPI, path: str, role: Role | None) -> None:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        answer = await http.get(path, headers={ASKING: role.value} if role else {})
    assert answer.status_code == 404


def test_the_openapi_document_says_the_permission_of_every_route(app: FastAPI) -> None:
    told = app.openapi()["paths"]
    for route in routes_of(app):
        if route.include_in_schema:
            for method in route.methods:
                assert told[route.path][method.lower()]["x-permiso"] == permission_of(route).value


def test_a_new_route_without_permission_is_noticed(app: FastAPI) -> None:
    other = build_app(app.state.services, wiring.ROUTERS, wiring.nothing_runs)
    other.add_api_route("/nueva", lambda: None, tags=["x"])
    with pytest.raises(AssertionError, match="not made with Guarded"):
        list(routes_of(other))
    bare = Guarded("/x", "x")
    bare.router.add_api_route("/nueva", lambda: None)
    with pytest.raises(UnguardedRouteError, match="/x/nueva"):
        build_app(app.state.services, (bare,), wiring.nothing_runs)
