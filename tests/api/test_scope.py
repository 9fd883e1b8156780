"""Nobody sees or changes what is of another institute, process or auxiliar, or learns whether it exists.

Every route with an id is asked by everybody who may use it, about a thing of others and about a thing that
does not exist: the answers are the same but for the id that was asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from api import wiring
from api.accounts.permissions import ROLES_OF, Permission, Role
from api.tables import ALL_METADATA
from tests.api.asked import address, bodies, query
from tests.api.populated import NAMED, OF_A_PLACE, Populated, Side, id_at, populated

pytestmark = pytest.mark.anyio
NOBODY = "0193eeee-0000-7000-8000-0000000000ee"
ABSENT = {
    "proceso": "F261127329999999",
    "auxiliar": "A999999999",
    "solicitud": "USO-ZAC-2026-9",
    "opl": "ninguno",
    "llave": "age1ztfz47dwpzej5yw8cjz0cgjuc0g9u0383ctqmwtgg9an2ernk3dsw6ms28",
}
NOT_YET = {f"/v1/retencion/{{proceso}}/{end}" for end in ("destruccion/reanudar", "acta", "acta.pdf")}
NOT_YET |= {
    f"/v1/consultas/{{consulta}}/{end}"
    for end in (
        "ceremonia/acta",
        "ceremonia/buzon/{archivo}",  # what a custodio made, and not anything
        "ceremonia/ensayo/acta",
        "distrito/listados/{clave}",
        "distrito/paquete.tar",
        "mesas/{clave}/escrutinio.json",
        "mesas/{clave}/escrutinio.pdf",
        "mesas/{clave}/cartel.pdf",
        "validacion/solicitudes/{folio}/recortes/{campo}",  # nothing read it
    )
}
NOT_YET.add("/v1/procesos/{folio}/patrones/{patron}")
"""What is there only when the records were destroyed, the custodios made their keys, an urn was opened, or
somebody sent the same image again and again."""
FILES = {
    "/v1/consultas/{consulta}/ceremonia/buzon/": "certificado-1.json",
    "/v1/consultas/{consulta}/ceremonia/ensayo/": "respuesta-1.json",
}
"""Names of files, by what goes before them."""
LISTED = {"entidad": "32", "dia": "2026-11-27"}
"""Parameters of a query that name nothing."""
ASKING = (
    ("opl_enlace", "other", frozenset()),
    ("opl_operador", "other", frozenset()),
    ("promovente", "other", frozenset()),
    ("auxiliar", "other", frozenset()),
    ("promovente2", "one", frozenset({"periodo", "opl"})),
    ("auxiliar2", "one", frozenset({"periodo", "opl", "proceso"})),
    *((f"{role.value}2", "other", frozenset()) for role in OF_A_PLACE),
)
"""Who asks about the things of the first side, and which of them are theirs too."""
OF_PLACES = frozenset(
    {
        Permission.CEREMONIA_APORTAR,
        Permission.APERTURA_APORTAR,
        Permission.ADSCRIPCION_ASIGNAR,
        Permission.DISTRITO_LLAVE,
        Permission.LISTADO_DESCARGAR,
        Permission.MESA_LISTADO,
        Permission.MESA_UBICAR,
        Permission.MESA_CAPTURAR,
        Permission.MESA_COMPUTAR,
    }
)
"""What the people of a consultation do only where they belong; the rest of it is for everybody of the SEI."""
PUBLIC = frozenset({"huella", "reporte", "acto", "mensaje"})
"""What is for everybody, or only for people who see everything."""
OTHERWISE = {
    ("GET", "/v1/documentos"): 200,  # a list, which is empty
    ("POST", "/v1/mesa/discrepancias/{folio}"): 403,  # for operators, whatever they ask about
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("alcance")) as made:
        yield made


@pytest.fixture(scope="module")
def app(town: Populated) -> FastAPI:
    return wiring.application_of(town.services, runs=wiring.nothing_runs)


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def named_in(path: str, operation: dict[str, Any], body: Any) -> set[str]:
    """Kinds of things that a request names."""
    kinds = {id_at(path, name) for name in re.findall(r"{(\w+)}", path)}
    asked = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
    kinds |= {NAMED[name] for name in asked if name in NAMED}
    kinds |= {NAMED[name] for name in (body if isinstance(body, dict) else ()) if name in NAMED}
    return {kind for kind in kinds if kind is not None}


def absent(side: Side) -> Side:
    """The same ids, of things that do not exist."""
    gone = Side(
        ABSENT["opl"], 9, {k: ABSENT.get(k, "0193eeee-0000-7000-8000-0000000000ee") for k in side.ids}
    )
    gone.ids |= {k: ABSENT["proceso"] for k in gone.ids if k.startswith("proceso")}
    gone.people = {
        name: ("0193eeee-0000-7000-8000-0000000000ee", grant) for name, (_, grant) in side.people.items()
    }
    return gone


async def ask(
    app: FastAPI, method: str, path: str, operation: dict[str, Any], about: Side, token: str
) -> httpx.Response:
    """A request about the things of one side."""
    body = bodies(about).get(f"{method} {path}")
    sent: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    names = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
    sent["params"] = {**query(names, about), **{name: LISTED[name] for name in names if name in LISTED}}
    sent["headers"] = {"authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        file = FILES.get(path.partition("{archivo}")[0], "foto.jpg")
        where = address(path, about, name="anverso.jpg", archivo=file)
        return await http.request(method, where, **sent)


def told(answer: httpx.Response, about: Side) -> tuple[int, str]:
    """Status and words, without the ids that were asked about."""
    text = re.sub(r'"instance": "[^"]*"', "", answer.text)
    for value in sorted((v for v in about.ids.values() if len(v) > 3), key=len, reverse=True):
        text = text.replace(value, "…")
    for account, _ in about.people.values():
        text = text.replace(account, "…")
    return answer.status_code, text


def rows(town: Populated) -> dict[str, int]:
    """How many rows each table has: what was refused wrote nothing."""
    with town.services.database.reading() as db:
        tables = [table for metadata in ALL_METADATA for table in metadata.sorted_tables]
        return {
            t.name: db.execute(select(func.count()).select_from(t)).scalar_one()
            for t in tables
            if t.name != "sesiones"
        }


@pytest.mark.req("APO-01")
async def test_things_of_others_are_like_things_that_do_not_exist(town: Populated, app: FastAPI) -> None:
    differ, asked = [], 0
    nothing = absent(town.one)
    for (who, at, theirs), (method, path, operation) in product(ASKING, operations(app)):
        roles = ROLES_OF[Permission(operation["x-permiso"])]
        kinds = named_in(path, operation, bodies(town.one).get(f"{method} {path}")) - PUBLIC - theirs
        role = Role(who.removesuffix("2"))
        if role not in roles or Role.ANONIMO in roles or not kinds:
            continue
        if role in OF_A_PLACE and Permission(operation["x-permiso"]) not in OF_PLACES:
            continue
        side, before = getattr(town, at), rows(town)
        of_others = await ask(app, method, path, operation, town.one, town.token(who, side))
        of_nobody = await ask(app, method, path, operation, nothing, town.token(who, side))
        found, expected = told(of_others, town.one), told(of_nobody, nothing)
        if found != expected or rows(town) != before:
            differ.append((who, method, path, found, expected))
        elif found[0] not in {404, OTHERWISE.get((method, path))}:
            differ.append((who, method, path, found))
        asked += 1
    assert not differ, "\n".join(map(str, differ))
    assert asked > 100


async def test_the_same_requests_are_answered_to_whom_the_things_belong(
    town: Populated, app: FastAPI
) -> None:
    """Otherwise the test above would show nothing."""
    hidden = []
    for method, path, operation in operations(app):
        who = town.who_may(Permission(operation["x-permiso"]))
        if who is None or not named_in(path, operation, bodies(town.one).get(f"{method} {path}")):
            continue
        answer = await ask(app, method, path, operation, town.one, town.token(who))
        if answer.status_code in {404, 422} and path not in NOT_YET:
            hidden.append((who, method, path, answer.text))
    assert not hidden, "\n".join(map(str, hidden))
