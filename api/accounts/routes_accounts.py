"""`/v1/cuentas`: the administration of staff accounts. Each act is told to the bitácora."""

from __future__ import annotations

from fastapi import Query
from starlette.responses import Response

from api.accounts import forms
from api.accounts.permissions import Permission
from api.accounts.states import Event
from api.accounts.store_sessions import Sessions
from api.accounts.store_sql import Accounts
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow

accounts = Guarded("/v1/cuentas", "cuentas")


@accounts.get("", Permission.CUENTA_CONSULTAR)
def listed(here: HereNow, despues_de: str = Query(default="", max_length=36)) -> list[forms.AccountShown]:
    """Las cuentas institucionales a la vista, por páginas: `despues_de` es el último id de la anterior."""
    with here.database.reading() as db:
        found = Accounts(db).staff(here.who.scope.opl, despues_de)
    return [forms.AccountShown.of(account) for account in found]


@accounts.post("", Permission.CUENTA_CREAR, status_code=201)
def create(here: HereNow, form: forms.AccountForm) -> forms.AccountShown:
    """Dar de alta la cuenta que pide un oficio; a su titular le llega un enlace de un solo uso."""
    with here.database.writing() as db:
        administration = here.services.accounts.administration
        account, _ = administration.create(db, form.application(), here.who, here.now)
    return forms.AccountShown.of(account)


@accounts.get("/{cuenta}", Permission.CUENTA_CONSULTAR)
def one(here: HereNow, cuenta: str) -> forms.AccountShown:
    """Una cuenta institucional."""
    with here.database.reading() as db:
        return forms.AccountShown.of(Accounts(db).get(cuenta, here.who.scope.opl))


@accounts.post("/{cuenta}/suspension", Permission.CUENTA_SUSPENDER)
def suspend(here: HereNow, cuenta: str, form: forms.ReasonForm) -> forms.StateShown:
    """Suspender: sus sesiones se cierran en este momento."""
    return _happen(here, cuenta, Event.SUSPENSION, form)


@accounts.post("/{cuenta}/reactivacion", Permission.CUENTA_SUSPENDER)
def reactivate(here: HereNow, cuenta: str, form: forms.ReasonForm) -> forms.StateShown:
    """Levantar una suspensión: quien vuelve firma otra vez la declaratoria."""
    return _happen(here, cuenta, Event.REACTIVACION, form)


@accounts.post("/{cuenta}/baja", Permission.CUENTA_SUSPENDER)
def give_up(here: HereNow, cuenta: str, form: forms.ReasonForm) -> forms.StateShown:
    """Dar de baja para siempre: sus credenciales se borran."""
    return _happen(here, cuenta, Event.BAJA, form)


def _happen(here: Here, account: str, event: Event, form: forms.ReasonForm) -> forms.StateShown:
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        state = administration.happen(db, account, event, here.who, here.now, form.razon)
    return forms.StateShown(estado=state)


@accounts.post("/{cuenta}/enlace", Permission.CUENTA_SUSPENDER, status_code=202)
def send_link(here: HereNow, cuenta: str, form: forms.ReasonForm) -> forms.Notice:
    """Enviar un enlace nuevo a quien perdió sus credenciales: las anteriores dejan de servir ya."""
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        administration.send_link(db, cuenta, here.who, here.now, form.razon)
    return forms.Notice(mensaje="El enlace va en camino al correo institucional de la cuenta.")


@accounts.get("/{cuenta}/sesiones", Permission.CUENTA_REVOCAR)
def sessions(here: HereNow, cuenta: str) -> list[forms.SessionShown]:
    """Las sesiones abiertas de una cuenta."""
    with here.database.reading() as db:
        Accounts(db).get(cuenta)
        found = Sessions(db).of_account(cuenta)
    return [forms.SessionShown.of(session) for session in found if session.vence > here.now]


@accounts.post("/{cuenta}/sesiones/revocacion", Permission.CUENTA_REVOCAR)
def revoke(here: HereNow, cuenta: str, form: forms.ReasonForm) -> forms.Count:
    """Cerrar todas las sesiones de una cuenta."""
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        closed = administration.revoke(db, cuenta, here.who, here.now, form.razon)
    return forms.Count(cerradas=closed)


@accounts.get("/{cuenta}/declaratoria", Permission.DECLARATORIA_VALIDAR, **file_answer("application/pdf"))
def signed_document(here: HereNow, cuenta: str) -> Response:
    """La declaratoria firmada que espera validación, en PDF."""
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        document = administration.read_pdf(db, cuenta, here.who, here.now)
    headers = {"content-disposition": "attachment; filename=declaratoria.pdf"}
    return Response(document, media_type="application/pdf", headers=headers)


@accounts.post("/{cuenta}/declaratoria/validacion", Permission.DECLARATORIA_VALIDAR)
def validate(here: HereNow, cuenta: str) -> forms.StateShown:
    """Validar la declaratoria firmada: la cuenta queda activa."""
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        state = administration.validate_pdf(db, cuenta, here.who, here.now)
    return forms.StateShown(estado=state)
