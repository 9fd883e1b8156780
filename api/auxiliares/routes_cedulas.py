"""Cédulas de registro de auxiliar: the PDF, the captures, and whether they are the registered person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.documents.issued import Owner
from api.documents.official import answer, official
from api.documents.service import About
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.processes.sight import process_in_sight, tell
from capture.auxiliares.store_sql import AuxiliarStore
from capture.devices.cedula import auxiliar_cedula
from capture.devices.cedulas_sql import CedulaStore, StoredCedula
from capture.devices.store_sql import DeviceStore
from capture.packet.body import ORDER, decode_tar
from capture.processes.store_sql import InstituteStore

cedulas = Guarded("/v1", "cedulas-auxiliar")
_MEDIA = {".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class CedulaView:
    """A cédula without its captures. `corresponde`: what the review found, null before it."""

    id: str
    auxiliar: str
    dispositivo: str
    credencial: str
    numero: str
    recibida: datetime
    corresponde: bool | None
    revisada: datetime | None


@dataclass(frozen=True, slots=True)
class Review:
    """Whether the captures are the registered person's."""

    corresponde: bool


@cedulas.get("/procesos/{folio}/cedulas-auxiliar", Permission.AUXILIAR_VALIDAR)
def list_cedulas(here: HereNow, folio: str, pendientes: bool = False) -> list[CedulaView]:
    """Las cédulas de un proceso, primero las más antiguas; con `pendientes`, las que faltan de revisar."""
    with here.database.reading() as db:
        process_in_sight(db, here, folio)
        return [_view(stored) for stored in CedulaStore(db).of_process(folio, pendientes)]


@cedulas.get(
    "/cedulas-auxiliar/{identifier}/pdf", Permission.AUXILIAR_VALIDAR, **file_answer("application/pdf")
)
def print_cedula(here: HereNow, identifier: str) -> Response:
    """«Cédula de Registro de Auxiliar», en PDF firmado."""
    with here.database.reading() as db:
        stored = _in_sight(db, here, identifier)
        process = process_in_sight(db, here, stored.proceso)
        auxiliar = AuxiliarStore(db).get(stored.auxiliar)
        device = DeviceStore(db).get(stored.dispositivo)
        institute = InstituteStore(db).get(process.opl).nombre
    document = auxiliar_cedula(stored, auxiliar, device, process, institute, here.now)
    owner = Owner(process.opl, process.periodo)
    return answer(here, official(here, document, owner, About(stored.id)), f"cedula-{stored.auxiliar}")


@cedulas.get(
    "/cedulas-auxiliar/{identifier}/capturas/{name}",
    Permission.AUXILIAR_VALIDAR,
    **file_answer("image/png", "image/jpeg"),
)
def capture(here: HereNow, identifier: str, name: str) -> Response:
    """Una captura (anverso.jpg, reverso.jpg, foto.jpg, firma.png). Queda en la bitácora."""
    services, media = here.services, _MEDIA.get(name[-4:])
    if media is None or name not in ORDER:
        raise Problem("no-encontrado", "No es el nombre de una captura.")
    with here.database.writing() as db:
        stored = _in_sight(db, here, identifier)
        tell(db, here, "cedula-auxiliar.consulta", identifier, detail={"captura": name})
    files = decode_tar(services.chamber.open(stored.proceso, services.blobs.get(stored.path)), "capturas")
    if name not in files:
        raise Problem("no-encontrado", "La cédula no tiene esa captura.")
    return Response(files[name], media_type=media)


@cedulas.post("/cedulas-auxiliar/{identifier}/revision", Permission.AUXILIAR_VALIDAR)
def review(here: HereNow, identifier: str, form: Review) -> CedulaView:
    """Dice una vez si las capturas son de la persona registrada. La baja la da después quien puede."""
    with here.database.writing() as db:
        store = CedulaStore(db)
        _in_sight(db, here, identifier)
        store.review(identifier, form.corresponde, here.who.account, here.now)
        found = {"corresponde": str(form.corresponde).lower()}
        tell(db, here, "cedula-auxiliar.revision", identifier, detail=found)
        return _view(store.get(identifier))


def _in_sight(db: Connection, here: Here, identifier: str) -> StoredCedula:
    stored = CedulaStore(db).get(identifier)
    process_in_sight(db, here, stored.proceso)
    return stored


def _view(stored: StoredCedula) -> CedulaView:
    return CedulaView(
        stored.id,
        stored.auxiliar,
        stored.dispositivo,
        stored.credencial,
        stored.numero,
        stored.recibida,
        stored.corresponde,
        stored.revisada,
    )
