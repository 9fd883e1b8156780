"""`/v1/consultas`: creating consultations, and what everybody may know of them (SEI-01, SEI-16, SEI-26)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Path, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.accounts.permissions import Permission
from api.consultas.forms import (
    ConsultaLine,
    ConsultaView,
    Plazo,
    UnidadView,
    consulta_view,
    unidad_view,
)
from api.consultas.sight import places
from api.http.bodies import whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.processes.routes import Identified
from api.processes.sight import tell
from keys.ceremony.folder import ANNOUNCEMENT
from tally.consulta.errors import ConsultaRefusal
from tally.consulta.form import MAX_BYTES, ConsultaForm, read_json, read_toml
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas", "consultas")
TOML = "application/toml"
ConsultaId = Annotated[str, Path(pattern="^[a-z0-9-]{1,64}$", description="El nombre de la consulta")]
_FORM = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}, TOML: {"schema": {"type": "string"}}},
    }
}


@router.post("", Permission.CONSULTA_CREAR, status_code=201, openapi_extra=_FORM)
async def create(here: HereNow, request: Request) -> Identified:
    """Crea una consulta, de JSON o de TOML: Unidades Territoriales, proyectos, secciones, fechas."""
    form = await _read(request)
    await run_in_threadpool(_create, here, form)
    return Identified(id=form.id)


async def _read(request: Request) -> ConsultaForm:
    data = await whole_body(request, MAX_BYTES + 1)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    return await run_in_threadpool(read_toml if kind == TOML else read_json, data)


def _create(here: Here, form: ConsultaForm) -> None:
    with here.database.writing() as db:
        Consultas(db).add(form, here.who.account, here.now)
        tell(db, here, "consulta.alta", form.id, detail={"unidades": str(len(form.unidades))})


@router.put("/{consulta}", Permission.CONSULTA_MODIFICAR, openapi_extra=_FORM)
async def replace(here: HereNow, consulta: ConsultaId, request: Request) -> Identified:
    """Sustituye los datos de una consulta en preparación, mientras no se anuncie su ceremonia de llaves."""
    form = await _read(request)
    await run_in_threadpool(_replace, here, consulta, form)
    return Identified(id=consulta)


def _replace(here: Here, consulta: str, form: ConsultaForm) -> None:
    if form.id != consulta:
        raise ConsultaRefusal("consulta.id", "id", consulta, form.id)
    with here.database.writing() as db:
        store = Consultas(db)
        store.get(consulta)
        if places(here, consulta).ceremony.read(ANNOUNCEMENT) is not None:
            expected = "una consulta sin ceremonia de llaves"
            raise ConsultaRefusal("consulta.modificar", consulta, expected, "su ceremonia se anunció")
        store.replace(form)
        tell(db, here, "consulta.cambio", consulta)


@router.put("/{consulta}/cronograma", Permission.CONSULTA_MODIFICAR)
def reschedule(
    here: HereNow, consulta: ConsultaId, fases: Annotated[dict[str, Plazo], Body()]
) -> ConsultaView:
    """Cambia fases del cronograma antes de que existan las urnas; las que no se dicen quedan como están."""
    with here.database.writing() as db:
        store = Consultas(db)
        given = {name: plazo.model_dump() for name, plazo in fases.items()}
        store.reschedule(consulta, store.get(consulta).cronograma.with_changes(given))
        tell(db, here, "consulta.cronograma", consulta, detail={"fases": ", ".join(sorted(fases))})
        return _view(db, here, consulta)


@router.get("", Permission.CONSULTA_MOSTRAR)
def listing(here: HereNow) -> list[ConsultaLine]:
    """Las consultas, de la más nueva a la más antigua."""
    with here.database.reading() as db:
        return [
            ConsultaLine(id=one.id, nombre=one.nombre, anio=one.anio, estado=one.estado.value)
            for one in Consultas(db).all()
        ]


@router.get("/{consulta}", Permission.CONSULTA_MOSTRAR)
def show(here: HereNow, consulta: ConsultaId) -> ConsultaView:
    """Una consulta: su estado, su cronograma, qué fases están abiertas y quiénes custodian sus llaves."""
    with here.database.reading() as db:
        return _view(db, here, consulta)


def _view(db: Connection, here: Here, consulta: str) -> ConsultaView:
    store = Consultas(db)
    found = store.get(consulta)
    return consulta_view(found, store.custodios(consulta), store.unidades(consulta), here.now)


@router.get("/{consulta}/unidades", Permission.CONSULTA_MOSTRAR)
def list_unidades(here: HereNow, consulta: ConsultaId) -> list[UnidadView]:
    """Sus Unidades Territoriales, con sus proyectos y secciones."""
    with here.database.reading() as db:
        store = Consultas(db)
        store.get(consulta)
        sections: dict[str, list[str]] = {}
        for seccion, clave in store.secciones(consulta):
            sections.setdefault(clave, []).append(seccion)
        return [unidad_view(one, sections.get(one.unidad.clave, [])) for one in store.unidades(consulta)]


@router.get("/{consulta}/secciones/{seccion}", Permission.CONSULTA_MOSTRAR)
def of_seccion(
    here: HereNow, consulta: ConsultaId, seccion: Annotated[str, Path(pattern="^[0-9]{4}$")]
) -> list[UnidadView]:
    """Las Unidades Territoriales de una sección electoral, de las que se elige una (SEI-16)."""
    with here.database.reading() as db:
        store = Consultas(db)
        store.get(consulta)
        return [unidad_view(one, [seccion]) for one in store.of_seccion(consulta, seccion)]
