"""From the camera of a device to the decision of an operator, with the real engines in their sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.reading.settings import ReadingSettings
from capture.imaging.decoding import decode
from capture.processing.job import Run
from ledger.database import Database
from tests.api.reading.house import ReadingHouse, drawn, open_house

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]
_READ = ("nombre", "apellido_paterno", "clave_elector", "cic", "curp", "seccion")
PATIENT = {"engine": "motores", "workers": 1, "crop_workers": 1, "seconds": 900, "start_seconds": 900}
"""Time enough for a busy machine."""
ENGINES = ReadingSettings(**PATIENT, cpu_seconds=60)  # type: ignore[arg-type]


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[ReadingHouse]:
    async with open_house(database, tmp_path, ENGINES) as made:
        yield made


def strong(reading: dict[str, Any]) -> set[str]:
    """The incisos that seem to apply."""
    return {one["inciso"] for one in reading["sugerencias"] if one["fuerza"] == "parece"}


@pytest.mark.req("APO-10", "APO-15", "APO-18")
async def test_what_a_device_photographs_is_read_advised_on_decided_and_compared(house: ReadingHouse) -> None:
    person, other = drawn("uno", "G"), drawn("dos", "E")
    good = await house.send(person)
    twice = await house.send(other, reverso_jpg=other.images["anverso.jpg"])
    cut_off = await house.send(drawn("tres", "D"), anverso_jpg=person.images["anverso.jpg"][:20_000])
    assert house.worker.processing.process_all() == Run(3, ())
    await house.assign("ana")

    await the_values_are_those_of_the_credential(house, good, person.specimen.person.values)
    reading = await house.told("ana", f"/v1/mesa/lecturas/{good}")
    assert (reading["aviso"], reading["modelo"], reading["misma_credencial"]) == (None, "G", True)
    assert {"rapidocr", "zxing-cpp"} <= set(reading["motores"])
    assert not [name for name in reading["motores"] if name.startswith("falla")]
    assert strong(reading) == set()

    advice = await house.told("ana", f"/v1/mesa/lecturas/{twice}")
    assert "b" in strong(advice)
    await the_crop_shows_it(house, twice, next(s for s in advice["sugerencias"] if s["inciso"] == "b"))

    damaged = await house.told("ana", f"/v1/mesa/lecturas/{cut_off}")
    assert ("f", "imagen.no-abre") in [(s["inciso"], s["regla"]) for s in damaged["sugerencias"]]

    await decide(house, good, None)
    await decide(house, twice, "b")
    agreed = {a["inciso"]: a for a in await house.told("enlace", "/v1/mesa/sugerencias/acuerdo")}
    assert (agreed["-"]["ambos"], agreed["-"]["solo_sugerida"], agreed["-"]["solo_aplicada"]) == (1, 0, 0)
    assert agreed["b"]["ambos"] == 1


async def the_values_are_those_of_the_credential(
    house: ReadingHouse, folio: str, truth: dict[str, str]
) -> None:
    fields = {
        one["campo"]: one for one in (await house.told("ana", f"/v1/registros/{folio}/datos"))["campos"]
    }
    for name in _READ:
        assert fields[name]["valor"] == truth[name], name
        assert fields[name]["fuente"] in {"qr", "codigo-de-barras", "mrz", "ocr", "dispositivo"}
        assert 0 < fields[name]["certeza"] <= 1


async def the_crop_shows_it(house: ReadingHouse, folio: str, suggestion: dict[str, Any]) -> None:
    path = f"/v1/mesa/lecturas/{folio}/recortes/{suggestion['recorte']}"
    answer = await house.ask("ana", "GET", path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    assert min(decode(answer.content, place="recorte").shape[:2]) > 100
    assert (await house.ask("enlace", "GET", path)).status_code == 403


async def decide(house: ReadingHouse, folio: str, inciso: str | None) -> None:
    """The operator decides, whatever was suggested."""
    answer = await house.ask("ana", "POST", f"/v1/mesa/revisiones/{folio}", json={"inciso": inciso})
    assert answer.status_code == 201, answer.text


@pytest.mark.req("APO-10")
async def test_a_reader_that_is_ended_stops_no_record_and_each_says_why(
    database: Database, tmp_path: Path
) -> None:
    hurried = ReadingSettings(**PATIENT, cpu_seconds=1)  # type: ignore[arg-type]
    async with open_house(database, tmp_path, hurried) as house:
        folio = await house.send(drawn("cuatro", "G"))
        assert house.worker.processing.process_all() == Run(1, ())
        await house.assign("ana")
        reading = await house.told("ana", f"/v1/mesa/lecturas/{folio}")
        assert "tiempo de procesador" in reading["aviso"] and reading["sugerencias"] == []
        fields = (await house.told("ana", f"/v1/registros/{folio}/datos"))["campos"]
        assert {one["fuente"] for one in fields} == {"dispositivo"}
        history = (await house.told("enlace", f"/v1/registros/{folio}"))["historia"]
        assert "lectura.procesador-agotado" in [step["detalle"] for step in history]
