"""Records over HTTP: each sees their own, and opens only what they review."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from api.acts.tables import actos
from tests.api.records.conftest import FRONT, OTHER, House
from tests.capture.records.making import PROCESO, folio

pytestmark = pytest.mark.anyio


@pytest.mark.req("APO-21")
async def test_each_sees_the_records_of_their_own_processes_by_pages(house: House) -> None:
    first = (await house.ask("ana", "GET", "/v1/registros?limite=3")).json()
    assert [one["folio"] for one in first["registros"]] == [folio(n) for n in range(3)]
    path = f"/v1/registros?limite=3&cursor={first['siguiente']}"
    second = (await house.ask("ana", "GET", path)).json()
    assert ([one["folio"] for one in second["registros"]], second["siguiente"]) == ([folio(3)], None)
    assert (await house.ask("ajeno", "GET", "/v1/registros")).json()["registros"] == []
    assert len((await house.ask("promovente", "GET", "/v1/registros")).json()["registros"]) == 4
    assert len((await house.ask("derfe", "GET", "/v1/registros")).json()["registros"]) == 4


async def test_what_is_out_of_sight_does_not_exist(house: House) -> None:
    for who, path in (
        ("ajeno", f"/v1/registros/{folio(1)}"),
        ("ajeno", f"/v1/registros?proceso={PROCESO}"),
        ("promovente", f"/v1/registros?proceso={OTHER}"),
        ("ana", "/v1/registros/no-hay"),
    ):
        assert (await house.ask(who, "GET", path)).status_code == 404
    assert (await house.ask("nadie", "GET", "/v1/registros")).status_code == 401


async def test_filters_and_a_bad_cursor(house: House) -> None:
    found = await house.ask("ana", "GET", "/v1/registros?estado=en-mesa-de-control&auxiliar=A123456789")
    assert [one["folio"] for one in found.json()["registros"]] == [folio(number) for number in range(4)]
    assert found.json()["registros"][0]["cifra"] == "Registros en mesa de control"
    assert (await house.ask("ana", "GET", "/v1/registros?estado=x")).status_code == 422
    assert (await house.ask("ana", "GET", "/v1/registros?cursor=x")).status_code == 409


async def test_records_of_a_credential_are_looked_for_in_the_body(house: House) -> None:
    for who, expected in (("ana", [folio(2)]), ("promovente", [folio(2)]), ("ajeno", [])):
        found = await house.ask(who, "POST", "/v1/registros/busqueda", json={"numero": "000000002"})
        assert [one["folio"] for one in found.json()] == expected
    other = {"numero": "000000002", "proceso": OTHER}
    assert (await house.ask("ana", "POST", "/v1/registros/busqueda", json=other)).status_code == 404


async def test_the_history_tells_who_to_the_institutes_only(house: House) -> None:
    staff = (await house.ask("ana", "GET", f"/v1/registros/{folio(1)}")).json()
    outside = (await house.ask("promovente", "GET", f"/v1/registros/{folio(1)}")).json()
    assert [step["a"] for step in staff["historia"]] == ["recibido", "en-procesamiento", "en-mesa-de-control"]
    assert staff["historia"][0]["quien"] == "sistema"
    assert {step["quien"] for step in outside["historia"]} == {None}


@pytest.mark.req("APO-14", "APO-18")
async def test_data_and_images_are_opened_by_who_reviews_them_and_each_time_is_an_act(house: House) -> None:
    data, image = f"/v1/registros/{folio(0)}/datos", f"/v1/registros/{folio(0)}/imagenes/anverso.jpg"
    for who in ("ana", "enlace", "derfe"):
        assert (await house.ask(who, "GET", data)).status_code == 403
    given = await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ana", "beto"]})
    assert given.json() == {"asignados": {"ana": 2, "beto": 2}}
    told = (await house.ask("ana", "GET", data)).json()
    assert {one["campo"]: (one["valor"], one["fuente"]) for one in told["campos"]} == {
        "cic": ("000000000", "qr"),
        "clave_elector": ("AAAAAA80010130M100", "dispositivo"),
        "nombre": ("ANA", "dispositivo"),
    }
    assert told["archivos"] == ["anverso.jpg", "foto.jpg"]
    seen = await house.ask("ana", "GET", image)
    assert (seen.content, seen.headers["content-type"]) == (FRONT, "image/jpeg")
    assert seen.headers["cache-control"] == "no-store"
    assert (await house.ask("beto", "GET", image)).status_code == 403
    assert (await house.ask("promovente", "GET", image)).status_code == 403
    assert (await house.ask("ana", "GET", image.replace("anverso", "firma"))).status_code == 404
    assert (await house.ask("ana", "GET", image.replace("anverso.jpg", "registro.json"))).status_code == 404
    with house.services.database.reading() as db:
        kinds = db.execute(select(actos.c.tipo, actos.c.quien).where(actos.c.objeto == folio(0))).all()
    assert ("registro.datos", "ana") in [tuple(kind) for kind in kinds]
    assert ("registro.imagen", "ana") in [tuple(kind) for kind in kinds]
    assert {kind.quien for kind in kinds} == {"ana"}


@pytest.mark.req("APO-18")
async def test_a_record_that_could_not_be_read_says_why_and_is_processed_again(house: House) -> None:
    house.receive(5, "BBBBBB80010132M100")
    path = f"registros/{folio(5)}.age"
    body = house.services.blobs.get(path)
    house.services.blobs.put(path, b"x" * len(body))
    house.process()
    await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ana"]})
    told = (await house.ask("ana", "GET", f"/v1/registros/{folio(5)}/datos")).json()
    assert (told["campos"], told["archivos"], told["aviso"]) == ([], [], "cuerpo.sha256")
    house.services.blobs.put(path, body)
    again = f"/v1/registros/{folio(5)}/reproceso"
    assert (await house.ask("ana", "POST", again)).status_code == 403
    assert (await house.ask("derfe", "POST", again)).json()["estado"] == "en-procesamiento"
    house.process()
    detail = (await house.ask("ana", "GET", f"/v1/registros/{folio(5)}")).json()
    assert detail["estado"] == "en-mesa-de-control"
    assert (await house.ask("derfe", "POST", again)).status_code == 409
