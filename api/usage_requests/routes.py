"""An OPL asks for the use of the system; DERFE answers (source 004)."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.permissions import Permission, Role
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.messages.processes import usage_answered
from api.processes.sight import addresses, require_opl, tell
from capture.identity.dates import centro_date
from capture.processes.store_sql import InstituteStore
from capture.usage_requests.request import UsageForm, read_answer, read_request
from capture.usage_requests.store_sql import StoredRequest, UsageStore

usage = Guarded("/v1/solicitudes-uso", "solicitudes-uso")


@dataclass(frozen=True, slots=True)
class Answer:
    """DERFE's answer: whether the request is procedente, and its text."""

    procedente: bool
    respuesta: str


@usage.post("", Permission.USO_SOLICITAR, status_code=201)
def ask(here: HereNow, form: UsageForm) -> StoredRequest:
    """Ask for the use of the system with the estimates of aspirantes and of apoyos."""
    opl = here.who.opl
    if here.who.role is not Role.OPL_ENLACE or opl is None:
        raise Problem("sin-permiso", "Solo el enlace de un OPL solicita el uso del sistema.")
    request = read_request(form, centro_date(here.now))
    with here.database.writing() as db:
        folio = UsageStore(db).receive(opl, request, here.who.account, here.now)
        tell(db, here, "uso.solicitud", folio)
        return UsageStore(db).get(folio)


@usage.get("", Permission.USO_CONSULTAR)
def list_requests(here: HereNow) -> list[StoredRequest]:
    """The requests in the account's sight, newest first."""
    with here.database.reading() as db:
        return UsageStore(db).all(here.who.opl)


@usage.get("/{folio}", Permission.USO_CONSULTAR)
def one_request(here: HereNow, folio: str) -> StoredRequest:
    """One request and its answer."""
    with here.database.reading() as db:
        stored = UsageStore(db).get(folio)
    require_opl(here, stored.opl)
    return stored


@usage.post("/{folio}/respuesta", Permission.USO_RESPONDER)
def answer(here: HereNow, folio: str, form: Answer) -> StoredRequest:
    """Answer once; the OPL is written to."""
    text = read_answer(form.respuesta)
    with here.database.writing() as db:
        store = UsageStore(db)
        store.answer(folio, form.procedente, text, here.who.account, here.now)
        tell(db, here, "uso.respuesta", folio, detail={"procedente": str(form.procedente).lower()})
        stored = store.get(folio)
        institute = InstituteStore(db).get(stored.opl).nombre
        here.services.outbox.put(db, usage_answered(stored, institute, addresses(here).contact))
    return stored
