"""`/v1/consultas/{consulta}/entradas` and `/sesion`: three data, a token, a session (SEI-13 to SEI-16).

Secrets travel in bodies and headers, never in addresses.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path
from sqlalchemy import Connection

from api.accounts.permissions import Permission
from api.entrada import texts
from api.entrada.forms import (
    Boleta,
    ConToken,
    Credencial,
    Datos,
    Entrada,
    Reposicion,
    Salida,
    Secret,
    Sesion,
)
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.rates import Rate
from api.http.refusals import declare
from keys.clave import EntryRefusal
from tally.consulta.store_sql import Consultas, StoredUnidad
from tally.entrada.entering import Entered, Given, Opened
from tally.entrada.errors import NoSession, TokenBlocked
from tally.entrada.sessions_sql import VoterSessions

entrance = Guarded("/v1/consultas/{consulta}", "entrada")
Consulta = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]{1,64}$")]
VoterSession = Annotated[Secret, Header(alias="X-Sesion-Opinion")]
declare(NoSession, "sin-sesion")


@entrance.post("/entradas", Permission.ENTRADA_INICIAR, rate=Rate.ENTRIES, status_code=201)
def enter(here: HereNow, consulta: Consulta, datos: Datos) -> Entrada:
    """Clave de elector, OCR y Clave: si son correctos, llega un token por SMS."""
    given = Given(datos.clave_elector, datos.ocr, bytes.fromhex(datos.auth))
    try:
        return _entered(here.services.sei.entering.enter(consulta, given, here.address))
    except EntryRefusal:
        raise Problem("datos-no-validos", texts.WRONG_DATA, codigo="entrada.datos") from None
    except TokenBlocked as refusal:
        raise blocked(here, refusal) from None


@entrance.post("/entradas/token", Permission.ENTRADA_INICIAR, rate=Rate.ENTRIES)
def again(here: HereNow, consulta: Consulta, form: Reposicion) -> Entrada:
    """Reposición del token: hasta dos solicitudes adicionales; una tercera bloquea."""
    try:
        return _entered(here.services.sei.entering.again(consulta, form.entrada))
    except TokenBlocked as refusal:
        raise blocked(here, refusal) from None


@entrance.post("/entradas/sesion", Permission.ENTRADA_INICIAR, rate=Rate.ENTRIES, status_code=201)
def begin(here: HereNow, consulta: Consulta, form: ConToken) -> Sesion:
    """Con el token se abre una sesión de a lo más 15 minutos, con las boletas de la sección."""
    try:
        opened = here.services.sei.entering.open(consulta, form.entrada, form.token)
    except TokenBlocked as refusal:
        raise blocked(here, refusal) from None
    with here.database.reading() as db:
        return _session(db, here, consulta, opened)


@entrance.post("/sesion/salida", Permission.OPINION_EMITIR)
def leave(here: HereNow, consulta: Consulta, x_sesion_opinion: VoterSession) -> Salida:
    """«Salir del Sistema»."""
    with here.database.writing() as db:
        notice = VoterSessions(db).close(consulta, x_sesion_opinion)
        if notice is not None:
            here.services.outbox.hasten(db, notice)
    left = texts.LEFT if notice is None else texts.LEFT_AFTER_OPINION
    return Salida(mensaje=left, pagina=here.services.settings.sei.page)


def blocked(here: Here, refusal: TokenBlocked) -> Problem:
    """What is said to whoever must call the CAT."""
    detail = texts.BLOCKED.format(cat=here.services.settings.sei.cat)
    return Problem("sin-permiso", detail, codigo=refusal.rule)


def _entered(entered: Entered) -> Entrada:
    return Entrada(
        entrada=entered.secret,
        telefono=entered.telefono,
        token_vence=entered.token_until,
        vence=entered.until,
    )


def _session(db: Connection, here: Here, consulta: str, opened: Opened) -> Sesion:
    store = Consultas(db)
    anio = store.get(consulta).anio
    wrapped = opened.wrapped
    return Sesion(
        sesion=opened.secret,
        vence=opened.voter.ends,
        credencial=Credencial(nonce=wrapped.nonce.hex(), sellada=wrapped.sealed.hex()),
        boletas=[_ballot(db, here, consulta, anio, u) for u in store.of_seccion(consulta, opened.seccion)],
    )


def _ballot(db: Connection, here: Here, consulta: str, anio: int, stored: StoredUnidad) -> Boleta:
    unidad = stored.unidad
    election = None
    if unidad.proyectos:
        election = here.services.sei.booths.of(db, consulta, stored.uuid).election.data.decode()
    return Boleta(
        clave=unidad.clave,
        nombre=unidad.nombre,
        demarcacion=unidad.demarcacion,
        proyectos=list(unidad.proyectos),
        leyenda=None if unidad.proyectos else texts.empty_urn(anio),
        uuid=stored.uuid if unidad.proyectos else None,
        eleccion=election,
    )
