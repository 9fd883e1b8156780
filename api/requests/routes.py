"""`/v1/requerimientos`: requests of authorities for cédulas electrónicas (001 §14; APO-24)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.accounts.permissions import Permission
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.refusals import declare
from api.results.kinds import Kind
from api.results.routes import require_kept, sent
from api.results.sight import ask_for, doer, require_opl, require_process
from api.results.views import Made, MotiveForm, Strict
from capture.requests.errors import UnknownRequest
from capture.requests.request import MAX_RECORDS, MAX_TEXT_CHARS, Form
from capture.requests.store_sql import Requests
from capture.results.store_sql import Deliveries
from keys.recipients.recipient import parse_recipient

router = Guarded("/v1/requerimientos", "requerimientos")
declare(UnknownRequest, "no-encontrado")
_Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]


class RequestForm(Strict):
    """What the oficio says. `llave`: the public key of who may open the answer."""

    proceso: Annotated[str, Field(max_length=64)]
    oficio: _Text
    fecha_oficio: date
    autoridad: _Text
    expediente: _Text
    fundamento: _Text
    folios: Annotated[list[str], Field(min_length=1, max_length=MAX_RECORDS)]
    llave: Annotated[str, Field(max_length=65_536)]


class RequestView(BaseModel):
    """A request and how it stands."""

    id: str
    opl: str
    proceso: str
    oficio: str
    fecha_oficio: date
    autoridad: str
    expediente: str
    fundamento: str
    huella: str
    recibido: datetime
    vence: datetime
    estado: str
    resuelto: datetime | None
    motivo: str | None
    paquete: str | None


def _view(row: Any) -> RequestView:
    return RequestView(**{name: getattr(row, name) for name in RequestView.model_fields})


@router.post("", Permission.REQUERIMIENTO_SOLICITAR, status_code=201)
def receive(here: HereNow, body: RequestForm) -> Made:
    """Recibe un requerimiento; se atiende dentro de las 72 horas siguientes."""
    form = Form(**body.model_dump(exclude={"folios", "llave"}), folios=tuple(body.folios))
    recipient = parse_recipient(body.llave.encode())
    id_ = str(UUID(bytes=here.services.random(16), version=4))
    with here.database.writing() as db:
        require_process(db, here, body.proceso)
        requests = Requests(db, here.services.acts, here.services.settings.results.terms)
        requests.receive(id_, form, recipient, doer(here), here.now)
    return Made(id=id_)


@router.get("", Permission.REQUERIMIENTO_CONSULTAR)
def listed(here: HereNow) -> list[RequestView]:
    """Los requerimientos a la vista de la cuenta; primero los que vencen antes."""
    with here.database.reading() as db:
        return [_view(row) for row in Requests(db, here.services.acts).listed(here.who.opl)]


@router.post("/{requerimiento}/atencion", Permission.REQUERIMIENTO_ATENDER, status_code=202)
def answer(here: HereNow, requerimiento: str) -> Made:
    """Genera y cifra las cédulas electrónicas que se pidieron; responde con el id del trabajo."""
    with here.database.writing() as db:
        Requests(db, here.services.acts).require_pending(requerimiento)
        return Made(id=ask_for(db, here, Kind.ANSWER, requerimiento))


@router.post("/{requerimiento}/improcedencia", Permission.REQUERIMIENTO_ATENDER, status_code=204)
def refuse(here: HereNow, requerimiento: str, body: MotiveForm) -> None:
    """Resuelve que no procede, con su motivo."""
    with here.database.writing() as db:
        Requests(db, here.services.acts).refuse(requerimiento, body.motivo, doer(here), here.now)


@router.get(
    "/{requerimiento}/archivo",
    Permission.REQUERIMIENTO_CONSULTAR,
    **file_answer("application/octet-stream"),
)
def download(here: HereNow, requerimiento: str) -> StreamingResponse:
    """El paquete cifrado de la respuesta. Cada descarga queda en la bitácora de actos."""
    with here.database.writing() as db:
        deliveries = Deliveries(db, here.services.acts)
        require_opl(here, Requests(db, here.services.acts).get(requerimiento).opl)
        row = deliveries.package(requerimiento)
        require_kept(here, row.ruta)
        deliveries.downloaded(requerimiento, doer(here), here.now)
    return sent(here, row.ruta, row.nombre, row.bytes)
