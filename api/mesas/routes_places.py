"""`/v1/consultas/{consulta}/ubicaciones`: where the Mesas are (SEI-26; source 000, 7.1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.http.guard import Guarded
from api.http.here import HereNow
from api.mesas.sight import own_unidad
from api.processes.sight import tell
from api.urna.routes_results import Clave
from tally.consulta.store_sql import Consultas
from tally.mesa.places_sql import Places

router = Guarded("/v1/consultas/{consulta}", "mesas")
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300)]
MOST = 20
"""Mesas of one UT."""


class Ubicaciones(BaseModel):
    """Domicilio, y lo que ayude a llegar, de cada Mesa de una Unidad Territorial."""

    ubicaciones: list[Address] = Field(min_length=1, max_length=MOST)


class UbicacionView(BaseModel):
    """Dónde se opina en persona en una Unidad Territorial; vacía mientras no se dice."""

    clave: str
    nombre: str
    demarcacion: str
    ubicaciones: list[str]


@router.get("/ubicaciones", Permission.CONSULTA_MOSTRAR)
def places_of_mesas(here: HereNow, consulta: ConsultaId) -> list[UbicacionView]:
    """El listado con las ubicaciones de las Mesas en que se celebra la Jornada de forma presencial."""
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        unidades = [one.unidad for one in Consultas(db).unidades(consulta) if one.unidad.proyectos]
        known = Places(db, consulta).all()
    return [
        UbicacionView(
            clave=u.clave, nombre=u.nombre, demarcacion=u.demarcacion, ubicaciones=known.get(u.clave, [])
        )
        for u in unidades
    ]


@router.put("/mesas/{clave}/ubicacion", Permission.MESA_UBICAR, status_code=204)
def put_places(here: HereNow, consulta: ConsultaId, clave: Clave, form: Ubicaciones) -> None:
    """Dice dónde están las Mesas de una Unidad Territorial, o lo corrige."""
    with here.database.writing() as db:
        own_unidad(db, here, consulta, clave)
        Places(db, consulta).put(clave, form.ubicaciones, here.who.account, here.now)
        tell(db, here, "mesa.ubicacion", consulta, detail={"unidad": clave})
