"""`/v1/procesos/{folio}/patrones` and `/v1/registros/{folio}/patrones`: for the authority only (APO-25)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.refusals import declare
from api.patterns.forms import PaginaDePatrones, Patron, PatronesDelRegistro, RegistrosDelPatron
from api.records.scope import require_process, visible
from capture.patterns.errors import UnknownPattern
from capture.patterns.reading_sql import MAX_PAGE, PatternFilter, SqlPatternReading
from capture.patterns.rules import Regla

of_processes = Guarded("/v1/procesos", "patrones")
of_records = Guarded("/v1/registros", "patrones")
declare(UnknownPattern, "no-encontrado")
_MOST = 2**31 - 1
Proceso = Annotated[str, Path(max_length=64, description="Id Proceso")]
Folio = Annotated[str, Path(max_length=36, description="Folio del registro")]
Size = Annotated[int, Query(ge=1, le=MAX_PAGE)]


@of_processes.get("/{folio}/patrones", Permission.REPORTE_PATRONES)
def listing(
    here: HereNow,
    folio: Proceso,
    regla: Regla | None = None,
    minimo: Annotated[int, Query(ge=0, le=_MOST, description="Registros que tiene al menos")] = 0,
    cursor: Annotated[int | None, Query(ge=1, le=_MOST)] = None,
    limite: Size = 50,
) -> PaginaDePatrones:
    """Los patrones irregulares de un proceso, primero los más recientes. Son indicios para su revisión."""
    with here.database.reading() as db:
        require_process(db, here.who, folio)
        which = PatternFilter(folio, regla, minimo)
        page = SqlPatternReading(db).page(which, cursor, limite)
    following = page[-1].id if len(page) == limite else None
    return PaginaDePatrones(patrones=[Patron.of(one) for one in page], siguiente=following)


@of_processes.get("/{folio}/patrones/{patron}", Permission.REPORTE_PATRONES)
def records(
    here: HereNow,
    folio: Proceso,
    patron: Annotated[int, Path(ge=1, le=_MOST)],
    cursor: Annotated[str, Query(max_length=36)] = "",
    limite: Size = 50,
) -> RegistrosDelPatron:
    """Un patrón con los folios de sus registros. Sus imágenes se ven como las de cualquier registro."""
    with here.database.reading() as db:
        require_process(db, here.who, folio)
        reading = SqlPatternReading(db)
        found = reading.get(folio, patron)
        folios = reading.folios(patron, cursor, limite)
    following = folios[-1] if len(folios) == limite else None
    return RegistrosDelPatron(patron=Patron.of(found), folios=folios, siguiente=following)


@of_records.get("/{folio}/patrones", Permission.REPORTE_PATRONES)
def of_record(here: HereNow, folio: Folio) -> PatronesDelRegistro:
    """Los patrones irregulares en los que aparece un registro, primero los más antiguos."""
    with here.database.reading() as db:
        visible(db, here.who, folio)
        found = SqlPatternReading(db).of_record(folio)
    return PatronesDelRegistro(folio=folio, patrones=[Patron.of(one) for one in found])
