"""Patterns over HTTP: found by the worker's job, told to the authority, and to nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from api.acts.tables import actos
from capture.patterns.looking import SqlPatterns
from capture.processing.bodies import BlobBodies
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.periods_sql import SqlPeriods
from capture.processing.ports import DeviceReading
from capture.vault.boveda import LocalBoveda
from tests.api.records.conftest import OTHER, House
from tests.capture.records.making import PROCESO, folio

pytestmark = pytest.mark.anyio
PATH = f"/v1/procesos/{PROCESO}/patrones"
NUMBERS = range(10, 14)


def found_by_the_worker(house: House) -> None:
    """Four records with the same images, processed and looked for."""
    services = house.services
    boveda = LocalBoveda(services.chamber)
    patterns = SqlPatterns(services.database, boveda, house.clock.read)
    bodies = BlobBodies(services.blobs)
    tools = Tools(
        services.database,
        bodies,
        boveda,
        DeviceReading(),
        SqlPeriods(),
        services.acts,
        house.clock.read,
        patterns,
    )
    for number in NUMBERS:
        house.receive(number, f"BBBBBB800101{number}M100")
    assert Processing(tools).process_all().done == len(NUMBERS)
    assert patterns.look() == len(NUMBERS)


@pytest.mark.req("APO-25")
async def test_the_authority_sees_them_with_all_their_records(house: House) -> None:
    found_by_the_worker(house)
    for who in ("derfe", "enlace", "ana"):
        page = (await house.ask(who, "GET", PATH)).json()
        assert sorted(one["objeto"] for one in page["patrones"]) == [
            "anverso de la credencial",
            "fotografía viva",
        ]
        assert "indicios" in page["aviso"]
    first = page["patrones"][0]
    assert (first["regla"], first["registros"], first["medida"]) == ("imagen-identica", 4, 0)
    assert first["dispositivo"] is None
    detail = (await house.ask("enlace", "GET", f"{PATH}/{first['id']}")).json()
    assert detail["folios"] == [folio(number) for number in NUMBERS]
    of_one = (await house.ask("enlace", "GET", f"/v1/registros/{folio(12)}/patrones")).json()
    assert [one["id"] for one in of_one["patrones"]] == sorted(one["id"] for one in page["patrones"])
    untouched = (await house.ask("enlace", "GET", f"/v1/registros/{folio(0)}/patrones")).json()
    assert untouched["patrones"] == []


async def test_pages_and_filters(house: House) -> None:
    found_by_the_worker(house)
    whole = (await house.ask("derfe", "GET", PATH)).json()
    assert whole["siguiente"] is None
    one = (await house.ask("derfe", "GET", PATH, params={"limite": 1})).json()
    two = (await house.ask("derfe", "GET", PATH, params={"limite": 1, "cursor": one["siguiente"]})).json()
    assert one["patrones"] + two["patrones"] == whole["patrones"]
    for given in ({"regla": "ritmo-imposible"}, {"minimo": 5}):
        assert (await house.ask("derfe", "GET", PATH, params=given)).json()["patrones"] == []
    number = whole["patrones"][0]["id"]
    half = (await house.ask("derfe", "GET", f"{PATH}/{number}", params={"limite": 3})).json()
    rest = (await house.ask("derfe", "GET", f"{PATH}/{number}", params={"cursor": half["siguiente"]})).json()
    assert half["folios"] + rest["folios"] == [folio(one) for one in NUMBERS]


@pytest.mark.req("APO-01", "APO-25")
async def test_others_do_not_see_them(house: House) -> None:
    found_by_the_worker(house)
    number = (await house.ask("derfe", "GET", PATH)).json()["patrones"][0]["id"]
    paths = (PATH, f"{PATH}/{number}", f"/v1/registros/{folio(12)}/patrones")
    for path in paths:
        assert (await house.ask("promovente", "GET", path)).status_code == 403
        assert (await house.ask("ajeno", "GET", path)).status_code == 404
    elsewhere = f"/v1/procesos/{OTHER}/patrones/{number}"
    assert (await house.ask("derfe", "GET", elsewhere)).status_code == 404
    assert (await house.ask("derfe", "GET", f"{PATH}/999999")).status_code == 404


@pytest.mark.req("APO-25")
async def test_the_images_of_a_pattern_are_seen_as_those_of_any_record_and_each_look_is_an_act(
    house: House,
) -> None:
    found_by_the_worker(house)
    image = f"/v1/registros/{folio(12)}/imagenes/anverso.jpg"
    assert (await house.ask("derfe", "GET", image)).status_code == 403
    await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ana"]})
    assert (await house.ask("ana", "GET", image)).status_code == 200
    with house.services.database.reading() as db:
        seen = select(func.count()).select_from(actos).where(actos.c.tipo == "registro.imagen")
        assert db.execute(seen).scalar_one() == 1
