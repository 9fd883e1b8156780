"""`/v1/sesion`: entering, leaving, and what belongs to the own session."""

from __future__ import annotations

import segno
from fastapi import BackgroundTasks, Request, Response

from api.accounts import forms
from api.accounts.errors import (
    ApplicationRefusal,
    Busy,
    CredentialRefusal,
    ProviderRefusal,
    SettingsRefusal,
    SignInRefusal,
    TooSoon,
    UnknownAccount,
)
from api.accounts.http_session import give_cookie, own_token, take_cookie, visitor
from api.accounts.means import Opened
from api.accounts.permissions import Permission
from api.accounts.session import Grant
from api.accounts.staff_sign_in import Entry
from api.accounts.store_sessions import Sessions
from api.accounts.store_sql import Accounts
from api.http import refusals
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.rates import Rate

session = Guarded("/v1/sesion", "sesion")
_START = {"rate": Rate.SECRETS, "status_code": 201}

for _kind, _slug in (
    (SignInRefusal, "sin-sesion"),
    (TooSoon, "demasiadas-solicitudes"),
    (CredentialRefusal, "datos-no-validos"),
    (ApplicationRefusal, "datos-no-validos"),
    (UnknownAccount, "no-encontrado"),
    (ProviderRefusal, "no-disponible"),
    (Busy, "no-disponible"),
    (SettingsRefusal, "error-interno"),
):
    refusals.declare(_kind, _slug)


def answered(
    here: Here,
    response: Response,
    opened: Opened,
    grants: tuple[Grant, ...] = (),
    recovery: tuple[str, ...] = (),
) -> forms.SessionOpened:
    """The answer to an entry, with the cookie when that is how the token travels."""
    give_cookie(response, opened, here.now)
    return forms.SessionOpened.of(opened, grants, recovery)


@session.post("/contrasena", Permission.SESION_INICIAR, **_START)
def with_password(
    here: HereNow, request: Request, response: Response, form: forms.PasswordEntry
) -> forms.SessionOpened:
    """Entrar con contraseña y código de la aplicación, o un código de respaldo."""
    entry = Entry(form.correo, form.contrasena, form.codigo)
    opened = here.services.accounts.staff.with_password(entry, visitor(request, here, form.medio), here.now)
    return answered(here, response, opened)


@session.post("/llave/inicio", Permission.SESION_INICIAR, rate=Rate.SECRETS)
def passkey_options(here: HereNow) -> forms.Challenge:
    """Un reto para entrar con llave de acceso."""
    name, options = here.services.accounts.staff.passkey_options(here.now)
    return forms.Challenge(reto=name, opciones=options)


@session.post("/llave", Permission.SESION_INICIAR, **_START)
def with_passkey(
    here: HereNow, request: Request, response: Response, form: forms.PasskeyEntry
) -> forms.SessionOpened:
    """Entrar con llave de acceso."""
    from_where = visitor(request, here, form.medio)
    opened = here.services.accounts.staff.with_passkey(form.reto, form.credencial, from_where, here.now)
    return answered(here, response, opened)


@session.post("/olvido", Permission.SESION_INICIAR, rate=Rate.SECRETS, status_code=202)
def forgot(here: HereNow, form: forms.ForgottenForm, afterwards: BackgroundTasks) -> forms.Notice:
    """Pedir un enlace para restablecer la contraseña; la respuesta es la misma exista o no la cuenta."""
    send = here.services.accounts.enrolment.forgot(form.correo, here.address, here.now)
    afterwards.add_task(send)
    words = "Si hay una cuenta activa con ese correo, recibirá un enlace en unos minutos."
    return forms.Notice(mensaje=words)


@session.post("/enlace", Permission.SESION_INICIAR, rate=Rate.SECRETS)
def look_at_link(here: HereNow, form: forms.LinkForm) -> forms.LinkShown:
    """Qué establece un enlace; consultarlo no lo gasta."""
    offer = here.services.accounts.enrolment.look(form.enlace, here.now)
    return forms.LinkShown(
        proposito=offer.purpose,
        correo=offer.email,
        vence=offer.expires,
        secreto=offer.secret,
        uri=offer.uri,
        qr=segno.make(offer.uri).svg_data_uri(scale=4) if offer.uri else None,
    )


@session.post("/enlace/confirmar", Permission.SESION_INICIAR, **_START)
def complete_link(
    here: HereNow, request: Request, response: Response, form: forms.LinkCompletion
) -> forms.SessionOpened:
    """Establecer contraseña y segundo factor, o una contraseña nueva; gasta el enlace y abre una sesión."""
    from_where = visitor(request, here, form.medio)
    enrolment = here.services.accounts.enrolment
    made = enrolment.complete(form.enlace, form.contrasena, form.codigo, from_where, here.now)
    return answered(here, response, made.opened, recovery=made.recovery)


@session.post("/refuerzo", Permission.SESION_REFUERZO, rate=Rate.SECRETS)
def reinforce(
    here: HereNow, request: Request, response: Response, form: forms.CodeForm
) -> forms.SessionOpened:
    """Dar otra vez el segundo factor, para los actos más graves; cambia el testigo de la sesión."""
    opened = here.services.accounts.staff.reinforce(own_token(request), form.codigo, here.now)
    return answered(here, response, opened)


@session.post("/refuerzo/llave/inicio", Permission.SESION_REFUERZO)
def reinforce_options(here: HereNow) -> forms.Challenge:
    """Un reto para las llaves de acceso propias."""
    name, options = here.services.accounts.staff.reinforce_options(here.who.account, here.now)
    return forms.Challenge(reto=name, opciones=options)


@session.post("/refuerzo/llave", Permission.SESION_REFUERZO, rate=Rate.SECRETS)
def reinforce_with_passkey(
    here: HereNow, request: Request, response: Response, form: forms.PasskeyProof
) -> forms.SessionOpened:
    """Dar otra vez la llave de acceso."""
    staff = here.services.accounts.staff
    opened = staff.reinforce_with_passkey(own_token(request), form.reto, form.credencial, here.now)
    return answered(here, response, opened)


@session.get("", Permission.SESION_PROPIA)
def who_am_i(here: HereNow) -> forms.Me:
    """Quién tiene esta sesión, con qué papel, y qué otros papeles puede tener."""
    me, doors = here.who, here.services.accounts
    with here.database.reading() as db:
        account = Accounts(db).get(me.account)
        grants = doors.oidc.grants(db, account)
    recent = doors.means.settings.lifetimes.second_factor
    return forms.Me(
        cuenta=account.id,
        correo=account.correo,
        nombre=account.nombre,
        papel=forms.GrantShown.of(Grant(me.role, me.opl, me.proceso, me.auxiliar)),
        papeles=[forms.GrantShown.of(grant) for grant in grants],
        segundo_factor_hasta=me.verified + recent if me.verified else None,
    )


@session.put("/papel", Permission.SESION_PAPEL)
def choose(here: HereNow, request: Request, response: Response, form: forms.GrantForm) -> forms.SessionOpened:
    """Actuar con otro de los papeles propios; cambia el testigo de la sesión."""
    opened = here.services.accounts.oidc.choose(own_token(request), form.grant(), here.now)
    return answered(here, response, opened)


@session.delete("", Permission.SESION_PROPIA, status_code=204)
def leave(here: HereNow, response: Response) -> None:
    """Cerrar esta sesión."""
    with here.database.writing() as db:
        Sessions(db).close(here.who.account, here.who.session)
    take_cookie(response)


@session.get("/todas", Permission.SESION_PROPIA)
def mine(here: HereNow) -> list[forms.SessionShown]:
    """Las sesiones abiertas de la propia cuenta, la más reciente primero."""
    with here.database.reading() as db:
        found = Sessions(db).of_account(here.who.account)
    return [forms.SessionShown.of(one, here.who.session) for one in found if one.vence > here.now]


@session.delete("/todas", Permission.SESION_PROPIA)
def close_others(here: HereNow) -> forms.Count:
    """Cerrar todas las demás sesiones propias."""
    with here.database.writing() as db:
        return forms.Count(cerradas=Sessions(db).close_all(here.who.account, but=here.who.session))


@session.delete("/todas/{sesion}", Permission.SESION_PROPIA, status_code=204)
def close_one(here: HereNow, sesion: str) -> None:
    """Cerrar una de las sesiones propias."""
    with here.database.writing() as db:
        own = {one.id for one in Sessions(db).of_account(here.who.account)}
        if sesion not in own:
            raise UnknownAccount("sesion.desconocida", "sesion", "una sesión propia", sesion)
        Sessions(db).close(here.who.account, sesion)
