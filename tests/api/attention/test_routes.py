"""The attention desk over HTTP: anybody reports, the desk answers, and a mail goes with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.acts.tables import actos
from api.attention import routes
from api.outbox.tables import mensajes
from ledger.database import Database
from tests.api.acting import DESK, ENLACE, PROMOVENTE, Asking, asking
from tests.capture.processes_made import PROCESO, make_process

NOW = datetime(2022, 12, 20, 12, tzinfo=UTC)
BASE = "/v1/atencion/reportes"
REPORT: dict[str, Any] = {
    "causas": ["acceso-al-portal"],
    "persona": "Persona de Prueba",
    "titulo": "No puedo entrar",
    "descripcion": "El portal no abre.",
    "contacto": "persona@ejemplo.mx",
}


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Iterator[Asking]:
    with database.writing() as connection:
        make_process(connection)
    with asking(database, tmp_path, NOW, routes.router) as made:
        yield made


@pytest.mark.anyio
@pytest.mark.req("APO-27")
async def test_a_report_of_anybody_is_answered_and_mailed(ask: Asking) -> None:
    number = (await ask(None, "POST", BASE, json=REPORT)).json()["reporte"]
    taken = await ask(DESK, "POST", f"{BASE}/{number}/tomar", json={"proceso": PROCESO})
    assert (taken.json()["atiende"], taken.json()["proceso"]) == ("cuenta-mesa", PROCESO)
    done = await ask(DESK, "POST", f"{BASE}/{number}/respuesta", json={"respuesta": "Ya funciona."})
    assert (done.json()["estado"], done.json()["respuesta"]) == ("atendido", "Ya funciona.")
    with ask.services.database.reading() as connection:
        letter = connection.execute(select(mensajes)).mappings().one()
        kinds = connection.execute(select(actos.c.tipo).order_by(actos.c.tipo)).scalars().all()
    assert (letter["destino"], letter["asunto"]) == ("persona@ejemplo.mx", f"Respuesta a su reporte {number}")
    assert "Ya funciona." in letter["cuerpo"]
    assert kinds == ["atencion.responder", "atencion.tomar"]


@pytest.mark.anyio
@pytest.mark.req("APO-27")
async def test_the_desk_takes_down_calls_with_their_date(ask: Asking) -> None:
    call = {**REPORT, "medio": "inetel", "recibido": "2022-12-19T10:00:00-06:00", "proceso": PROCESO}
    made = await ask(DESK, "POST", BASE, json={**call, "contacto": "492 123 4567"})
    (found,) = (await ask(DESK, "GET", BASE, params={"proceso": PROCESO})).json()
    assert found["reporte"] == made.json()["reporte"]
    assert (found["medio"], found["recibido"]) == ("inetel", "2022-12-19T16:00:00Z")
    assert (await ask(PROMOVENTE, "POST", BASE, json=call)).status_code == 403
    late = {**call, "recibido": "2022-12-21T10:00:00-06:00"}
    assert (await ask(DESK, "POST", BASE, json=late)).status_code == 422


@pytest.mark.anyio
async def test_nobody_reports_in_the_name_of_a_process_of_others(ask: Asking) -> None:
    await ask(None, "POST", BASE, json={**REPORT, "proceso": PROCESO})
    await ask(PROMOVENTE, "POST", BASE, json=REPORT)
    other = await ask(PROMOVENTE, "POST", BASE, json={**REPORT, "proceso": "F220617000000099"})
    found = (await ask(DESK, "GET", BASE)).json()
    assert [one["proceso"] for one in found] == [None, PROCESO]
    assert other.status_code == 404


@pytest.mark.anyio
async def test_only_the_desk_reads_reports(ask: Asking) -> None:
    await ask(None, "POST", BASE, json=REPORT)
    for who, status in ((None, 401), (PROMOVENTE, 403), (ENLACE, 403), (DESK, 200)):
        assert (await ask(who, "GET", f"{BASE}/1")).status_code == status
    assert (await ask(DESK, "GET", f"{BASE}/99")).status_code == 404
    assert (await ask(DESK, "GET", BASE, params={"despues": 2**63})).status_code == 422


@pytest.mark.anyio
async def test_a_report_with_a_fault_names_the_field(ask: Asking) -> None:
    answer = await ask(None, "POST", BASE, json={**REPORT, "causas": ["otra-cosa"]})
    assert (answer.status_code, answer.json()["donde"]) == (422, "causas")
    assert len((await ask(None, "GET", "/v1/atencion/causas")).json()) == 8
