"""Processes with their aspirante or promovente: registration, cédula, confirmation, emblem."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.documents.issued import Owner
from api.documents.official import answer, official
from api.documents.service import About
from api.http.bodies import binary, file_answer, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.messages.processes import process_registered
from api.processes.routes import Active, AvisoView, view_of
from api.processes.sight import addresses, period_in_sight, process_in_sight, sees, tell
from capture.identity.dates import centro_date
from capture.processes.cedula import confirmation_cedula
from capture.processes.emblem import MAX_BYTES, read_emblem
from capture.processes.errors import NotRegistered
from capture.processes.folio import next_process_folio, read_process_folio
from capture.processes.kinds import Tipo
from capture.processes.period import Period
from capture.processes.process_form import ProcessForm, read_process
from capture.processes.process_store_sql import ProcessStore, StoredProcess
from capture.processes.store_sql import AvisoStore, InstituteStore, PeriodStore

processes = Guarded("/v1/procesos", "procesos")


@dataclass(frozen=True, slots=True)
class Registered:
    """The Id Proceso, and the age recipient to which records of the process are sealed."""

    folio: str
    recipiente: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the app shows of a process, and what it needs to seal a record."""

    folio: str
    tipo: Tipo
    denominacion: str
    promovente: str
    cargo: str | None
    opl: str
    periodo: Period
    abierto: bool
    recipiente: str
    emblema: bool
    aviso: AvisoView | None


@processes.post("", Permission.PROCESO_CREAR, status_code=201)
def register(here: HereNow, periodo: str, form: ProcessForm) -> Registered:
    """Registra una persona aspirante o promovente, con una llave nueva para los registros de su proceso."""
    with here.database.writing() as db:
        stored = period_in_sight(db, here, periodo)
        data = read_process(form, stored.period, centro_date(here.now))
        ProcessStore(db).require_free_email(periodo, data.correo)
        folio = next_process_folio(db, stored.period.entidad, here.now)
    recipient = here.services.chamber.new_process_key(folio)
    with here.database.writing() as db:
        ProcessStore(db).add(folio, periodo, data, recipient, here.who.account, here.now)
        tell(db, here, "proceso.alta", folio, detail={"periodo": periodo, "recipiente": recipient})
        if stored.period.tipo is not Tipo.CANDIDATURA:
            _confirm_by_mail(db, here, folio)
    return Registered(folio, recipient)


@processes.get("", Permission.PROMOVENTE_CONSULTAR)
def list_processes(here: HereNow, periodo: str) -> list[StoredProcess]:
    """Los procesos de un periodo a la vista de la cuenta."""
    with here.database.reading() as db:
        period_in_sight(db, here, periodo)
        return [stored for stored in ProcessStore(db).of_period(periodo) if sees(here.who, stored)]


@processes.get("/{folio}", Permission.PROMOVENTE_CONSULTAR)
def one_process(here: HereNow, folio: str) -> StoredProcess:
    """Un proceso, con los datos de su promovente."""
    with here.database.reading() as db:
        return process_in_sight(db, here, folio)


@processes.put("/{folio}", Permission.PROMOVENTE_MODIFICAR)
def correct(here: HereNow, folio: str, form: ProcessForm) -> StoredProcess:
    """Corrige los datos antes de que se firme la cédula."""
    with here.database.writing() as db:
        process_in_sight(db, here, folio)
        period = PeriodStore(db).of_process(folio).period
        data = read_process(form, period, centro_date(here.now))
        ProcessStore(db).correct(folio, data)
        tell(db, here, "proceso.correccion", folio)
        return ProcessStore(db).get(folio)


@processes.get("/{folio}/cedula", Permission.PROMOVENTE_CONSULTAR, **file_answer("application/pdf"))
def cedula(here: HereNow, folio: str) -> Response:
    """La cédula de confirmación de datos, en PDF firmado, para imprimirse y que la firme su promovente."""
    with here.database.reading() as db:
        stored = process_in_sight(db, here, folio)
        period = PeriodStore(db).of_process(folio).period
        institute = InstituteStore(db).get(stored.opl).nombre
    document = confirmation_cedula(stored, period, institute, here.now)
    owner = Owner(stored.opl, stored.periodo, stored.folio)
    return answer(here, official(here, document, owner, About(stored.folio)), f"cedula-{folio}")


@processes.post("/{folio}/confirmacion", Permission.PROMOVENTE_MODIFICAR)
def confirm(here: HereNow, folio: str) -> StoredProcess:
    """Se recibió la cédula firmada. Se escribe a la persona aspirante con su Id Proceso (001 §5.F)."""
    with here.database.writing() as db:
        process_in_sight(db, here, folio)
        ProcessStore(db).confirm(folio, here.who.account, here.now)
        tell(db, here, "proceso.confirmacion", folio)
        if PeriodStore(db).of_process(folio).period.tipo is Tipo.CANDIDATURA:
            _confirm_by_mail(db, here, folio)
        return ProcessStore(db).get(folio)


@processes.put("/{folio}/activo", Permission.PROCESO_MODIFICAR)
def switch(here: HereNow, folio: str, form: Active) -> StoredProcess:
    """Activo o inactivo."""
    with here.database.writing() as db:
        process_in_sight(db, here, folio)
        ProcessStore(db).set_active(folio, form.activo)
        tell(db, here, "proceso.activo" if form.activo else "proceso.inactivo", folio)
        return ProcessStore(db).get(folio)


@processes.put(
    "/{folio}/emblema",
    Permission.PROCESO_MODIFICAR,
    status_code=204,
    openapi_extra=binary("image/png", "image/jpeg"),
)
async def set_emblem(here: HereNow, folio: str, request: Request) -> Response:
    """La imagen que muestra la aplicación: PNG o JPG de a lo más 500 KB."""
    image = await whole_body(request, MAX_BYTES + 1)
    await run_in_threadpool(_keep_emblem, here, folio, image)
    return Response(status_code=204)


def _keep_emblem(here: Here, folio: str, image: bytes) -> None:
    emblem = read_emblem(image)
    with here.database.writing() as db:
        process_in_sight(db, here, folio)
        ProcessStore(db).set_emblem(folio, emblem)
        tell(db, here, "proceso.emblema", folio, detail={"sha256": emblem.sha256.hex()})


@processes.get("/{folio}/emblema", Permission.PROCESO_MOSTRAR, **file_answer("image/png", "image/jpeg"))
def emblem(here: HereNow, folio: str) -> Response:
    """La imagen que muestra la aplicación."""
    with here.database.reading() as db:
        made = ProcessStore(db).emblem(read_process_folio(folio))
    return Response(made.image, media_type=made.media_type)


@processes.get("/{folio}/app", Permission.PROCESO_MOSTRAR)
def shown(here: HereNow, folio: str) -> Shown:
    """Lo que muestra la aplicación antes de captar, con el aviso de privacidad (APO-26)."""
    with here.database.reading() as db:
        return shown_of(db, here, ProcessStore(db).get(read_process_folio(folio)))


def shown_of(db: Connection, here: Here, stored: StoredProcess) -> Shown:
    """A process as the app shows it."""
    period = PeriodStore(db).get(stored.periodo)
    return Shown(
        folio=stored.folio,
        tipo=period.period.tipo,
        denominacion=stored.data.denominacion,
        promovente=stored.data.promovente,
        cargo=period.period.cargo,
        opl=stored.opl,
        periodo=period.period,
        abierto=stored.activo and period.is_open(here.now),
        recipiente=stored.recipiente,
        emblema=ProcessStore(db).has_emblem(stored.folio),
        aviso=_aviso(db, stored.periodo),
    )


def _aviso(db: Connection, periodo: str) -> AvisoView | None:
    try:
        return view_of(AvisoStore(db).get(periodo))
    except NotRegistered:
        return None


def _confirm_by_mail(db: Connection, here: Here, folio: str) -> None:
    places = addresses(here)
    stored, period = ProcessStore(db).get(folio), PeriodStore(db).of_process(folio).period
    institute = InstituteStore(db).get(stored.opl).nombre
    message = process_registered(folio, stored.data, period, institute, places.portal, places.contact)
    here.services.outbox.put(db, message)
