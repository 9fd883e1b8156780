"""An audiencia over HTTP, from the request to the acta."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from anyio import to_thread
from sqlalchemy import select

from api.acts.tables import actos
from api.documents.tables import documentos
from tests.api.records.conftest import NOW, House
from tests.capture.records.making import PROCESO, folio
from tests.document_judges import require_signed

pytestmark = pytest.mark.anyio
DATE = NOW + timedelta(hours=49)


async def requested(house: House) -> str:
    """Two records with inconsistencies and an audiencia asked for; its address."""
    given = {"operadores": ["ana"]}
    await house.ask("enlace", "POST", "/v1/mesa/asignaciones", json=given)
    for number in range(4):
        body = {"inciso": "m"} if number < 2 else {}
        await house.ask("ana", "POST", f"/v1/mesa/revisiones/{folio(number)}", json=body)
    form = {"proceso": PROCESO, "fecha": DATE.isoformat(), "lugar": "Sala", "operadores": ["ana", "beto"]}
    asked = await house.ask("promovente", "POST", "/v1/audiencias", json=form)
    assert (asked.status_code, asked.json()["fase"]) == (201, "solicitada")
    return f"/v1/audiencias/{asked.json()['id']}"


@pytest.mark.req("APO-22")
async def test_from_the_request_to_the_acta(house: House, tmp_path: Path) -> None:
    path = await requested(house)
    cut = (await house.ask("derfe", "POST", f"{path}/corte")).json()
    assert [(one["folio"], one["operador"]) for one in cut] == [(folio(0), "ana"), (folio(1), "beto")]
    assert cut[0]["cambio_permitido"] == "retirar-inconsistencia"
    assert "manifieste lo que a su derecho convenga" in cut[0]["fundamento"]
    assert (await house.ask("ana", "POST", f"{path}/confirmacion")).json()["fase"] == "confirmada"
    early = await house.ask(
        "ana", "POST", f"{path}/registros/{folio(0)}", json={"cambio": "sin-modificacion"}
    )
    assert (early.status_code, early.json()["codigo"]) == (409, "audiencia.inicio")
    house.clock.now = DATE
    assert (await house.ask("ana", "GET", f"/v1/registros/{folio(0)}/imagenes/foto.jpg")).status_code == 200
    said = {"cambio": "retirar-inconsistencia", "manifestacion": "La firma sí está."}
    done = await house.ask("ana", "POST", f"{path}/registros/{folio(0)}", json=said)
    assert done.json()["estado"] == "para-envio-a-compulsa"
    other = await house.ask("ana", "POST", f"{path}/registros/{folio(1)}", json=said)
    assert other.json()["codigo"] == "audiencia.asignacion"
    house.clock.now = DATE + timedelta(hours=2)
    assert (await house.ask("ana", "POST", f"{path}/conclusion")).status_code == 403
    over = (await house.ask("enlace", "POST", f"{path}/conclusion")).json()
    assert over["por_notificar"].startswith("2022-12-18T19:00:00")
    acta = (await house.ask("enlace", "GET", f"{path}/acta")).json()
    assert [one["modificacion"] for one in acta["registros"]] == [
        "Se retira la inconsistencia",
        "No revisado en la audiencia",
    ]
    assert acta["registros"][0]["manifestacion"] == "La firma sí está."
    first = await house.ask("enlace", "GET", f"{path}/acta.pdf")
    assert (first.status_code, first.content[:5]) == (200, b"%PDF-")
    assert (await house.ask("enlace", "GET", f"{path}/acta.pdf")).content == first.content
    assert (await house.ask("ajeno", "GET", f"{path}/acta.pdf")).status_code == 404
    await _require_sealed(house, first, tmp_path)
    assert (await house.ask("enlace", "POST", f"{path}/notificacion")).json()["fase"] == "notificada"


async def _require_sealed(house: House, acta: httpx.Response, folder: Path) -> None:
    """Signed; kept so that only the process's key opens it; each look at it is an act."""
    where = acta.headers["content-location"]
    anchor = await house.ask("ana", "GET", "/v1/documentos/autoridad.pem")
    await to_thread.run_sync(require_signed, acta.content, anchor.content, folder)
    with house.services.database.reading() as db:
        row = db.execute(select(documentos)).one()
    for blob in (row.pdf, row.json):
        assert house.services.blobs.get(blob).startswith(b"age-encryption.org/v1")
    assert (await house.ask("enlace", "GET", where)).content == acta.content
    assert (await house.ask("promovente", "GET", where)).status_code == 404
    with pytest.raises(OSError, match="sin-documento"):
        house.services.documents.attachment(row.id)
    with house.services.database.reading() as db:
        looks = select(actos.c.quien).where(actos.c.objeto == row.id, actos.c.tipo == "documento.consulta")
        assert len(db.execute(looks).all()) == 1


@pytest.mark.req("APO-22")
async def test_less_than_48_hours_ahead_is_refused_with_the_instants(house: House) -> None:
    fecha = NOW + timedelta(hours=47)
    form = {"proceso": PROCESO, "fecha": fecha.isoformat(), "lugar": "Sala", "operadores": ["ana"]}
    answer = await house.ask("enlace", "POST", "/v1/audiencias", json=form)
    assert (answer.status_code, answer.json()["codigo"]) == (409, "audiencia.anticipacion")
    assert "2022-12-17T10:00" in answer.json()["esperado"]


async def test_another_institute_does_not_see_it(house: House) -> None:
    path = await requested(house)
    assert (await house.ask("ajeno", "GET", path)).status_code == 404
    assert (await house.ask("ajeno", "GET", "/v1/audiencias")).json() == []
    assert (await house.ask("promovente", "GET", f"{path}/acta")).status_code == 403
    assert len((await house.ask("promovente", "GET", "/v1/audiencias")).json()) == 1
