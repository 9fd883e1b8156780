"""What people write in forms comes back in no problem, no line of the log, no act, and goes in no address."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api import wiring
from api.accounts.permissions import Permission
from api.acts.tables import actos
from api.http import logs
from tests.api.asked import address, bodies, query
from tests.api.populated import NAMED, Populated, populated

pytestmark = pytest.mark.anyio
MARK = "MARCAQUENOVUELVE"
SHAPES = (MARK, f"{MARK}@ejemplo.mx", f"{MARK}800101HZSRPN09", f"{MARK}\n{MARK}", MARK * 400)
"""Alone, as part of an e-mail, of a CURP, over two lines, and longer than anything admits."""
REASONS = frozenset(
    {"razon", "motivo", "oficio_numero", "oficio", "semilla", "verificacion"}
    | {"autoridad", "expediente", "fundamento"}
)
"""What is written for the bitácora, and says so: reasons, oficios and who sent them, the seed of a sample."""
PUBLISHED = ("POST /v1/consultas", "PUT /v1/consultas/{consulta}", "PUT /v1/consultas/{consulta}/cronograma")
"""Forms of what everybody may know of a consultation: a refusal quotes what was wrong in it."""
PERSONAL = frozenset({"numero", "cic", "ocr", "curp", "clave_elector", "nombre", "correo", "telefono"})


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    told = io.StringIO()
    logs.configure(told)
    yield told


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("marcas")) as made:
        yield made


def marked(value: Any, mark: str) -> Iterator[tuple[str, Any]]:
    """The form with one text after another replaced, ids and reasons apart; with the name of the field."""
    for name, old in value.items():
        if isinstance(old, dict):
            yield from ((name, {**value, name: inner}) for _, inner in marked(old, mark))
        elif isinstance(old, str) and name not in NAMED and name not in REASONS:
            yield name, {**value, name: mark}


def acts_text(town: Populated) -> str:
    with town.services.database.reading() as db:
        return "".join(db.execute(select(actos.c.texto)).scalars())


@pytest.mark.req("APO-25")
async def test_nothing_of_a_form_comes_back_where_it_should_not(town: Populated, lines: io.StringIO) -> None:
    app, found, asked = wiring.application_of(town.services, runs=wiring.nothing_runs), [], 0
    paths = app.openapi()["paths"]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        for label, body in bodies(town.one).items():
            method, path = label.split(" ")
            operation = paths[path][method.lower()]
            who = town.who_may(Permission(operation["x-permiso"]))
            names = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
            for mark in SHAPES if isinstance(body, dict) else ():
                for name, form in marked(body, mark):
                    headers = {"authorization": f"Bearer {town.token(who)}"} if who else {}
                    where, params = address(path, town.one), query(names, town.one)
                    answer = await http.request(method, where, params=params, json=form, headers=headers)
                    asked += 1
                    told = answer.status_code >= 400 and MARK in answer.text.upper()
                    if told and label not in PUBLISHED:
                        found.append((label, name, mark[:20], answer.text))
                    if answer.status_code >= 500:
                        found.append((label, name, mark[:20], answer.text))
    assert not found, "\n".join(map(str, found))
    assert MARK not in lines.getvalue().upper()
    assert MARK not in acts_text(town).upper()
    assert asked > 300


async def test_addresses_ask_for_nothing_personal(town: Populated) -> None:
    """Addresses are kept by proxies and browsers. The number of a report is not of a credential."""
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            asked = {p["name"] for p in operation.get("parameters", ()) if p["in"] in {"path", "query"}}
            assert not asked & PERSONAL or path.startswith("/v1/atencion"), (method, path)


async def test_what_is_in_an_address_is_in_no_line_of_the_log(town: Populated, lines: io.StringIO) -> None:
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {town.token('derfe_admin')}", "user-agent": MARK, "referer": MARK}
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        for path in app.openapi()["paths"]:
            await http.get(f"{address(path, town.one)}?proceso={MARK}&x={MARK}&segundos=0", headers=headers)
            await http.request(MARK, f"/{MARK}{path}", headers=headers)
    told = lines.getvalue()
    assert all(json.loads(line)["event"] == "solicitud" for line in told.splitlines())
    assert MARK not in told
