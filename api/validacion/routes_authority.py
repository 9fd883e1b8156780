"""`/v1/consultas/{consulta}/autoridad`: what was sent to a person, for tribunals and prosecutors (SEI-12)."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection, select

from api.accounts.permissions import Permission
from api.entrada.routes import Consulta
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.preregistro.sent import About, Sent, sent_about
from api.processes.sight import hidden, tell
from api.validacion.forms_check import (
    BusquedaDeAutoridad,
    ClaveView,
    Encontrado,
    Enviado,
    PasoView,
    SolicitudDePersona,
)
from capture.preregistro.request import Request
from capture.preregistro.store_sql import Requests
from capture.preregistro.tables import preregistro_pasos, preregistros
from capture.validacion.ruling import data_of
from tally.claves.errors import UnknownPerson
from tally.claves.person import Person, normal
from tally.claves.store_sql import Personas
from tally.consulta.store_sql import Consultas

router = Guarded("/v1/consultas/{consulta}/autoridad", "autoridad")


@router.post("/busquedas", Permission.AUTORIDAD_ATENDER)
def search(here: HereNow, consulta: Consulta, form: BusquedaDeAutoridad) -> Encontrado:
    """Busca los mensajes remitidos a una persona y lo que se hizo con sus solicitudes, con su oficio.

    La búsqueda misma queda en la bitácora, con la huella de lo que se entregó.
    """
    with here.database.reading() as db:
        Consultas(db).get(consulta)
        person = _person(db, here, consulta, form)
        requests = _requests(db, here, consulta, form)
        answer = None if person is None and not requests else _answer(db, here, form, person, requests)
    given = b"" if answer is None else answer.model_dump_json().encode()
    with here.database.writing() as db:
        detail = {"consulta": consulta, "autoridad": form.autoridad, "expediente": form.expediente}
        digest = {"sha256": sha256(given).hexdigest(), "fundamento": form.fundamento}
        whom = person.id if person else requests[0].folio if requests else "ninguna"
        tell(db, here, "autoridad.busqueda", whom, form.oficio, {**detail, **digest})
    if answer is None:
        raise hidden()
    return answer


def _person(db: Connection, here: Here, consulta: str, form: BusquedaDeAutoridad) -> Person | None:
    try:
        return Personas(db, here.services.sei.keeper).by_elector(consulta, form.clave_elector, form.ocr)
    except UnknownPerson:
        return None


def _requests(db: Connection, here: Here, consulta: str, form: BusquedaDeAutoridad) -> list[Request]:
    """Those of the same clave de elector whose OCR is the one that was asked for."""
    chamber, c = here.services.chamber, preregistros.c
    blind = chamber.hmac(consulta, normal(form.clave_elector).encode())
    wanted = select(c.folio).where(c.consulta == consulta, c.persona == blind).order_by(c.creado)
    store = Requests(db, here.services.acts)
    found = [store.get(consulta, folio) for folio in db.execute(wanted).scalars()]
    return [one for one in found if normal(data_of(chamber, one).ocr) == normal(form.ocr)]


def _answer(
    db: Connection, here: Here, form: BusquedaDeAutoridad, person: Person | None, requests: list[Request]
) -> Encontrado:
    consulta = person.consulta if person else requests[0].consulta
    abouts = [About(consulta, folio=one.folio) for one in requests]
    abouts += [About(consulta, titular=person.id)] if person else []
    sent = {message.mensaje: message for about in abouts for message in sent_about(db, about)}
    return Encontrado(
        consulta=consulta,
        oficio=form.oficio,
        clave=None if person is None else _clave(db, here, person),
        solicitudes=[_history(db, one) for one in requests],
        mensajes=[_sent(one) for one in sorted(sent.values(), key=lambda one: one.puesto)],
    )


def _clave(db: Connection, here: Here, person: Person) -> ClaveView:
    try:
        kept = Personas(db, here.services.sei.keeper).kept(person.id)
    except UnknownPerson:
        return ClaveView(estado=person.estado.value, emitida=None, repuesta=None)
    return ClaveView(estado=person.estado.value, emitida=kept.issued, repuesta=kept.replaced)


def _history(db: Connection, request: Request) -> SolicitudDePersona:
    c = preregistro_pasos.c
    wanted = select(c.paso, c.a, c.quien, c.cuando, c.acto).where(c.folio == request.folio).order_by(c.id)
    return SolicitudDePersona(
        folio=request.folio,
        estado=request.estado.value,
        origen=request.origen,
        creado=request.creado,
        causa=request.causa,
        pasos=[
            PasoView(paso=r.paso, estado=r.a, quien=r.quien, cuando=r.cuando, acto=r.acto)
            for r in db.execute(wanted)
        ],
    )


def _sent(message: Sent) -> Enviado:
    return Enviado(
        tipo=message.tipo,
        canal=message.canal,
        destino=message.destino,
        estado=message.estado,
        falla=message.falla,
        puesto=message.puesto,
        entregado=message.entregado,
        mensaje_id=message.enviado_como,
    )
