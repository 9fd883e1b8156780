"""An OPL asks for the use of the system; DERFE answers (source 004)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import Response

from api.accounts.permissions import Permission, Role
from api.documents import official
from api.documents.issued import Owner, newest
from api.documents.service import About, By
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.problems import Problem
from api.messages.processes import usage_answered
from api.processes.sight import addresses, hidden, require_opl, tell
from capture.identity.dates import centro_date
from capture.processes.store_sql import InstituteStore
from capture.usage_requests.oficio_document import KIND, oficio
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
    """Solicita el uso del sistema, con la estimación de aspirantes y de apoyos."""
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
    """Las solicitudes a la vista de la cuenta, de la más nueva a la más antigua."""
    with here.database.reading() as db:
        return UsageStore(db).all(here.who.opl)


@usage.get("/{folio}", Permission.USO_CONSULTAR)
def one_request(here: HereNow, folio: str) -> StoredRequest:
    """Una solicitud y su respuesta."""
    with here.database.reading() as db:
        stored = UsageStore(db).get(folio)
    require_opl(here, stored.opl)
    return stored


@usage.post("/{folio}/respuesta", Permission.USO_RESPONDER)
def answer(here: HereNow, folio: str, form: Answer) -> StoredRequest:
    """Responde una vez; el oficio firmado llega al OPL por correo y se puede volver a descargar."""
    text = read_answer(form.respuesta)
    with here.database.reading() as db:
        asked = UsageStore(db).require_pending(folio)
        institute = InstituteStore(db).get(asked.opl).nombre
    documents = here.services.documents
    content = oficio(asked, institute, form.procedente, text, here.now)
    made = documents.prepare(content, Owner(asked.opl), About(folio))
    with here.database.writing() as db:
        store = UsageStore(db)
        store.answer(folio, form.procedente, text, here.who.account, here.now)
        tell(db, here, "uso.respuesta", folio, detail={"procedente": str(form.procedente).lower()})
        documents.keep(db, made, By(here.who.account, here.who.role.value))
        stored = store.get(folio)
        message = usage_answered(stored, institute, addresses(here).contact)
        here.services.outbox.put(db, replace(message, document=made.id))
    return stored


@usage.get("/{folio}/oficio", Permission.USO_CONSULTAR, **file_answer("application/pdf"))
def answered(here: HereNow, folio: str) -> Response:
    """El oficio firmado que respondió una solicitud."""
    with here.database.reading() as db:
        stored = UsageStore(db).get(folio)
        require_opl(here, stored.opl)
        made = newest(db, KIND, folio, Owner(stored.opl))
    if made is None:
        raise hidden()
    return official.answer(here, made, f"oficio-{folio}")
