"""What stands behind the ports of pre-registro: the consultation, the credential authority, the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from api.entrada.authority import Authority
from api.entrada.settings import SeiSettings
from api.messages import preregistro as letters
from api.messages.preregistro import Told
from api.outbox.message import Message
from api.outbox.outbox import Outbox
from api.padron.settings import PadronSettings, read_key
from api.preregistro.sent import About, keep
from api.processes.sight import uuid7
from api.reading.opening import OpenReading
from capture.face.challenge import Turn
from capture.padron.ports import Pregunta
from capture.padron.situacion import Situacion
from capture.padron.store_sql import SqlPadron, current
from capture.preregistro.eligibility import Ineligible, Unit
from capture.preregistro.errors import PreregistroRefusal
from capture.preregistro.ports import Applicant, Issue, Terms
from capture.preregistro.tables import preregistro_ajustes
from capture.preregistro.verdict import Biometrics
from capture.validacion.causes import require_cause
from ledger.database import Database
from tally.claves.errors import ClaveRefusal
from tally.claves.person import Person, PersonData
from tally.claves.ports import Keeper
from tally.claves.states import State
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consulta, Consultas


def terms_of(connection: Connection, consulta: Consulta, settings: SeiSettings) -> Terms:
    """What counts in a consultation."""
    jornada = consulta.cronograma[Fase.MESAS].inicio.date()
    corte, cierre = cut_off(connection, consulta), consulta.cronograma[Fase.PREREGISTRO].fin
    return Terms(consulta.id, consulta.intentos, settings.entidad, jornada, corte, cierre)


def cut_off(connection: Connection, consulta: Consulta) -> date:
    """The cut-off date of the lista nominal: the one that was set, or 28 February of the year (7.2)."""
    c = preregistro_ajustes.c
    found = connection.execute(select(c.corte).where(c.consulta == consulta.id)).scalar()
    return found or date(consulta.anio, 2, 28)


class Sections:
    """See `capture.preregistro.ports.Territory`."""

    def units(self, connection: Connection, consulta: str, seccion: str) -> Sequence[Unit]:
        """See `Territory`."""
        found = Consultas(connection).of_seccion(consulta, seccion)
        return [Unit(u.unidad.clave, u.unidad.nombre, u.unidad.demarcacion) for u in found]


@dataclass(frozen=True, slots=True)
class ConfinedEngines:
    """See `capture.preregistro.ports.Engines`."""

    reading: OpenReading

    def read(self, files: Mapping[str, bytes], model: str, turns: tuple[Turn, ...]) -> Biometrics:
        """See `Engines`."""
        return self.reading.biometrics(files, model, turns)


@dataclass(frozen=True, slots=True)
class LoadedLista:
    """See `capture.preregistro.ports.ListaNominal`: the padrón that was loaded here."""

    database: Database
    padron: Callable[[Connection], SqlPadron]

    def consulta(self, pregunta: Pregunta) -> tuple[Situacion, date]:
        """See `ListaNominal`."""
        with self.database.reading() as db:
            return self.padron(db).consulta(pregunta)

    def corte(self) -> date | None:
        """See `ListaNominal`."""
        with self.database.reading() as db:
            found = current(db)
        return None if found is None else found.fecha


def open_lista(database: Database, settings: PadronSettings) -> Callable[[], LoadedLista | None]:
    """The lista nominal, where its key is set."""

    def opened() -> LoadedLista | None:
        if settings.key_file is None:
            return None
        key = read_key(settings.key_file)
        return LoadedLista(database, lambda db: SqlPadron(db, key))

    return opened


@dataclass(frozen=True, slots=True)
class ClaveIssuer:
    """See `capture.preregistro.ports.Issuer`."""

    database: Database
    authority: Authority
    keeper: Keeper
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]

    def prepare(self, applicant: Applicant) -> Issue:
        """See `Issuer`."""
        given, identifier = applicant.data, uuid7(self.clock(), self.random)
        person = Person(identifier, applicant.consulta, given.seccion, State.REGISTRADA)
        data = PersonData(given.clave_elector, given.ocr, given.full_name, given.telefono, given.correo)
        with self.database.reading() as db:
            uuids = self.authority.urns_of(db, person)
        prepared = self.authority.prepare(person, data, uuids)

        def issue(connection: Connection, now: datetime) -> str:
            try:
                Personas(connection, self.keeper).add(person.id, person.consulta, person.seccion, data, now)
            except ClaveRefusal:
                expected = "una persona sin Clave en la consulta"
                raise PreregistroRefusal("preregistro.duplicada", "solicitud", expected, "otra") from None
            sent = self.authority.deliver(connection, prepared, now, applicant.folio)
            for message in (sent.mail, sent.notice):
                keep(connection, message, About(person.consulta, applicant.folio, person.id), now)
            return person.id

        return issue


@dataclass(frozen=True, slots=True)
class OutboxNotices:
    """See `capture.preregistro.ports.Notices`."""

    outbox: Outbox
    settings: SeiSettings
    contact: str
    clock: Callable[[], datetime]

    def told(self, connection: Connection, consulta: str) -> Told:
        """What messages say of a consultation."""
        found = Consultas(connection).get(consulta)
        mesas, corte = found.cronograma[Fase.MESAS], cut_off(connection, found)
        return Told(found.nombre, corte, mesas.inicio, mesas.fin, self.settings.cat, self.contact)

    def put(self, connection: Connection, message: Message, about: About) -> str:
        """A message about somebody."""
        identifier = self.outbox.put(connection, message)
        keep(connection, identifier, about, self.clock())
        return identifier

    def in_validation(self, connection: Connection, applicant: Applicant) -> None:
        """See `Notices`."""
        told = self.told(connection, applicant.consulta)
        self._put(connection, letters.in_validation(applicant.data.correo, applicant.folio, told), applicant)

    def not_eligible(self, connection: Connection, applicant: Applicant, why: Ineligible) -> None:
        """See `Notices`."""
        told = self.told(connection, applicant.consulta)
        letter = letters.not_eligible(applicant.data.correo, applicant.folio, why, told)
        self._put(connection, letter, applicant)

    def rejected(self, connection: Connection, applicant: Applicant, causa: int) -> None:
        """See `Notices`."""
        told, cause = self.told(connection, applicant.consulta), require_cause(causa)
        letter = letters.rejected(applicant.data.correo, applicant.folio, cause, told)
        self._put(connection, letter, applicant)

    def _put(self, connection: Connection, message: Message, applicant: Applicant) -> None:
        self.put(connection, message, About(applicant.consulta, applicant.folio))
