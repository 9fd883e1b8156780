"""Figures and notas over HTTP: preliminary, complete, and only of processes in sight."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio import to_thread
from openpyxl import load_workbook
from sqlalchemy import update

from api.accounts.permissions import Actor
from api.documents import routes as documents
from api.reports import routes
from capture.reports import upkeep
from capture.reports.errors import FiguresDisagree
from capture.reports.figures import LEGEND
from capture.reports.tables import cifras_dia
from ledger.database import Database
from tests.api.acting import (
    ADMIN,
    ENLACE,
    OTHER_ENLACE,
    OTHER_PROMOVENTE,
    PROMOVENTE,
    Asking,
    asking,
)
from tests.capture.reports.made import CUT, DAY, PROCESO, fill
from tests.document_judges import require_signed

FIGURES = f"/v1/procesos/{PROCESO}/cifras"
NOTA = f"/v1/procesos/{PROCESO}/nota-informativa"


@pytest.fixture
def ask(database: Database, tmp_path: Path) -> Iterator[Asking]:
    with database.writing() as connection:
        fill(connection)
    with asking(database, tmp_path, CUT + 2 * DAY, routes.router, documents.router) as made:
        yield made


@pytest.mark.anyio
@pytest.mark.req("APO-21")
async def test_figures_add_up_and_say_that_they_are_preliminary(ask: Asking) -> None:
    answer = (await ask(PROMOVENTE, "GET", FIGURES)).json()
    assert (answer["preliminar"], answer["leyenda"]) == (True, LEGEND)
    assert answer["enviados"] == 8
    for parts in (answer["columnas"], answer["dias"], answer["meses"]):
        assert sum(part["total"] for part in parts) == 8
    assert sum(answer["modalidades"].values()) == 8
    assert answer["inconsistencias"] == [{"tipo": "Fotocopia de la credencial", "total": 1}]
    assert {c["codigo"] for c in answer["columnas"]} > {"para-compulsa", "con-inconsistencia", "en-mesa"}


@pytest.mark.anyio
@pytest.mark.req("APO-21")
async def test_figures_of_each_auxiliar_are_given(ask: Asking) -> None:
    answer = (await ask(ENLACE, "GET", f"{FIGURES}/auxiliares")).json()
    assert {one["auxiliar"]: one["enviados"] for one in answer["auxiliares"]} == {
        "A000000001": 3,
        "A000000002": 3,
        "A123456789": 1,
    }


@pytest.mark.anyio
@pytest.mark.parametrize("who", [OTHER_PROMOVENTE, OTHER_ENLACE], ids=["promovente", "instituto"])
@pytest.mark.parametrize("path", [FIGURES, f"{FIGURES}/auxiliares", NOTA])
async def test_a_process_of_others_is_as_if_it_did_not_exist(ask: Asking, who: Actor, path: str) -> None:
    unknown = await ask(ADMIN, "GET", path.replace(PROCESO, "F000000000000000"))
    answer = await ask(who, "GET", path)
    assert answer.status_code == unknown.status_code == 404
    assert answer.json()["detail"] == unknown.json()["detail"]


@pytest.mark.anyio
@pytest.mark.req("APO-28")
async def test_a_nota_is_given_as_pdf_and_as_workbook(ask: Asking) -> None:
    pdf = await ask(ADMIN, "GET", NOTA, params={"corte": CUT.isoformat()})
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'{PROCESO}-20230120T1200.pdf"' in pdf.headers["content-disposition"]
    book = await ask(PROMOVENTE, "GET", NOTA, params={"formato": "xlsx"})
    sheets = load_workbook(io.BytesIO(book.content))
    assert sheets["Nota"]["B7"].value == 8
    assert sheets["Tabla 12"]["B4"].value == "Dato reservado"


@pytest.mark.anyio
@pytest.mark.req("APO-28")
@pytest.mark.req("APO-29")
async def test_the_nota_of_a_cut_off_is_issued_once_for_each_reader(ask: Asking, tmp_path: Path) -> None:
    cut = {"corte": CUT.isoformat()}
    full = await ask(ADMIN, "GET", NOTA, params=cut)
    anchor = await ask(None, "GET", "/v1/documentos/autoridad.pem")
    await to_thread.run_sync(require_signed, full.content, anchor.content, tmp_path)
    assert (await ask(ENLACE, "GET", NOTA, params=cut)).content == full.content
    own = await ask(PROMOVENTE, "GET", NOTA, params=cut)
    where = own.headers["content-location"]
    assert where != full.headers["content-location"]
    assert (await ask(PROMOVENTE, "GET", where)).content == own.content
    assert (await ask(PROMOVENTE, "GET", full.headers["content-location"])).status_code == 404
    later = await ask(ADMIN, "GET", NOTA)
    assert later.headers["content-location"] != full.headers["content-location"]


@pytest.mark.anyio
async def test_a_cut_off_in_the_future_or_without_zone_is_refused(ask: Asking) -> None:
    for moment in ("2099-01-01T00:00:00Z", "2022-12-20T00:00:00"):
        assert (await ask(ADMIN, "GET", NOTA, params={"corte": moment})).status_code == 422


@pytest.mark.req("APO-21")
def test_the_job_folds_compares_and_tells_a_difference(ask: Asking) -> None:
    database = ask.services.database
    assert upkeep.fold(database) > 0
    assert upkeep.fold(database) == 0
    assert upkeep.check(database) == 2
    with database.writing() as connection:
        connection.execute(update(cifras_dia).values(cantidad=cifras_dia.c.cantidad + 1))
    with pytest.raises(FiguresDisagree):
        upkeep.check(database)
