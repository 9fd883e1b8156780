"""The pages that links of e-mails lead to: complete, nothing from elsewhere, and no secret in a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from api import wiring
from api.accounts import messages
from api.http.app import build_app
from api.services import Services
from api.settings import Settings

PARTS = ("acceso.html", "acceso.js", "acceso.css")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = wiring.build_services(Settings(data=tmp_path / "datos"))
    yield made
    made.database.engine.dispose()


def text_of(name: str) -> str:
    return files("api.pages").joinpath(name).read_text("utf-8")


async def get(services: Services, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(build_app(services, wiring.ROUTERS, wiring.nothing_runs))
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        return await http.get(path)


@pytest.mark.anyio
async def test_the_address_in_the_e_mail_shows_the_page(services: Services) -> None:
    address = messages.link_address("http://prueba", "SECRETO")
    answer = await get(services, address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "SECRETO" not in str(answer.request.url.raw_path)


@pytest.mark.anyio
async def test_all_that_the_page_loads_is_served_here_under_a_policy_that_allows_nothing_else(
    services: Services,
) -> None:
    html = text_of("acceso.html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert loaded == ["/acceso/acceso.css", "/acceso/acceso.js"]
    for path in ("/acceso", *loaded):
        answer = await get(services, path)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy


def test_the_page_has_no_script_or_style_inside() -> None:
    html = text_of("acceso.html")
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", html) == []


def test_each_part_that_the_script_asks_for_is_in_the_page() -> None:
    asked = set(re.findall(r'part\("([^"]+)"\)', text_of("acceso.js")))
    there = set(re.findall(r'\sid="([^"]+)"', text_of("acceso.html")))
    assert asked and asked <= there


@pytest.mark.anyio
async def test_each_address_that_the_script_calls_is_a_route(services: Services) -> None:
    app = build_app(services, wiring.ROUTERS, wiring.nothing_runs)
    called = re.findall(r'ask\("([A-Z]+)", "([^"]+)"', text_of("acceso.js"))
    assert len(called) >= 4
    paths = app.openapi()["paths"]
    assert [(method, path) for method, path in called if method.lower() not in paths.get(path, {})] == []


def test_the_script_builds_no_markup_out_of_what_it_is_told() -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text_of("acceso.js")) == []
    )


@pytest.mark.anyio
@pytest.mark.req("SEI-02")
async def test_the_address_in_an_invitation_shows_its_page_and_all_that_it_loads(services: Services) -> None:
    address = "http://prueba/confirmar/presupuesto-2027#0193.SECRETO"
    html = text_of("confirmar.html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert loaded == ["/acceso/acceso.css", "/confirmar/confirmar.js"]
    for path in (address, *loaded):
        answer = await get(services, path)
        assert answer.status_code == 200
        assert "SECRETO" not in str(answer.request.url.raw_path)
        assert "unsafe" not in answer.headers["content-security-policy"]
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", html) == []


@pytest.mark.anyio
async def test_the_script_of_the_invitation_asks_for_parts_and_routes_that_there_are(
    services: Services,
) -> None:
    script, html = text_of("confirmar.js"), text_of("confirmar.html")
    asked = set(re.findall(r'part\("([^"]+)"\)', script))
    assert asked and asked <= set(re.findall(r'\sid="([^"]+)"', html))
    called = re.findall(r'ask\("([A-Z]+)", `\$\{service\}([^`]+)`', script)
    paths = build_app(services, wiring.ROUTERS, wiring.nothing_runs).openapi()["paths"]
    assert {(method, path) for method, path in called} == {
        ("GET", "/preregistro"),
        ("POST", "/invitaciones/confirmacion"),
    }
    for method, path in called:
        assert method.lower() in paths["/v1/consultas/{consulta}" + path]
    assert re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script) == []
