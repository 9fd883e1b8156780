"""`/v1/procesos/{folio}/cifras` and `/v1/procesos/{folio}/nota-informativa`."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from api.accounts.permissions import Permission, Role
from api.documents.issued import IssuedDocument, Owner
from api.documents.official import answer, official
from api.documents.service import About
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.refusals import declare
from api.reports.answers import AuxiliaresAnswer, FiguresAnswer, auxiliares_answer, figures_answer
from api.reports.sight import require_in_sight
from capture.processes.process_store_sql import ProcessStore
from capture.reports import counters
from capture.reports.days import ZONE
from capture.reports.errors import FiguresDisagree, ReportRefusal
from capture.reports.figures import require_consistent
from capture.reports.nota import Nota
from capture.reports.nota_document import document
from capture.reports.nota_sql import gather
from capture.reports.nota_xlsx import workbook
from capture.reports.upkeep import one_view

router = Guarded("/v1/procesos", "reportes")
declare(ReportRefusal, "no-encontrado")
declare(FiguresDisagree, "error-interno")
Folio = Annotated[str, Path(max_length=64, description="Id Proceso")]


class Form(StrEnum):
    """The file in which a nota is given."""

    PDF = "pdf"
    XLSX = "xlsx"


_MEDIA = {
    Form.PDF: "application/pdf",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "La nota.", "content": dict.fromkeys(_MEDIA.values(), _BINARY)}
}


@router.get("/{folio}/cifras", Permission.REPORTE_CONSULTAR)
def figures(here: HereNow, folio: Folio) -> FiguresAnswer:
    """Las cifras preliminares de un proceso: por día y por mes, por inconsistencia y situación registral."""
    with one_view(here.database) as db:
        require_in_sight(db, here.who, folio)
        made = counters.read(db, folio)
    require_consistent(made, made.enviados)
    return figures_answer(folio, here.now, made)


@router.get("/{folio}/cifras/auxiliares", Permission.REPORTE_CONSULTAR)
def by_auxiliar(here: HereNow, folio: Folio) -> AuxiliaresAnswer:
    """Las cifras preliminares de cada auxiliar que ha enviado registros."""
    with one_view(here.database) as db:
        require_in_sight(db, here.who, folio)
        return auxiliares_answer(folio, here.now, counters.by_auxiliar(db, folio))


@router.get(
    "/{folio}/nota-informativa", Permission.NOTA_INFORMATIVA, response_class=Response, responses=_FILES
)
def nota(
    here: HereNow,
    folio: Folio,
    formato: Annotated[Form, Query()] = Form.PDF,
    corte: Annotated[AwareDatetime | None, Query(description="Por omisión, el minuto que corre")] = None,
) -> Response:
    """La Nota informativa de un proceso con las doce tablas y gráficas, a un corte que no sea futuro.

    El PDF va firmado; el del mismo corte, si nada cambió, es el que ya se emitió.
    """
    made = _gathered(here, folio, here.now.replace(second=0, microsecond=0) if corte is None else corte)
    with_people = here.who.role is not Role.PROMOVENTE
    name = f"nota-informativa-{folio}-{made.corte.astimezone(ZONE):%Y%m%dT%H%M}"
    if formato is Form.PDF:
        return answer(here, _issued(here, made, with_people=with_people), name)
    data = workbook(made, with_people=with_people)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return Response(data, media_type=_MEDIA[formato], headers=headers)


def _issued(here: Here, made: Nota, *, with_people: bool) -> IssuedDocument:
    """A nota that names people belongs to the institute: the promovente has one of their own without them."""
    folio = made.sujeto.folio
    with here.database.reading() as db:
        process = ProcessStore(db).get(folio)
    owner = Owner(process.opl, process.periodo, None if with_people else folio)
    about = About(f"{folio} {made.corte.astimezone(UTC).isoformat(timespec='milliseconds')}")
    content = document(made, with_people=with_people, page=here.services.settings.http.public_url)
    return official(here, content, owner, about)


def _gathered(here: Here, folio: str, corte: datetime) -> Nota:
    if corte > here.now:
        raise Problem("datos-no-validos", "El corte no puede ser futuro.")
    with one_view(here.database) as db:
        require_in_sight(db, here.who, folio)
        return gather(db, folio, corte)
