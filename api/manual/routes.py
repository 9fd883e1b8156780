"""`/v1/captura-manual`: cédulas on paper under the régimen de excepción."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.public_log.apoyo import ApoyoJournal, ApoyoLeaves
from api.records.scope import acting, require_process
from capture.manual.capturing import ManualCapture
from capture.manual.form import Cedula
from capture.mesa.catalogue import CAPTURA_MANUAL
from capture.processing.periods_sql import SqlPeriods
from capture.records.states import Quien
from capture.vault.boveda import LocalBoveda

router = Guarded("/v1/captura-manual", "captura manual")
_UUID_V7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


class CedulaEnPapel(BaseModel):
    """What is typed of a cédula. `folio`: a UUID of version 7 that the form makes: a repeat is one."""

    model_config = ConfigDict(extra="forbid")

    folio: Annotated[str, Field(pattern=_UUID_V7)]
    proceso: Annotated[str, Field(max_length=64)]
    campos: Annotated[dict[str, str], Field(max_length=12)]
    capturada: AwareDatetime
    criterio: Annotated[str | None, Field(max_length=1)] = None


class AcuseManual(BaseModel):
    """The acuse of a captured cédula."""

    folio: str
    codigo: str
    acuse: str


class Regimen(BaseModel):
    """Where captura manual is allowed, and its criteria by number."""

    municipios: list[str]
    criterios: dict[str, str]


@router.get("/{proceso}", Permission.CAPTURA_MANUAL)
def regimen(here: HereNow, proceso: Annotated[str, Path(max_length=64)]) -> Regimen:
    """Los municipios del régimen de excepción de un proceso, y los criterios de la captura manual."""
    with here.database.reading() as db:
        require_process(db, here.who, proceso)
        found = SqlPeriods().of(db, proceso)
    criterios = {row.inciso: row.detalle for row in CAPTURA_MANUAL.rows}
    return Regimen(municipios=json.loads(found.municipios), criterios=criterios)


@router.post("", Permission.CAPTURA_MANUAL, status_code=201)
def capture(here: HereNow, form: CedulaEnPapel) -> AcuseManual:
    """Captura una cédula en papel. Repetirla con el mismo folio da el mismo acuse."""
    with here.database.reading() as db:
        require_process(db, here.who, form.proceso)
    cedula = Cedula(form.folio, form.proceso, form.campos, form.capturada, form.criterio)
    acuse = _capturing(here).capture(cedula, acting(here, Quien.OPERADOR), here.now)
    return AcuseManual(folio=acuse.folio, codigo=acuse.code, acuse=acuse.encode().decode())


def _capturing(here: Here) -> ManualCapture:
    services = here.services
    return ManualCapture(
        services.database,
        services.blobs,
        LocalBoveda(services.chamber),
        services.acts,
        ApoyoLeaves(),
        ApoyoJournal(services.logs.apoyo),
        services.random,
    )
