"""Actas de escrutinio y cómputo, carteles, and the results of internet and Mesas together (SEI-25)."""

from __future__ import annotations

from starlette.responses import Response

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.consultas.sight import places
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.mesas import scrutiny
from api.mesas.forms import EscrutinioView, EtapaView
from api.processes.sight import hidden
from api.urna.routes_results import JSON, PDF, Clave
from tally.consulta.store_sql import Consultas
from tally.mesa.escrutinio import Escrutinio
from tally.mesa.results import CSV_PLACE, JSON_PLACE
from tally.mesa.stages_sql import Stages
from tally.mesa.states import Etapa

router = Guarded("/v1/consultas/{consulta}", "escrutinio")


@router.post("/mesas/{clave}/escrutinio", Permission.MESA_COMPUTAR)
def issue(here: HereNow, consulta: ConsultaId, clave: Clave) -> EscrutinioView:
    """Emite el Acta de Escrutinio y Cómputo de una UT: internet y Mesa. Después, su Mesa no se corrige."""
    made = scrutiny.issue(here, consulta, clave)
    return EscrutinioView(clave=clave, modo=made.mode, total=made.total, sha256=made.sha256)


@router.get("/mesas/{clave}/escrutinio.json", Permission.MESA_RESULTADOS_CONSULTAR, **file_answer(JSON))
def acta_json(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """El acta emitida de una UT, como se publicará."""
    return Response(scrutiny.issued(here, consulta, clave).data, media_type=JSON)


@router.get("/mesas/{clave}/escrutinio.pdf", Permission.MESA_RESULTADOS_CONSULTAR, **file_answer(PDF))
def acta_pdf(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """La misma acta, firmada, para imprimirse."""
    made = scrutiny.issued(here, consulta, clave)
    return _printed(here, scrutiny.printer(here, consulta).acta(made), made)


@router.get("/mesas/{clave}/cartel.pdf", Permission.MESA_RESULTADOS_CONSULTAR, **file_answer(PDF))
def cartel(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """El Cartel de Resultados de la misma acta, para colocarse en un lugar visible de la Mesa."""
    made = scrutiny.issued(here, consulta, clave)
    return _printed(here, scrutiny.printer(here, consulta).cartel(made), made)


def _printed(here: Here, data: bytes, acta: Escrutinio) -> Response:
    headers = {"ETag": f'"{acta.sha256}"'}
    return Response(here.services.documents.sign_pdf(data), media_type=PDF, headers=headers)


@router.post("/escrutinio", Permission.APERTURA_COMPUTAR)
def publish(here: HereNow, consulta: ConsultaId) -> EtapaView:
    """Publica todas las actas de escrutinio y los resultados de internet y Mesas, cuando no falta ninguna."""
    return EtapaView(etapa=scrutiny.publish(here, consulta).value)


@router.get("/computo.json", Permission.CONSULTA_MOSTRAR, **file_answer(JSON))
def results(here: HereNow, consulta: ConsultaId) -> Response:
    """Los resultados de internet y Mesas: de cada UT, si se dan por separado o sumados."""
    return _public(here, consulta, JSON_PLACE, JSON)


@router.get("/computo.csv", Permission.CONSULTA_MOSTRAR, **file_answer("text/csv"))
def results_table(here: HereNow, consulta: ConsultaId) -> Response:
    """Los mismos resultados en una tabla, un renglón por proyecto."""
    return _public(here, consulta, CSV_PLACE, "text/csv; charset=utf-8")


@router.get("/escrutinio/{clave}.json", Permission.CONSULTA_MOSTRAR, **file_answer(JSON))
def public_acta(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """El Acta de Escrutinio y Cómputo de una UT, como se registró en la bitácora."""
    return _public(here, consulta, f"{scrutiny.FOLDER}/{clave}.json", JSON)


@router.get("/escrutinio/{clave}.pdf", Permission.CONSULTA_MOSTRAR, **file_answer(PDF))
def public_acta_pdf(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """La misma acta, firmada."""
    return _public(here, consulta, f"{scrutiny.FOLDER}/{clave}.pdf", PDF)


def _public(here: Here, consulta: str, name: str, media_type: str) -> Response:
    """A file of the public folder, once all of them are there. Raises Problem before that."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        etapa = Stages(db, consulta).now()
    path = places(here, consulta).public.root / name
    if etapa is not Etapa.COMPUTADA or not path.is_file():
        raise hidden()
    return Response(path.read_bytes(), media_type=media_type)
