"""`/v1/registros`: the list and the history for whoever may see them, data and images for who reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.http.refusals import declare
from api.records.access import MEDIA_TYPES, NO_STORE, blind_to, open_grant, read_body, read_datos
from api.records.forms import Busqueda, CambioDeEstado, DatosLeidos, Detalle, Pagina, Registro
from api.records.scope import acting, is_staff, processes_of, visible
from capture.packet.record import SHOWN
from capture.records.errors import UnknownRecord
from capture.records.moves import Move
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import MAX_PAGE, Filter, parse_cursor
from capture.records.states import UNREADABLE, Causa, Estado, Quien
from capture.records.store_sql import SqlRecords
from keys.errors import Refusal

router = Guarded("/v1/registros", "registros")
declare(UnknownRecord, "no-encontrado")
Folio = Annotated[str, Path(max_length=36, description="Folio del registro")]


@router.get("", Permission.REGISTRO_CONSULTAR)
def listing(
    here: HereNow,
    proceso: Annotated[str | None, Query(max_length=64)] = None,
    estado: Annotated[list[Estado] | None, Query()] = None,
    auxiliar: Annotated[str | None, Query(max_length=16)] = None,
    modalidad: Annotated[str | None, Query(max_length=10)] = None,
    inciso: Annotated[str | None, Query(max_length=1)] = None,
    situacion: Annotated[str | None, Query(max_length=40)] = None,
    desde: datetime | None = None,
    hasta: datetime | None = None,
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limite: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> Pagina:
    """Los registros a la vista de quien consulta, en el orden de su recepción. Información preliminar."""
    with here.database.reading() as db:
        which = Filter(
            procesos=processes_of(db, here.who, proceso),
            estados=tuple(estado or ()),
            auxiliar=auxiliar,
            modalidad=modalidad,
            inciso=inciso,
            situacion=situacion,
            desde=desde,
            hasta=hasta,
        )
        after = parse_cursor(cursor) if cursor else None
        page = SqlRecordReading(db).page(which, after, limite)
        return Pagina.of(page, limite, blind_to(db, here.who.account))


@router.post("/busqueda", Permission.REGISTRO_CONSULTAR)
def search(here: HereNow, form: Busqueda) -> list[Registro]:
    """Los registros de una credencial a la vista de quien consulta, en el orden de su recepción."""
    with here.database.reading() as db:
        which = Filter(procesos=processes_of(db, here.who, form.proceso), numero=form.numero)
        hidden = blind_to(db, here.who.account)
        found = SqlRecordReading(db).page(which, None, MAX_PAGE)
    return [Registro.of(record) for record in found if record.folio not in hidden]


@router.get("/{folio}", Permission.REGISTRO_CONSULTAR)
def detail(here: HereNow, folio: Folio) -> Detalle:
    """Un registro con la historia de sus estados."""
    with here.database.reading() as db:
        record = visible(db, here.who, folio)
        if folio in blind_to(db, here.who.account):
            raise Problem(
                "sin-permiso", "La segunda revisión se hace sin conocer el resultado de la primera."
            )
        history = [
            CambioDeEstado.of(step, is_staff(here.who)) for step in SqlRecordReading(db).history(folio)
        ]
    return Detalle(**Registro.of(record).model_dump(), historia=history)


@router.get("/{folio}/datos", Permission.REGISTRO_IMAGENES)
def data(here: HereNow, folio: Folio, response: Response) -> DatosLeidos:
    """Los datos del formulario, para quien tiene asignado el registro. Cada consulta queda en la bitácora."""
    with here.database.writing() as db:
        grant = open_grant(db, here, folio, "registro.datos")
        arrivals = [step for step in SqlRecordReading(db).history(folio) if step.a == Estado.EN_MESA.value]
        datos = read_datos(db, here, grant.record)
    unread = [step.detalle for step in arrivals[-1:] if step.causa in {one.value for one in UNREADABLE}]
    try:
        files = sorted(name for name in read_body(here, grant.record).files if name in SHOWN)
    except Refusal as refusal:
        files, unread = [], unread or [refusal.rule]
    response.headers.update(NO_STORE)
    return DatosLeidos.of(folio, datos, files, unread[0] if unread else None)


@router.get("/{folio}/imagenes/{archivo}", Permission.REGISTRO_IMAGENES, **file_answer(*MEDIA_TYPES.values()))
def image(here: HereNow, folio: Folio, archivo: Annotated[str, Path(max_length=20)]) -> Response:
    """Una imagen del registro, para quien lo tiene asignado. Cada consulta queda en la bitácora."""
    if archivo not in SHOWN:
        raise Problem("no-encontrado", "No es el nombre de una imagen.")
    with here.database.writing() as db:
        grant = open_grant(db, here, folio, "registro.imagen")
    files = read_body(here, grant.record).files
    if archivo not in files:
        raise Problem("no-encontrado", "El registro no tiene esa imagen.")
    media = MEDIA_TYPES[archivo.rsplit(".", 1)[1]]
    return Response(files[archivo], media_type=media, headers=NO_STORE)


@router.post("/{folio}/reproceso", Permission.REGISTRO_PROCESAR, status_code=202)
def again(here: HereNow, folio: Folio) -> Registro:
    """Vuelve a procesar un registro que llegó a la mesa de control sin poderse leer."""
    with here.database.writing() as db:
        records = SqlRecords(db, here.services.acts)
        visible(db, here.who, folio)
        record = records.lock(folio)
        if records.blob(folio, "datos") is not None:
            raise Problem("conflicto", "El registro ya se leyó.")
        actor, to = acting(here, Quien.DERFE), Estado.EN_PROCESAMIENTO
        records.transition(Move(folio, record.estado, to, actor, here.now, Causa.REPROCESO))
        return Registro.of(records.get(folio))
