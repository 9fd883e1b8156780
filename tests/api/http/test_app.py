"""The HTTP edge: problems instead of traces, a gate on every route, limits, and nothing personal said."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel

from api import wiring
from api.accounts.permissions import Actor, Permission, Role
from api.http import logs
from api.http.app import UnguardedRouteError, build_app
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import KINDS, Problem
from api.http.rates import Rate
from api.services import Services
from api.settings import Settings
from keys.errors import Refusal

probe = Guarded("/prueba", "prueba")
ENGLISH = re.compile(r"\b(the|of|and|its|with|what|one|an|or|at)\b", re.IGNORECASE)


class Form(BaseModel):
    correo: str
    edad: Annotated[int, Query(ge=18)]


@probe.post("/forma", Permission.SERVICIO_SALUD)
def take(here: HereNow, body: Form) -> dict[str, str]:
    return {"correo": body.correo}


@probe.get("/negar", Permission.SERVICIO_SALUD)
def refuse(here: HereNow) -> None:
    raise Refusal("prueba.regla", "folio", "uno", "otro")


@probe.get("/romper", Permission.SERVICIO_SALUD)
def explode(here: HereNow) -> None:
    raise ZeroDivisionError("clave de elector GOMEZ")


@probe.get("/llenar", Permission.SERVICIO_SALUD)
def fill(here: HereNow) -> None:
    raise OSError(28, "No space left on device")


@probe.post("/secreto", Permission.SERVICIO_SALUD, rate=Rate.SECRETS)
def guess(here: HereNow) -> None:
    raise Problem("sin-permiso", "No.")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = wiring.build_services(Settings(data=tmp_path / "datos"))
    yield made
    made.database.engine.dispose()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    logs.configure(stream, logging.INFO)
    yield stream


def client(services: Services, *routers: Guarded) -> httpx.AsyncClient:
    app = build_app(services, (*wiring.ROUTERS, *(routers or (probe,))), wiring.nothing_runs)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://prueba")


async def ask(services: Services, method: str, path: str, **options: object) -> httpx.Response:
    async with client(services) as http:
        return await http.request(method, path, **options)  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_refusal_says_rule_place_expected_and_got(services: Services) -> None:
    answer = await ask(services, "GET", "/prueba/negar")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == "/v1/problemas/conflicto"
    assert (body["codigo"], body["donde"], body["esperado"], body["encontrado"]) == (
        "prueba.regla",
        "folio",
        "uno",
        "otro",
    )
    assert body["instance"] == f"urn:uuid:{answer.headers['x-solicitud']}"


@pytest.mark.anyio
async def test_a_form_is_told_its_fields_but_not_what_was_written(services: Services) -> None:
    answer = await ask(services, "POST", "/prueba/forma", json={"edad": "GARCIA"})
    assert answer.status_code == 422
    assert {"campo": "correo", "mensaje": "Falta."} in answer.json()["errores"]
    assert "GARCIA" not in answer.text


@pytest.mark.anyio
async def test_what_nobody_expected_is_not_described(services: Services, lines: io.StringIO) -> None:
    answer = await ask(services, "GET", "/prueba/romper")
    assert answer.status_code == 500
    assert "GOMEZ" not in answer.text
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert "GOMEZ" not in lines.getvalue()
    assert [t["error"] for t in told if t["event"] == "falla"] == ["ZeroDivisionError"]
    assert [(t["ruta"], t["estado"]) for t in told if t["event"] == "solicitud"] == [("/prueba/romper", 500)]


@pytest.mark.anyio
async def test_a_full_disk_is_said_as_such(services: Services) -> None:
    assert (await ask(services, "GET", "/prueba/llenar")).status_code == 507


@pytest.mark.anyio
async def test_an_unknown_address_and_another_method_are_problems_too(services: Services) -> None:
    unknown, other = await ask(services, "GET", "/no/hay"), await ask(services, "DELETE", "/prueba/forma")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/v1/problemas/no-encontrado")
    assert (other.status_code, other.headers["allow"]) == (405, "POST")


@pytest.mark.anyio
async def test_a_body_that_is_too_large_is_refused_while_it_arrives(services: Services) -> None:
    answer = await ask(
        services, "POST", "/prueba/forma", content=b"x" * (services.settings.http.body_bytes + 1)
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "/v1/problemas/demasiado-grande")


@pytest.mark.anyio
async def test_what_can_be_guessed_is_bounded(services: Services) -> None:
    async with client(services) as http:
        statuses = [(await http.post("/prueba/secreto")).status_code for _ in range(31)]
        last = await http.post("/prueba/secreto")
    assert statuses == [403] * 30 + [429]
    assert last.headers["retry-after"] == "300"


class _Broken:
    def hit(self, *_: object) -> bool:
        raise OSError("no hay Redis")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "method", "status"), [("/prueba/negar", "GET", 409), ("/prueba/secreto", "POST", 503)]
)
async def test_when_the_limiter_fails_only_secrets_are_refused(
    services: Services, path: str, method: str, status: int
) -> None:
    services.rates._limiter = _Broken()  # type: ignore[assignment]
    assert (await ask(services, method, path)).status_code == status
    assert b'certeza_limitador_fallas_total{clase="' in services.metrics.text()


def test_a_route_without_permission_stops_the_service(services: Services) -> None:
    bare = Guarded("/x", "x")
    bare.router = APIRouter()
    bare.router.add_api_route("/x", lambda: None)
    with pytest.raises(UnguardedRouteError, match="/x"):
        build_app(services, (bare,), wiring.nothing_runs)


@pytest.mark.anyio
async def test_health_readiness_and_problems_answer(services: Services) -> None:
    assert (await ask(services, "GET", "/salud")).json() == {"estado": "vivo"}
    assert (await ask(services, "GET", "/listo")).json()["partes"]["base de datos"] == "listo"
    for slug, kind in KINDS.items():
        assert (await ask(services, "GET", f"/v1/problemas/{slug}")).json()["status"] == kind.status


@pytest.mark.anyio
async def test_readiness_says_which_part_is_missing(services: Services) -> None:
    def gone() -> None:
        raise OSError

    services.parts["bóveda"] = gone  # type: ignore[index]
    answer = await ask(services, "GET", "/listo")
    assert (answer.status_code, answer.json()["partes"]["bóveda"]) == (503, "no responde")


@pytest.mark.anyio
async def test_figures_are_given_to_who_has_the_token(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("un-secreto\n")
    settings = Settings(data=tmp_path / "datos", http={"metrics_token_file": token})  # type: ignore[arg-type]
    services = wiring.build_services(settings)
    right = await ask(services, "GET", "/metricas", headers={"authorization": "Bearer un-secreto"})
    wrong = await ask(services, "GET", "/metricas", headers={"authorization": "Bearer otro"})
    assert (right.status_code, wrong.status_code) == (200, 404)
    assert "certeza_solicitudes" in right.text
    token.write_text("\n")
    for headers in ({}, {"authorization": "Bearer "}):
        assert (await ask(services, "GET", "/metricas", headers=headers)).status_code == 404


def test_only_known_fields_are_written(lines: io.StringIO) -> None:
    logs.logger().info("prueba", folio="0190", nombre="PERSONA")
    told = json.loads(lines.getvalue())
    assert (told["folio"], told["campos_omitidos"]) == ("0190", 1)
    assert "PERSONA" not in lines.getvalue()


@pytest.mark.anyio
async def test_the_openapi_document_states_permissions_and_problems(services: Services) -> None:
    document = (await ask(services, "GET", "/openapi.json")).json()
    operation = document["paths"]["/prueba/forma"]["post"]
    assert operation["x-permiso"] == "servicio.salud"
    assert "application/problem+json" in operation["responses"]["4XX"]["content"]
    assert document["components"]["schemas"]["Problema"]["required"][0] == "type"


@pytest.mark.anyio
async def test_every_operation_says_in_spanish_what_it_does(services: Services) -> None:
    app = build_app(services, wiring.ROUTERS, wiring.nothing_runs)
    told = [operation["summary"] for path in app.openapi()["paths"].values() for operation in path.values()]
    assert len(told) > 100
    assert not [text for text in told if ENGLISH.search(text) or " " not in text]


@pytest.mark.anyio
async def test_a_body_that_is_no_json_and_a_word_that_is_not_listed_are_told(services: Services) -> None:
    headers = {"Content-Type": "application/json"}
    broken = await ask(services, "POST", "/prueba/forma", content=b'{"correo":', headers=headers)
    assert broken.json()["errores"] == [{"campo": "cuerpo", "mensaje": "El cuerpo no es JSON."}]
    unlisted = {"correo": "a@ine.mx", "contrasena": "x", "codigo": "1", "medio": "otro"}
    other = await ask(services, "POST", "/v1/sesion/contrasena", json=unlisted)
    assert other.json()["errores"] == [
        {"campo": "medio", "mensaje": "Debe ser uno de: 'cookie' o 'portador'."}
    ]


@pytest.mark.anyio
async def test_who_has_not_signed_the_declaratoria_is_told_so(services: Services) -> None:
    pending = replace(services, authenticate=lambda _request, _now: Actor("cuenta", Role.PENDIENTE))
    answer = await ask(pending, "GET", "/v1/opls")
    assert answer.status_code == 403
    assert "Declaratoria de Confidencialidad" in answer.json()["detail"]
