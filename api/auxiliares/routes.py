"""Auxiliares: altas singly and by file, and bajas by the promovente, the OPL or DERFE."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from fastapi import Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.permissions import Permission, Role
from api.http.bodies import binary, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.messages.auxiliares import auxiliar_registered, auxiliar_removed, auxiliar_removed_by_authority
from api.processes.sight import addresses, hidden, process_in_sight, tell
from capture.auxiliares.causes import CAUSES, By, read_baja
from capture.auxiliares.form import AuxiliarData, AuxiliarForm, read_auxiliar
from capture.auxiliares.roster import MAX_BYTES, RosterReport, check_roster, read_roster
from capture.auxiliares.store_sql import AuxiliarStore, StoredAuxiliar
from capture.identity.dates import centro_date
from capture.processes.store_sql import PeriodStore

auxiliares = Guarded("/v1", "auxiliares")
_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAX_SHOWN = 1_000
"""Findings in a JSON answer; the CSV has all."""


@dataclass(frozen=True, slots=True)
class Altas:
    """The Id Auxiliar of each row, in the order of the file."""

    auxiliares: list[str]


@dataclass(frozen=True, slots=True)
class BajaForm:
    """A code of the catalogue, and an explanation."""

    causa: str
    motivo: str = ""


@dataclass(frozen=True, slots=True)
class CauseView:
    """A row of the catalogue of bajas, for whoever may give it."""

    codigo: str
    texto: str
    exige_motivo: bool


@auxiliares.post("/procesos/{folio}/auxiliares", Permission.AUXILIAR_ALTA, status_code=201)
def add(here: HereNow, folio: str, form: AuxiliarForm) -> StoredAuxiliar:
    """Registra una persona auxiliar y le escribe con el Id Proceso y el Id Auxiliar."""
    data = read_auxiliar(form, centro_date(here.now))
    with here.database.writing() as db:
        process_in_sight(db, here, folio)
        identifier = AuxiliarStore(db).add(folio, data, here.who.account, here.now)
        tell(db, here, "auxiliar.alta", identifier, detail={"proceso": folio})
        _write_to(db, here, folio, [identifier], [data])
        return AuxiliarStore(db).get(identifier)


@auxiliares.post(
    "/procesos/{folio}/auxiliares/archivo",
    Permission.AUXILIAR_ALTA,
    status_code=201,
    response_model=Altas,
    openapi_extra=binary(_CSV, _XLSX),
)
async def add_roster(here: HereNow, folio: str, request: Request, informe: str = "json") -> object:
    """Registra todos los renglones de un archivo CSV o Excel, o ninguno.

    Si un renglón está mal, la respuesta dice cuál y por qué; con `informe=csv`, como archivo.
    """
    data = await whole_body(request, MAX_BYTES + 1)
    return await run_in_threadpool(_add_roster, here, folio, data, informe == "csv")


def _add_roster(here: Here, folio: str, data: bytes, as_csv: bool) -> object:
    with here.database.reading() as db:
        process_in_sight(db, here, folio)
    rows = read_roster(data)
    with here.database.writing() as db:
        store = AuxiliarStore(db)
        report = check_roster(rows, centro_date(here.now), store.all_taken(folio))
        if report.findings:
            return _refused(report, as_csv)
        made = store.add_all(folio, report.people, here.who.account, here.now)
        detail = {"renglones": str(report.rows), "primero": made[0], "ultimo": made[-1]}
        tell(db, here, "auxiliar.alta-masiva", folio, detail=detail)
        _write_to(db, here, folio, made, report.people)
    return Altas(made)


def _refused(report: RosterReport, as_csv: bool) -> Response:
    if as_csv:
        headers = {"Content-Disposition": 'attachment; filename="informe-de-auxiliares.csv"'}
        return Response(report.as_csv(), 422, headers, "text/csv; charset=utf-8")
    shown = [asdict(found) for found in report.findings[:_MAX_SHOWN]]
    wrong = len({found.row for found in report.findings})
    detail = f"No se registró a nadie: {wrong} de {report.rows} renglones tienen datos que corregir."
    raise Problem("datos-no-validos", detail, renglones=shown, hallazgos=len(report.findings))


@auxiliares.get("/procesos/{folio}/auxiliares", Permission.AUXILIAR_CONSULTAR)
def list_auxiliares(here: HereNow, folio: str, despues: str = "") -> list[StoredAuxiliar]:
    """A lo más 500, por Id Auxiliar, después de `despues`; las bajas con su causa."""
    if here.who.role is Role.AUXILIAR:
        raise hidden()
    with here.database.reading() as db:
        process_in_sight(db, here, folio)
        return AuxiliarStore(db).of_process(folio, despues)


@auxiliares.get("/auxiliares/{identifier}", Permission.AUXILIAR_CONSULTAR)
def one(here: HereNow, identifier: str) -> StoredAuxiliar:
    """Una persona auxiliar."""
    with here.database.reading() as db:
        return auxiliar_in_sight(db, here, identifier)


@auxiliares.get("/causas-de-baja", Permission.AUXILIAR_BAJA)
def causes(here: HereNow) -> list[CauseView]:
    """Las causas que la cuenta puede dar."""
    by = _on_behalf(here)
    known = [cause for cause in CAUSES.values() if by in cause.by]
    return [CauseView(cause.code, cause.words, cause.needs_detail) for cause in known]


@auxiliares.post("/auxiliares/{identifier}/baja", Permission.AUXILIAR_BAJA)
def remove(here: HereNow, identifier: str, form: BajaForm) -> StoredAuxiliar:
    """Da de baja definitiva a una persona auxiliar y le escribe; también a su promovente, si es de oficio."""
    baja, outbox = read_baja(form.causa, form.motivo, _on_behalf(here)), here.services.outbox
    with here.database.writing() as db:
        stored = auxiliar_in_sight(db, here, identifier)
        process = process_in_sight(db, here, stored.proceso)
        AuxiliarStore(db).remove(identifier, baja, here.who.account, here.now)
        tell(db, here, "auxiliar.baja", identifier, reason=baja.cause.code, detail={"proceso": process.folio})
        data, now, contact = stored.data, here.now, addresses(here).contact
        outbox.put(db, auxiliar_removed(identifier, data, process.folio, baja, now, contact))
        if baja.by is not By.PROMOVENTE:
            told = auxiliar_removed_by_authority(identifier, data.full_name, process, baja, now, contact)
            outbox.put(db, told)
        return AuxiliarStore(db).get(identifier)


def auxiliar_in_sight(db: Connection, here: Here, identifier: str) -> StoredAuxiliar:
    """The auxiliar, when it is in the actor's scope. Raises Problem or NotRegistered."""
    stored = AuxiliarStore(db).get(identifier)
    process_in_sight(db, here, stored.proceso)
    if here.who.auxiliar not in (None, identifier):
        raise hidden()
    return stored


def _on_behalf(here: Here) -> By:
    return {Role.PROMOVENTE: By.PROMOVENTE, Role.OPL_ENLACE: By.OPL}.get(here.who.role, By.DERFE)


def _write_to(
    db: Connection,
    here: Here,
    folio: str,
    identifiers: list[str],
    people: tuple[AuxiliarData, ...] | list[AuxiliarData],
) -> None:
    places, process = addresses(here), process_in_sight(db, here, folio)
    period = PeriodStore(db).of_process(folio).period
    for identifier, data in zip(identifiers, people, strict=True):
        message = auxiliar_registered(identifier, data, process, period, places.app, places.contact)
        here.services.outbox.put(db, message)
