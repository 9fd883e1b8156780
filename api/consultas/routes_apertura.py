"""`/v1/consultas/{consulta}/apertura`: the urns of all UTs, and the act of zero (SEI-22)."""

from __future__ import annotations

from starlette.responses import Response

from api.accounts.permissions import Permission
from api.consultas.forms import EstadoView
from api.consultas.routes import ConsultaId
from api.consultas.setting_up import set_up
from api.consultas.sight import places
from api.documents import issued
from api.documents.issued import IssuedDocument
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.processes.sight import hidden
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}/apertura", "consultas")


@router.post("", Permission.APERTURA_CONSULTA, status_code=201)
def apertura(here: HereNow, consulta: ConsultaId) -> EstadoView:
    """Instala las urnas de todas las UT con sus credenciales, y da fe de que están vacías."""
    set_up(here, consulta, places(here, consulta))
    here.services.keeper.publish(consulta)
    with here.database.reading() as db:
        return EstadoView(estado=Consultas(db).get(consulta).estado.value)


@router.get("/acta.pdf", Permission.CONSULTA_MOSTRAR, **file_answer("application/pdf"))
def acta(here: HereNow, consulta: ConsultaId) -> Response:
    """El acta de urna vacía, firmada, como se registró en la bitácora antes de la primera opinión."""
    return Response(here.services.documents.pdf(_document(here, consulta)), media_type="application/pdf")


@router.get("/acta.json", Permission.CONSULTA_MOSTRAR, **file_answer("application/json"))
def acta_json(here: HereNow, consulta: ConsultaId) -> Response:
    """El contenido del acta de urna vacía, cuyo SHA-256 está en la bitácora de actos."""
    return Response(here.services.documents.json(_document(here, consulta)), media_type="application/json")


def _document(here: Here, consulta: str) -> IssuedDocument:
    with here.database.reading() as db:
        _, identifier = Consultas(db).announced(consulta)
        found = issued.find(db, identifier)
    if found is None:
        raise hidden()
    return found
