"""`/v1/declaratoria` and `/v1/credenciales`: what staff does with the own account."""

from __future__ import annotations

from fastapi import Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.accounts import forms, passkeys
from api.accounts.declaration import IN_FORCE, PDF_BYTES
from api.accounts.enrolment import new_recovery_codes
from api.accounts.permissions import Permission
from api.accounts.store_credentials import Credentials, Passkey
from api.accounts.store_sessions import Moments
from api.accounts.store_sql import Accounts
from api.http.bodies import binary
from api.http.guard import Guarded
from api.http.here import Here, HereNow

declaration = Guarded("/v1/declaratoria", "declaratoria")
credentials = Guarded("/v1/credenciales", "credenciales")
_NEW = "llave-nueva"


@declaration.get("", Permission.DECLARATORIA_LEER)
def text(here: HereNow) -> forms.DeclarationShown:
    """La Declaratoria de Confidencialidad vigente."""
    return forms.DeclarationShown(version=IN_FORCE.version, sha256=IN_FORCE.sha256.hex(), texto=IN_FORCE.text)


@declaration.post("", Permission.DECLARATORIA_FIRMAR)
def sign(here: HereNow, form: forms.DeclarationForm) -> forms.StateShown:
    """Aceptarla con un segundo factor reciente: la cuenta queda activa."""
    administration = here.services.accounts.administration
    with here.database.writing() as db:
        state = administration.sign(db, here.who, form.version, bytes.fromhex(form.sha256), here.now)
    return forms.StateShown(estado=state)


@declaration.put(
    "/documento", Permission.DECLARATORIA_FIRMAR, status_code=202, openapi_extra=binary("application/pdf")
)
async def upload(here: HereNow, request: Request) -> forms.Notice:
    """Entregar la declaratoria firmada, en PDF; la cuenta queda activa cuando se valida."""
    request.state.body_limit = PDF_BYTES
    document = await request.body()
    await run_in_threadpool(_receive, here, document)
    return forms.Notice(mensaje="La declaratoria se recibió y espera validación.")


def _receive(here: Here, document: bytes) -> None:
    with here.database.writing() as db:
        here.services.accounts.administration.receive_pdf(db, here.who, document, here.now)


@credentials.get("/llaves", Permission.CREDENCIAL_CONSULTAR)
def listed(here: HereNow) -> list[forms.PasskeyShown]:
    """Las llaves de acceso propias."""
    with here.database.reading() as db:
        found = _credentials(here, db).passkeys(here.who.account)
    return [_shown(one) for one in found]


@credentials.post("/llaves/inicio", Permission.CREDENCIAL_PROPIA)
def options(here: HereNow) -> forms.Challenge:
    """Un reto para registrar una llave de acceso."""
    means, me = here.services.accounts.means, here.who.account
    challenge, name = means.random(passkeys.CHALLENGE_BYTES), means.new_token()
    with here.database.writing() as db:
        known = [one.id for one in _credentials(here, db).passkeys(me)]
        email = Accounts(db).get(me).correo
        Moments(db).open(name, _NEW, {"challenge": challenge.hex()}, means.moment(here.now), me)
    made = passkeys.registration_options(challenge, means.public_url, me, email, known)
    return forms.Challenge(reto=name, opciones=made)


@credentials.post("/llaves", Permission.CREDENCIAL_PROPIA, status_code=201)
def add(here: HereNow, form: forms.NewPasskeyForm) -> forms.PasskeyShown:
    """Registrar una llave de acceso."""
    means, me = here.services.accounts.means, here.who
    with here.database.writing() as db:
        moment = Moments(db).take(form.reto, _NEW, here.now, me.account)
    challenge = bytes.fromhex(moment["challenge"])
    new = passkeys.verify_registration(form.credencial, challenge, means.public_url)
    made = Passkey(new.id, me.account, new.public, new.count, form.nombre, here.now, None)
    with here.database.writing() as db:
        _credentials(here, db).add_passkey(made)
        means.tell(db, me.account, me.role, "credencial.llave-alta", me.account, here.now)
    return _shown(made)


@credentials.delete("/llaves/{llave}", Permission.CREDENCIAL_PROPIA, status_code=204)
def remove(here: HereNow, llave: str) -> None:
    """Quitar una llave de acceso propia."""
    me = here.who
    with here.database.writing() as db:
        _credentials(here, db).remove_passkey(me.account, passkeys.id_of({"rawId": llave}))
        means = here.services.accounts.means
        means.tell(db, me.account, me.role, "credencial.llave-baja", me.account, here.now)


@credentials.post("/respaldo", Permission.CREDENCIAL_PROPIA, status_code=201)
def recovery(here: HereNow) -> forms.RecoveryCodes:
    """Códigos de respaldo nuevos; los anteriores dejan de servir. Se muestran esta única vez."""
    means, me = here.services.accounts.means, here.who
    with here.database.writing() as db:
        codes = new_recovery_codes(means, _credentials(here, db), me.account)
        means.tell(db, me.account, me.role, "credencial.respaldo", me.account, here.now)
    return forms.RecoveryCodes(codigos=list(codes))


def _credentials(here: Here, db: Connection) -> Credentials:
    return Credentials(db, here.services.accounts.means.key)


def _shown(passkey: Passkey) -> forms.PasskeyShown:
    return forms.PasskeyShown(
        id=passkeys.text_of(passkey.id), nombre=passkey.name, alta=passkey.added, usada=passkey.used
    )
