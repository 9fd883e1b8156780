"""`/v1/consultas/{consulta}/cat` and `/claves`: what the CAT and the DEOEyG do for a person (SEI-09, SEI-11,
SEI-15). Each is an act of the bitácora; a person is named there by an identifier that says nothing."""

from __future__ import annotations

from api.accounts.permissions import Permission
from api.entrada.forms import Deshabilitacion, Hecho, Identificada
from api.entrada.routes import Consulta
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.refusals import declare
from api.preregistro.sent import About, keep
from api.processes.sight import tell
from tally.claves.errors import UnknownPerson
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas
from tally.entrada.sessions_sql import VoterSessions
from tally.entrada.tokens_sql import Tokens

desk = Guarded("/v1/consultas/{consulta}", "claves")
declare(UnknownPerson, "no-encontrado")


@desk.post("/cat/desbloqueos", Permission.ENTRADA_DESBLOQUEAR)
def unblock(here: HereNow, consulta: Consulta, form: Identificada) -> Hecho:
    """Desbloquea a quien solicitó el token de más, si ningún token se ha utilizado.

    A cualquier hora de la opinión: en ese periodo el CAT opera durante las 24 horas.
    """
    with here.database.writing() as db:
        Consultas(db).get(consulta).cronograma.require(Fase.OPINION, here.now)
        people = Personas(db, here.services.sei.keeper)
        person = people.by_elector(consulta, form.clave_elector, form.ocr)
        Tokens(db).unblock(person.id)
        detail = {"consulta": consulta, "verificacion": form.verificacion}
        tell(db, here, "token.desbloqueo", person.id, detail=detail)
    return Hecho(persona=person.id)


@desk.post("/cat/reposiciones", Permission.CLAVE_REPONER)
def replace(here: HereNow, consulta: Consulta, form: Identificada) -> Hecho:
    """Repone una Clave extraviada, por única ocasión; la nueva va por correo electrónico."""
    authority = here.services.sei.authority
    with here.database.reading() as db:
        Consultas(db).get(consulta).cronograma.require(Fase.REPOSICION, here.now)
        people = Personas(db, here.services.sei.keeper)
        person = people.by_elector(consulta, form.clave_elector, form.ocr)
        make = authority.prepare_replacement(db, person)
    prepared = make()
    with here.database.writing() as db:
        sent = authority.deliver(db, prepared, here.now)
        for message in (sent.mail, sent.notice):
            keep(db, message, About(consulta, titular=person.id), here.now)
        detail = {"consulta": consulta, "verificacion": form.verificacion}
        tell(db, here, "clave.reposicion", person.id, detail=detail)
    return Hecho(persona=person.id)


@desk.post("/claves/deshabilitaciones", Permission.CLAVE_DESHABILITAR)
def disable(here: HereNow, consulta: Consulta, form: Deshabilitacion) -> Hecho:
    """Deshabilita una Clave; la persona conserva su derecho a opinar en la Mesa."""
    with here.database.writing() as db:
        Consultas(db).get(consulta)
        people = Personas(db, here.services.sei.keeper)
        person = people.by_elector(consulta, form.clave_elector, form.ocr)
        people.disabled(person, form.motivo, here.now)
        VoterSessions(db).close_all(person.id)
        detail = {"consulta": consulta}
        tell(db, here, "clave.deshabilitacion", person.id, form.motivo, detail=detail)
    return Hecho(persona=person.id)
