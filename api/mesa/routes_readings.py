"""`/v1/mesa/lecturas` and `/v1/mesa/sugerencias`: what the engines read and advise, for whoever reviews.

Each look at a reading or at a cut image is an act of its own, like those at data and images.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.mesa.forms_readings import Acuerdo, LecturaDeImagenes
from api.mesa.routes import Folio
from api.reading.cutting import cut_of, on_card
from api.records.access import NO_STORE, open_grant, read_body
from api.records.scope import processes_of
from capture.mesa.catalogue import Catalogue
from capture.mesa.catalogues_sql import SqlCatalogues
from capture.processing.periods_sql import SqlPeriods
from capture.reading.agreement_sql import SqlAgreement
from capture.reading.document import Document, parse_document
from capture.reading.sandbox.cropping import Cut
from capture.reading.store_sql import SqlReadings
from capture.reading.suggestion import Plane, Suggestion
from capture.records.record import Record
from capture.vault.boveda import LocalBoveda

router = Guarded("/v1/mesa", "mesa de control")


@router.get("/lecturas/{folio}", Permission.REGISTRO_IMAGENES)
def reading(here: HereNow, folio: Folio, response: Response) -> LecturaDeImagenes:
    """Lo que se leyó en las imágenes de un registro asignado y qué incisos parecen aplicar; es un consejo."""
    with here.database.writing() as db:
        record = open_grant(db, here, folio, "registro.lectura").record
        document = _document(db, here, record)
        criteria = _criteria(db, record)
    response.headers.update(NO_STORE)
    return LecturaDeImagenes.of(folio, document, criteria)


@router.get("/lecturas/{folio}/recortes/{recorte}", Permission.REGISTRO_IMAGENES, **file_answer("image/jpeg"))
def crop(here: HereNow, folio: Folio, recorte: Annotated[int, Path(ge=1, le=64)]) -> Response:
    """La parte de una imagen que muestra una sugerencia; se recorta al verla y no se guarda."""
    with here.database.writing() as db:
        record = open_grant(db, here, folio, "registro.recorte").record
        document = _document(db, here, record)
    suggestion = next(iter(document.suggestions[recorte - 1 : recorte]), None)
    if suggestion is None or suggestion.file is None:
        raise Problem("no-encontrado", "La lectura no tiene una sugerencia con ese recorte.")
    files = read_body(here, record).files
    if suggestion.file not in files:
        raise Problem("no-encontrado", "El registro no tiene esa imagen.")
    made = cut_of(here.services.cropper, files[suggestion.file], _what(suggestion, suggestion.file, document))
    return Response(made, media_type="image/jpeg", headers=NO_STORE)


@router.get("/sugerencias/acuerdo", Permission.MESA_CONSULTAR)
def agreement(here: HereNow, proceso: Annotated[str | None, Query(max_length=64)] = None) -> list[Acuerdo]:
    """Por inciso, cuánto coinciden las primeras revisiones con lo que se había sugerido."""
    with here.database.reading() as db:
        return [Acuerdo.of(one) for one in SqlAgreement(db).of(processes_of(db, here.who, proceso))]


def _document(db: Connection, here: Here, record: Record) -> Document:
    sealed = SqlReadings(db).sealed(record.folio)
    if sealed is None:
        raise Problem("no-encontrado", "De este registro solo se tiene lo que leyó el dispositivo.")
    return parse_document(LocalBoveda(here.services.chamber).unseal(record.proceso, sealed))


def _criteria(db: Connection, record: Record) -> Catalogue:
    periodo = SqlPeriods().periodo_of(db, record.proceso)
    return SqlCatalogues(db).applied(periodo, record.modalidad)


def _what(one: Suggestion, file: str, document: Document) -> Cut:
    return Cut(one.box) if one.plane is Plane.IMAGE else on_card(document.reading.card, file, one.box)
