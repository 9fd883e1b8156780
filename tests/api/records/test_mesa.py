"""The mesa over HTTP: criteria, workloads, reviews and the second look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from api.accounts.tables import cuentas
from api.outbox.tables import mensajes
from tests.api.records.conftest import NOW, House
from tests.capture.records.making import PROCESO, START, folio
from tests.capture.records.processes import PERIODO

pytestmark = pytest.mark.anyio
LOCAL = {"criterios": [{"inciso": "a", "tipo": "Otra", "detalle": "Criterio local"}]}


async def assign(house: House, *names: str) -> dict[str, int]:
    """The enlace gives out to those present."""
    answer = await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": list(names)})
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["asignados"])


@pytest.mark.req("APO-18")
async def test_an_outcome_is_valid_or_an_inciso_of_the_table(house: House) -> None:
    await assign(house, "ana")
    mine = (await house.ask("ana", "GET", "/v1/mesa/asignaciones")).json()
    assert [one["folio"] for one in mine] == [folio(n) for n in range(4)]
    path = f"/v1/mesa/revisiones/{folio(0)}"
    refused = await house.ask("ana", "POST", path, json={"inciso": "j"})
    assert (refused.status_code, refused.json()["codigo"]) == (409, "mesa.especificar")
    done = await house.ask("ana", "POST", path, json={"inciso": "j", "especificacion": "una cruz"})
    assert done.json()["estado"] == "con-inconsistencia"
    assert (await house.ask("beto", "POST", path, json={})).status_code == 409
    detail = (await house.ask("promovente", "GET", f"/v1/registros/{folio(0)}")).json()
    assert detail["tipo_inconsistencia"] == "Firma no válida"
    figures = (await house.ask("ana", "GET", "/v1/mesa/productividad?dia=2022-12-15")).json()
    assert figures == {"ana": 1}
    waiting = (await house.ask("enlace", "GET", "/v1/mesa/pendientes")).json()
    assert (len(waiting), waiting[0]["vencido"]) == (3, False)


async def test_who_is_given_records_is_told_by_mail(house: House) -> None:
    await assign(house, "ana", "beto")
    with house.services.database.reading() as db:
        sent = db.execute(select(mensajes.c.destino, mensajes.c.cuerpo).order_by(mensajes.c.destino)).all()
    assert [one.destino for one in sent] == ["ana@ine.mx", "beto@ine.mx"]
    assert "Registros: 2" in sent[0].cuerpo


async def test_only_active_staff_of_the_institute_is_given_records(house: House) -> None:
    for name in ("ajeno", "nadie"):
        answer = await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": [name]})
        assert answer.status_code == 404
    with house.services.database.writing() as db:
        db.execute(update(cuentas).where(cuentas.c.id == "ana").values(estado="suspendida"))
    answer = await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ana"]})
    assert (answer.status_code, answer.json()["codigo"]) == (409, "mesa.operador")
    unnamed = await house.ask("derfe", "POST", "/v1/mesa/asignaciones", json={"operadores": ["beto"]})
    assert unnamed.status_code == 422
    named = {"operadores": ["beto"], "proceso": PROCESO}
    given = await house.ask("derfe", "POST", "/v1/mesa/asignaciones", json=named)
    assert given.json() == {"asignados": {"beto": 4}}


async def test_another_institute_neither_assigns_nor_reviews(house: House) -> None:
    given = await house.ask("ajeno", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ajeno"]})
    assert given.json() == {"asignados": {}}
    await assign(house, "ana")
    for path, body in (
        (f"/v1/mesa/revisiones/{folio(0)}", {}),
        ("/v1/mesa/devoluciones", {"operador": "ana"}),
    ):
        assert (await house.ask("ajeno", "POST", path, json=body)).status_code == 404


async def test_outside_of_the_hours_nothing_is_assigned(house: House) -> None:
    house.clock.now = NOW + timedelta(hours=9)
    answer = await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json={"operadores": ["ana"]})
    assert (answer.status_code, answer.json()["codigo"]) == (409, "mesa.horario")


async def test_what_an_absent_person_had_is_given_out_again(house: House) -> None:
    await assign(house, "ana")
    await house.ask("enlace", "POST", "/v1/mesa/devoluciones", json={"operador": "ana"})
    assert await assign(house, "beto") == {"beto": 4}


@pytest.mark.req("APO-18")
async def test_criteria_change_before_the_start_only(house: House) -> None:
    path = f"/v1/mesa/criterios/{PERIODO}"
    late = await house.ask("enlace", "POST", path, json=LOCAL)
    assert (late.status_code, late.json()["codigo"]) == (409, "mesa.catalogo.plazo")
    house.clock.now = START - timedelta(days=1)
    assert (await house.ask("enlace", "POST", path, json=LOCAL)).json()["version"] == 1
    assert (await house.ask("ajeno", "POST", path, json=LOCAL)).status_code == 404
    assert (await house.ask("ana", "POST", path, json=LOCAL)).status_code == 403
    versions = (await house.ask("promovente", "GET", path)).json()
    assert [one["version"] for one in versions] == [0, 1]
    assert len(versions[0]["criterios"]) == 14


@pytest.mark.req("APO-18")
async def test_a_sample_is_drawn_seen_again_by_another_and_settled(house: House) -> None:
    await assign(house, "ana")
    for number in range(4):
        await house.ask("ana", "POST", f"/v1/mesa/revisiones/{folio(number)}", json={})
    house.clock.now = NOW + timedelta(minutes=5)
    sample = {
        "proceso": PROCESO,
        "semilla": "raíz del punto de control",
        "por_millar": 1000,
        "desde": NOW.isoformat(),
        "hasta": house.clock.now.isoformat(),
    }
    made = (await house.ask("enlace", "POST", "/v1/mesa/muestras", json=sample)).json()
    path = f"/v1/mesa/muestras/{made['id']}"
    given = await house.ask("enlace", "POST", f"{path}/asignaciones", json={"operadores": ["ana", "beto"]})
    assert given.json() == {"asignados": {"beto": 4}}
    assert (await house.ask("beto", "GET", f"/v1/registros/{folio(0)}/datos")).status_code == 200
    assert (await house.ask("beto", "GET", f"/v1/registros/{folio(0)}")).status_code == 403
    assert (await house.ask("beto", "GET", "/v1/registros")).json()["registros"] == []
    assert len((await house.ask("ana", "GET", "/v1/registros")).json()["registros"]) == 4
    for number in range(4):
        body = {"inciso": "m"} if number == 0 else {}
        await house.ask("beto", "POST", f"/v1/mesa/revisiones/{folio(number)}", json=body)
    told = (await house.ask("enlace", "GET", path)).json()
    assert (told["pares"], told["porcentaje"], told["discrepancias"]) == (4, 75.0, [folio(0)])
    settle = f"/v1/mesa/discrepancias/{folio(0)}"
    assert (await house.ask("ana", "POST", settle, json={})).status_code == 403
    assert (await house.ask("enlace", "GET", f"/v1/registros/{folio(0)}/datos")).status_code == 200
    settled = await house.ask("enlace", "POST", settle, json={"inciso": "m"})
    assert settled.json()["estado"] == "con-inconsistencia"
    assert (await house.ask("enlace", "GET", path)).json()["discrepancias"] == []
    assert (await house.ask("ajeno", "GET", path)).status_code == 404
