"""Results, actas and listados: what everybody may have, and what only a Dirección Distrital may (SEI-23)."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path as File
from typing import Annotated

import pyrage
from fastapi import Path
from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.consultas.routes import ConsultaId
from api.consultas.sight import places
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.processes.sight import hidden, tell
from api.urna.computing import CSV
from api.urna.forms import LlaveDistrito
from tally.consulta import states
from tally.consulta.errors import ConsultaRefusal
from tally.consulta.people_sql import Adscripciones, DistrictKeys
from tally.consulta.shares_sql import Listados
from tally.consulta.states import Estado
from tally.consulta.store_sql import Consultas, StoredUnidad

router = Guarded("/v1/consultas/{consulta}", "resultados-sei")
Clave = Annotated[str, Path(pattern="^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$", description="De la UT")]
JSON, PDF, AGE = "application/json", "application/pdf", "application/octet-stream"


@router.get("/resultados.json", Permission.CONSULTA_MOSTRAR, **file_answer(JSON))
def results(here: HereNow, consulta: ConsultaId) -> Response:
    """Los resultados: totales por demarcación, y la huella de cada acta."""
    return _file(_published(here, consulta) / "resultados.json", JSON)


@router.get("/resultados.csv", Permission.CONSULTA_MOSTRAR, **file_answer("text/csv"))
def results_table(here: HereNow, consulta: ConsultaId) -> Response:
    """Los resultados por proyecto, en una tabla."""
    _published(here, consulta)
    return _file(places(here, consulta).work / CSV, "text/csv; charset=utf-8")


@router.get("/actas/{clave}.json", Permission.CONSULTA_MOSTRAR, **file_answer(JSON))
def acta(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """El Acta del Cómputo de una Unidad Territorial, como se registró en la bitácora."""
    return _file(_published(here, consulta) / "actas" / f"{clave}.json", JSON)


@router.get("/actas/{clave}.pdf", Permission.CONSULTA_MOSTRAR, **file_answer(PDF))
def acta_pdf(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """La misma acta, firmada, para imprimirse."""
    return _file(_published(here, consulta) / "actas" / f"{clave}.pdf", PDF)


@router.put("/distrito/llave", Permission.DISTRITO_LLAVE, status_code=204)
def set_key(here: HereNow, consulta: ConsultaId, form: LlaveDistrito) -> None:
    """Registra la llave con que se cifrarán los listados de la Dirección Distrital propia."""
    try:
        pyrage.x25519.Recipient.from_str(form.llave)
    except pyrage.RecipientError:
        raise Problem("datos-no-validos", "La llave debe ser un recipiente de age: «age1…».") from None
    with here.database.writing() as db:
        estado = Consultas(db).get(consulta, lock=True).estado
        district = Adscripciones(db, consulta).of(here.who.account).distrito
        if states.reached(estado, Estado.COMPUTADA):
            expected = "una consulta cuyos listados no se han cifrado"
            raise ConsultaRefusal("distrito.llave", consulta, expected, estado.value)
        DistrictKeys(db, consulta).set(district, form.llave, here.who.account, here.now)
        digest = hashlib.sha256(form.llave.encode()).hexdigest()
        tell(db, here, "distrito.llave", consulta, detail={"distrito": district, "sha256": digest})


@router.get("/distrito/listados/{clave}", Permission.LISTADO_DESCARGAR, **file_answer(AGE))
def listado(here: HereNow, consulta: ConsultaId, clave: Clave) -> Response:
    """El Listado de Claves de Elector de una UT del distrito propio, cifrado para su llave."""
    with here.database.writing() as db:
        unidad = next((u for u in _of_district(db, here, consulta) if u.unidad.clave == clave), None)
        data = unidad and Listados(db, consulta).get(clave)
        if not data:
            raise hidden()
        tell(db, here, "listado.descarga", consulta, detail={"unidad": clave})
    return Response(data, media_type=AGE)


@router.get("/distrito/paquete.tar", Permission.LISTADO_DESCARGAR, **file_answer("application/x-tar"))
def package(here: HereNow, consulta: ConsultaId) -> Response:
    """Lo que recibe la Dirección Distrital: actas firmadas y listados cifrados de todas sus UT."""
    root = _published(here, consulta)
    target = io.BytesIO()
    with here.database.writing() as db, tarfile.open(fileobj=target, mode="w") as archive:
        mine = _of_district(db, here, consulta)
        for stored in mine:
            clave = stored.unidad.clave
            encrypted = Listados(db, consulta).get(clave)
            if encrypted is None:
                continue
            for name in (f"actas/{clave}.json", f"actas/{clave}.pdf"):
                _put(archive, name, (root / name).read_bytes())
            _put(archive, f"listados/listado-{clave}.json.age", encrypted)
        tell(db, here, "distrito.paquete", consulta, detail={"unidades": str(len(mine))})
    return Response(target.getvalue(), media_type="application/x-tar")


def _of_district(db: Connection, here: Here, consulta: str) -> list[StoredUnidad]:
    """The UTs of the district of who asks."""
    Consultas(db).get(consulta)
    district = Adscripciones(db, consulta).of(here.who.account).distrito
    return [one for one in Consultas(db).unidades(consulta) if one.distrito == district]


def _published(here: Here, consulta: str) -> File:
    """The public folder, once the results are in it. Raises Problem before that."""
    with here.database.reading() as db:
        estado = Consultas(db).get(consulta).estado
    if estado is not Estado.PUBLICADA:
        raise hidden()
    return places(here, consulta).public.root


def _file(path: File, media_type: str) -> Response:
    if not path.is_file():
        raise hidden()
    return Response(path.read_bytes(), media_type=media_type)


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
