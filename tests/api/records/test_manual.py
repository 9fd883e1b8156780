"""Captura manual over HTTP."""

from __future__ import annotations

import pytest

from ledger.acuse import parse_acuse
from tests.api.records.conftest import OTHER, House
from tests.capture.manual.test_capturing import CEDULA
from tests.capture.records.making import PROCESO, START, folio

pytestmark = pytest.mark.anyio
FORM = {
    "folio": folio(77),
    "proceso": PROCESO,
    "campos": dict(CEDULA.campos),
    "capturada": START.isoformat(),
    "criterio": None,
}


@pytest.mark.req("APO-17")
async def test_a_cedula_is_captured_once_with_its_acuse(house: House) -> None:
    first = await house.ask("ana", "POST", "/v1/captura-manual", json=FORM)
    assert first.status_code == 201, first.text
    again = await house.ask("ana", "POST", "/v1/captura-manual", json=FORM)
    assert again.json() == first.json()
    acuse = parse_acuse(first.json()["acuse"].encode())
    assert (acuse.modalidad, acuse.code) == ("manual", first.json()["codigo"])
    house.process()
    detail = (await house.ask("promovente", "GET", f"/v1/registros/{folio(77)}")).json()
    assert (detail["modalidad"], detail["estado"]) == ("manual", "en-mesa-de-control")


@pytest.mark.req("APO-17")
async def test_only_within_the_regimen_and_by_the_own_institute(house: House) -> None:
    regimen = (await house.ask("ana", "GET", f"/v1/captura-manual/{PROCESO}")).json()
    assert regimen["municipios"] == ["32-010"]
    assert regimen["criterios"]["4"] == "Sin leyenda"
    campos = {**CEDULA.campos, "municipio": "011"}
    away = await house.ask("ana", "POST", "/v1/captura-manual", json={**FORM, "campos": campos})
    assert (away.status_code, away.json()["codigo"]) == (409, "manual.municipio")
    assert (await house.ask("ajeno", "POST", "/v1/captura-manual", json=FORM)).status_code == 404
    none = await house.ask("ajeno", "POST", "/v1/captura-manual", json={**FORM, "proceso": OTHER})
    assert none.json()["codigo"] == "manual.regimen"
    wrong = {**CEDULA.campos, "clave_elector": "GOMEZ"}
    told = await house.ask("ana", "POST", "/v1/captura-manual", json={**FORM, "campos": wrong})
    assert told.status_code == 422
    assert "GOMEZ" not in told.text
