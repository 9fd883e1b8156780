"""`/v1/consultas/{consulta}/validacion/solicitudes/{folio}`: what the operator who holds a request looks at.

Each look at data, at an image and at a part of one is an act of its own.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.preregistro.routes import FolioPath
from api.processes.sight import hidden, tell
from api.reading.cutting import cut_of, on_card
from api.records.access import MEDIA_TYPES, NO_STORE
from api.validacion.forms_looking import Cotejo, Dato, LecturaDeSolicitud
from capture.preregistro.packet import FILES, parse_body, parse_envelope
from capture.preregistro.request import Attempt, Request
from capture.preregistro.store_sql import Requests
from capture.preregistro.verdict import Dictamen
from capture.processing.bodies import BlobBodies
from capture.reading.document import Document, parse_document
from capture.reading.results import RecordReading
from capture.validacion.beside import beside
from capture.validacion.queue_sql import Queue
from capture.validacion.ruling import data_of
from keys.errors import Refusal
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}/validacion/solicitudes/{folio}", "validacion")
_NO_IMAGE = "La solicitud no tiene esa imagen."


@router.get("/datos", Permission.VALIDACION_CONSULTAR)
def data(here: HereNow, consulta: Consulta, folio: FolioPath, response: Response) -> Cotejo:
    """Los datos que dio la persona y lo que se lee en su credencial, para cotejarlos con las imágenes.

    Lo leído es un consejo: decide quien valida. Cada consulta queda en la bitácora.
    """
    request, last = _opened(here, consulta, folio, "validacion.datos")
    given = data_of(here.services.chamber, request)
    document = _document(here, request, last)
    response.headers.update(NO_STORE)
    return Cotejo(
        folio=folio,
        datos=[Dato.of(row) for row in beside(given, _read(document))],
        domicilio_completo=given.domicilio_completo,
        archivos=sorted(_files(here, request, last)),
        motivos=list(request.motivos),
        lectura=LecturaDeSolicitud.of(document),
    )


@router.get("/imagenes/{archivo}", Permission.VALIDACION_CONSULTAR, **file_answer("image/jpeg", "video/webm"))
def image(
    here: HereNow, consulta: Consulta, folio: FolioPath, archivo: Annotated[str, Path(max_length=20)]
) -> Response:
    """Una imagen de la solicitud. Cada consulta queda en la bitácora."""
    request, last = _opened(here, consulta, folio, "validacion.imagen")
    found = _files(here, request, last).get(archivo)
    if archivo not in FILES or found is None:
        raise Problem("no-encontrado", _NO_IMAGE)
    return Response(found, media_type=MEDIA_TYPES[archivo.rsplit(".", 1)[1]], headers=NO_STORE)


@router.get("/recortes/{campo}", Permission.VALIDACION_CONSULTAR, **file_answer("image/jpeg"))
def crop(
    here: HereNow, consulta: Consulta, folio: FolioPath, campo: Annotated[str, Path(max_length=20)]
) -> Response:
    """La parte de la credencial en que se lee un dato; se recorta al verla, no se guarda, y queda en la
    bitácora."""
    request, last = _opened(here, consulta, folio, "validacion.recorte")
    document = _document(here, request, last)
    rows = beside(data_of(here.services.chamber, request), _read(document))
    row = next((one for one in rows if one.name == campo), None)
    if document is None or row is None or row.file is None:
        raise Problem("no-encontrado", "La lectura no dice en qué parte de la credencial está ese dato.")
    found = _files(here, request, last).get(row.file)
    if found is None:
        raise Problem("no-encontrado", _NO_IMAGE)
    made = cut_of(here.services.cropper, found, on_card(document.reading.card, row.file, row.where))
    return Response(made, media_type="image/jpeg", headers=NO_STORE)


def _opened(here: Here, consulta: str, folio: str, kind: str) -> tuple[Request, Attempt | None]:
    """A request that this operator holds, and the last attempt that could be read, whose data it has.

    The look is kept before anything is shown.
    """
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        request = _held(db, here, consulta, folio)
        tell(db, here, kind, folio, detail={"consulta": consulta})
        attempts = Requests(db, here.services.acts).attempts(folio)
    read = [one for one in attempts if one.dictamen != Dictamen.ILEGIBLE.value] or attempts
    return request, read[-1] if read else None


def _held(db: Connection, here: Here, consulta: str, folio: str) -> Request:
    try:
        return Queue(db, here.services.acts, consulta).held(folio, here.who.account)
    except Refusal:
        raise hidden() from None


def _document(here: Here, request: Request, last: Attempt | None) -> Document | None:
    """What was read of the last attempt; None where no engine looked at it."""
    if last is None or last.lectura is None:
        return None
    return parse_document(here.services.chamber.open(request.consulta, last.lectura))


def _read(document: Document | None) -> RecordReading | None:
    return None if document is None or document.unread is not None else document.reading


def _files(here: Here, request: Request, last: Attempt | None) -> dict[str, bytes]:
    """The images of the last attempt; none when they cannot be read."""
    if last is None:
        return {}
    body = BlobBodies(here.services.blobs).get(last.cuerpo)
    try:
        opened = here.services.chamber.open(request.consulta, body)
        return dict(parse_body(opened, parse_envelope(last.sobre)).files)
    except Refusal:
        return {}
