"""What the worker looks for: packets to read, invitations to send, e-mails that did not arrive."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from api.messages.preregistro import INVITATION, invited, undelivered_sms, uninvited_sms
from api.preregistro import sent
from api.preregistro.adapters import (
    ClaveIssuer,
    ConfinedEngines,
    OutboxNotices,
    Sections,
    open_lista,
    terms_of,
)
from api.preregistro.sent import About, Lost
from api.worker.loops import Loop
from api.worker.services import WorkerServices
from capture.preregistro.folio import SECRET_BYTES
from capture.preregistro.forgetting import Forgetting
from capture.preregistro.form import RequestData
from capture.preregistro.invitations_sql import Invitation, Invitations
from capture.preregistro.processing import Processing
from capture.preregistro.store_sql import Requests
from capture.preregistro.tools import Tools
from capture.processing.bodies import BlobBodies
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consulta, Consultas

_BATCH = 50
"""Invitations of one transaction."""


def preregistro_loops(services: WorkerServices) -> list[Loop]:
    """Packets and invitations of consultations whose phase it is; e-mails that came back and requests that
    nobody finished, always."""
    seconds = services.settings.sei.preregistro_seconds
    return [
        Loop("preregistros", lambda: process(services), seconds),
        Loop("invitaciones", lambda: invite(services), seconds),
        Loop("correos-sei", lambda: tell_lost(services), seconds),
        Loop("preregistros-abandonados", lambda: forget(services), services.settings.worker.tidy_seconds),
    ]


def process(services: WorkerServices) -> int:
    """Everything that waits and needs no person; how many steps were done.

    After the phase of validation nobody gets a Clave any more: the urns' credentials are those of its end.
    """
    done = 0
    for consulta in _open(services, Fase.VALIDACION):
        with services.database.reading() as db:
            terms = terms_of(db, consulta, services.settings.sei)
        done += Processing(tools_of(services), terms).run()
    return done


def tools_of(services: WorkerServices) -> Tools:
    """What the job works with."""
    database, random, hands = services.database, services.random, services.sei()
    return Tools(
        database=database,
        bodies=BlobBodies(services.blobs),
        vault=services.chamber,
        engines=ConfinedEngines(services.reading),
        lista=open_lista(database, services.settings.padron),
        territory=Sections(),
        issuer=ClaveIssuer(database, hands.authority, hands.keeper, services.clock, random),
        notices=notices_of(services),
        acts=services.acts,
        clock=services.clock,
        random=random,
    )


def notices_of(services: WorkerServices) -> OutboxNotices:
    """Who writes to people."""
    contact = f"{services.settings.http.public_url}/atencion"
    return OutboxNotices(services.outbox, services.settings.sei, contact, services.clock)


def invite(services: WorkerServices) -> int:
    """Put the e-mails of invitations that wait; how many."""
    done = 0
    for consulta in _open(services, Fase.INVITACION):
        while made := _Inviting(services, consulta).batch():
            done += made
    return done


@dataclass(frozen=True, slots=True)
class _Inviting:
    services: WorkerServices
    consulta: Consulta

    def batch(self) -> int:
        services = self.services
        with services.database.writing() as db:
            store = Invitations(db, self.consulta.id)
            return sum(self._put(db, store, one) for one in store.to_send(_BATCH))

    def _put(self, db: Connection, store: Invitations, one: Invitation) -> bool:
        services, notices = self.services, notices_of(self.services)
        secret = urlsafe_b64encode(services.random(SECRET_BYTES)).decode().rstrip("=")
        if not store.sent(one.id, secret, services.clock()):
            return False
        to = Personas(db, services.sei().keeper).data(one.titular).correo
        # What follows «#» stays in the browser: no server and no proxy sees it.
        place = f"{services.settings.http.public_url}/confirmar/{one.consulta}"
        until = self.consulta.cronograma[Fase.PREREGISTRO].fin
        letter = invited(to, f"{place}#{one.id}.{secret}", until, notices.told(db, one.consulta))
        notices.put(db, letter, About(one.consulta, titular=one.titular))
        return True


def forget(services: WorkerServices) -> int:
    """Delete what requests that nobody finished have of a person; how many ended."""
    after = timedelta(hours=services.settings.sei.abandoned_hours)
    before = services.clock() - after
    with services.database.reading() as db:
        over = [one.id for one in Consultas(db).all() if one.cronograma[Fase.VALIDACION].fin <= before]
    return Forgetting(services.database, services.blobs, services.acts, services.clock, after).run(over)


def tell_lost(services: WorkerServices) -> int:
    """An SMS to each person whose e-mail did not arrive (7.3.2); how many."""
    with services.database.reading() as db:
        found = sent.lost(db)
    return sum(_tell_lost(services, one) for one in found)


def _tell_lost(services: WorkerServices, one: Lost) -> bool:
    notices = notices_of(services)
    with services.database.writing() as db:
        phone = _phone(db, services, one.about)
        told = notices.told(db, one.about.consulta)
        invited_once = one.tipo == INVITATION
        message = (
            uninvited_sms(phone, told) if invited_once else undelivered_sms(phone, one.about.folio, told)
        )
        notice = services.outbox.put(db, message)
        if not sent.told(db, one.mensaje, notice):
            db.rollback()
            return False
    return True


def _phone(db: Connection, services: WorkerServices, about: About) -> str:
    if about.titular is not None:
        return Personas(db, services.sei().keeper).data(about.titular).telefono
    request = Requests(db, services.acts).get(about.consulta, about.folio or "")
    return RequestData.decode(services.chamber.open(about.consulta, request.datos or b"")).telefono


def _open(services: WorkerServices, fase: Fase) -> list[Consulta]:
    now = services.clock()
    with services.database.reading() as db:
        return [one for one in Consultas(db).all() if one.cronograma.open(fase, now)]
