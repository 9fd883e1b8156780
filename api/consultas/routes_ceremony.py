"""`/v1/consultas/{consulta}/ceremonia`: the key ceremony, and its rehearsal (SEI-22)."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from fastapi import Path, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.consultas import ceremony as desk
from api.consultas.forms import EstadoView
from api.consultas.routes import ConsultaId
from api.consultas.sight import own_seat, places
from api.http.bodies import binary, file_answer, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.processes.sight import hidden, tell
from keys.ceremony.folder import CeremonyFolder, open_ceremony
from keys.ceremony.states import Ceremony, Kind, State
from tally.consulta import states
from tally.consulta.cronograma import local
from tally.consulta.leaves_sql import put_leaves
from tally.consulta.states import Estado, Paso
from tally.consulta.store_sql import Consulta, Consultas
from tally.journal import CEREMONY, act_entry

router = Guarded("/v1/consultas/{consulta}/ceremonia", "ceremonia")
_INBOX = re.compile(rf"({'|'.join(k.value for k in Kind)})-([1-9][0-9]?)\.json", re.ASCII)
_ANSWER = re.compile(r"respuesta-([1-9][0-9]?)\.json", re.ASCII)
_JSON = binary("application/json")
Name = Annotated[str, Path(max_length=40, description="Como lo nombra «certeza custodio»")]


class MensajeView(BaseModel):
    """Lo que se aceptó de una persona custodia; los nombres de los pasos, en orden."""

    indice: int
    nombre: str
    aceptados: list[str]
    huella: str | None
    ensayo: bool


class CeremoniaView(BaseModel):
    """El estado de la ceremonia. `faltan`: los índices de quienes deben el paso que se espera."""

    id: str
    estado: str
    umbral: int
    faltan: list[int]
    certificados: str | None
    trustees: str | None
    custodios: list[MensajeView]


@router.post("", Permission.CEREMONIA_CONDUCIR, status_code=201)
def announce(here: HereNow, consulta: ConsultaId) -> CeremoniaView:
    """Anuncia la ceremonia con los custodios y el umbral de la consulta, que ya no cambian."""
    with here.database.writing() as db:
        found = _preparing(db, consulta)
        names = [one.nombre for one in Consultas(db).custodios(consulta)]
        made = desk.begin(places(here, consulta).ceremony, found, names)
        tell(db, here, "ceremonia.anuncio", consulta, detail={"ceremonia": made.id})
    return _view(places(here, consulta).ceremony)


@router.get("", Permission.CEREMONIA_CONSULTAR)
def show(here: HereNow, consulta: ConsultaId) -> CeremoniaView:
    """Qué entregó cada persona custodia, qué falta y las huellas que se leen en voz alta."""
    return _view(_folder(here, consulta))


@router.get("/carpeta", Permission.CEREMONIA_CONSULTAR, **file_answer("application/x-tar"))
def folder(here: HereNow, consulta: ConsultaId) -> Response:
    """La carpeta de la ceremonia, para trabajar en ella con «certeza custodio» en un equipo propio."""
    data = desk.copy_of(_folder(here, consulta))
    name = f'attachment; filename="ceremonia-{consulta}.tar"'
    return Response(data, media_type="application/x-tar", headers={"Content-Disposition": name})


@router.get("/acta", Permission.CEREMONIA_CONSULTAR, **file_answer("text/plain"))
def acta(here: HereNow, consulta: ConsultaId) -> Response:
    """El acta, con las huellas en grupos de cuatro cifras para leerse en voz alta."""
    data = _folder(here, consulta).read(desk.ACTA_TEXT)
    if data is None:
        raise hidden()
    return Response(data, media_type="text/plain; charset=utf-8")


@router.put("/buzon/{archivo}", Permission.CEREMONIA_APORTAR, openapi_extra=_JSON)
async def hand_in(here: HereNow, consulta: ConsultaId, archivo: Name, request: Request) -> CeremoniaView:
    """Entrega el mensaje de un paso: el archivo que «certeza custodio» dejó en `buzon/`, con su nombre."""
    data = await whole_body(request, desk.MAX_MESSAGE)
    return await run_in_threadpool(_hand_in, here, consulta, archivo, data)


def _hand_in(here: Here, consulta: str, archivo: str, data: bytes) -> CeremoniaView:
    named = _INBOX.fullmatch(archivo)
    with here.database.writing() as db:
        _preparing(db, consulta)
        index = _own_index(db, here, consulta, named and named[2])
        assert named is not None  # noqa: S101 - `_own_index` let nobody pass without a name
        made = desk.receive(_folder(here, consulta), Kind(named[1]), index, data, here.now)
        Consultas(db).set_fingerprints(consulta, desk.fingerprints(made))
        digest = hashlib.sha256(data).hexdigest()
        tell(db, here, f"ceremonia.{named[1]}", consulta, detail={"custodio": str(index), "sha256": digest})
    return _view(places(here, consulta).ceremony)


@router.post("/ensayo", Permission.CEREMONIA_CONDUCIR, status_code=201)
def rehearse(here: HereNow, consulta: ConsultaId, nuevo: bool = False) -> CeremoniaView:
    """Empieza el ensayo de apertura: un número que solo el umbral recupera."""
    with here.database.writing() as db:
        _preparing(db, consulta)
        desk.start_rehearsal(_folder(here, consulta), anew=nuevo)
        tell(db, here, "ensayo.inicio", consulta)
    return _view(places(here, consulta).ceremony)


@router.put("/ensayo/{archivo}", Permission.CEREMONIA_APORTAR, openapi_extra=_JSON)
async def answer(here: HereNow, consulta: ConsultaId, archivo: Name, request: Request) -> CeremoniaView:
    """Entrega la respuesta al ensayo: el archivo que «certeza custodio ensayo» dejó en `ensayo/`."""
    data = await whole_body(request, desk.MAX_MESSAGE)
    return await run_in_threadpool(_answer, here, consulta, archivo, data)


def _answer(here: Here, consulta: str, archivo: str, data: bytes) -> CeremoniaView:
    named = _ANSWER.fullmatch(archivo)
    with here.database.writing() as db:
        _preparing(db, consulta)
        index = _own_index(db, here, consulta, named and named[1])
        desk.take_answer(_folder(here, consulta), index, data)
        tell(db, here, "ensayo.respuesta", consulta, detail={"custodio": str(index)})
    return _view(places(here, consulta).ceremony)


@router.post("/ensayo/acta", Permission.CEREMONIA_CONDUCIR)
def end_rehearsal(here: HereNow, consulta: ConsultaId) -> EstadoView:
    """Cierra el ensayo con su acta. Si el umbral recuperó el número, la consulta queda lista."""
    where = places(here, consulta)
    with here.database.writing() as db:
        found = _preparing(db, consulta)
        made = desk.end_rehearsal(_folder(here, consulta), here.now)
        estado = found.estado
        if made.passed:
            estado = Consultas(db).move(consulta, Paso.ENSAYO, here.now)
            trustees = desk.trustees_of(where.ceremony)
            where.public.write(where.public.trustees_file, trustees)
            digest = hashlib.sha256(trustees).hexdigest()
            put_leaves(db, consulta, [act_entry(CEREMONY, local(here.now), digest)])
        detail = {"superado": "sí" if made.passed else "no", "acta": hashlib.sha256(made.acta).hexdigest()}
        tell(db, here, "ensayo.acta", consulta, detail=detail)
    return EstadoView(estado=estado.value)


def _preparing(db: Connection, consulta: str) -> Consulta:
    """The consultation, held until the transaction ends: messages take turns. Raises ConsultaRefusal."""
    found = Consultas(db).get(consulta, lock=True)
    states.require(found.estado, Estado.PREPARACION, "ceremonia", consulta)
    return found


def _folder(here: Here, consulta: str) -> CeremonyFolder:
    folder = places(here, consulta).ceremony
    desk.require_announced(folder)
    return folder


def _own_index(db: Connection, here: Here, consulta: str, named: str | None) -> int:
    """The index of who asks. Nobody hands in for another seat, nor learns whether there is one."""
    seat = own_seat(db, here, consulta)
    if named is None or int(named) != seat.indice:
        raise hidden()
    return seat.indice


def _view(folder: CeremonyFolder) -> CeremoniaView:
    announcement, ceremony = open_ceremony(folder)
    prints = desk.fingerprints(ceremony)
    answered = {n for n, _ in desk.files_of(folder) if n.startswith("ensayo/")}
    complete = ceremony.state is State.COMPLETE
    return CeremoniaView(
        id=announcement.id,
        estado=ceremony.state.value,
        umbral=announcement.terms.threshold,
        faltan=ceremony.missing(),
        certificados=None if ceremony.state is State.CERTIFICATES else ceremony.gamma_fingerprint(),
        trustees=hashlib.sha256(ceremony.trustees.encode()).hexdigest() if complete else None,
        custodios=[
            MensajeView(
                indice=i,
                nombre=name,
                aceptados=_accepted(ceremony, i),
                huella=prints.get(i),
                ensayo=f"ensayo/respuesta-{i}.json" in answered,
            )
            for i, name in zip(announcement.terms.indices(), announcement.names, strict=True)
        ],
    )


def _accepted(ceremony: Ceremony, index: int) -> list[str]:
    return [kind.value for kind in Kind if ceremony.accepted(kind, index) is not None]
