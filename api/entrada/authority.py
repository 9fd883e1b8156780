"""The credential authority of the service: issues Claves and replaces lost ones (SEI-07, SEI-09).

Slow work is done first and outside of any transaction; then one transaction keeps it and leaves the messages,
so that there is no Clave without its message and no message without its Clave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from sqlalchemy import Connection

from api.accounts.errors import SettingsRefusal
from api.entrada.settings import SeiSettings
from api.messages.sei import Process, clave_letter, clave_notice
from api.outbox.outbox import Outbox
from keys import atomic_file
from keys.group import Group
from keys.randomness import SystemRandomness
from tally.claves.errors import ClaveRefusal
from tally.claves.issuing import Issued, Replaced, issue, replace
from tally.claves.person import Person, PersonData
from tally.claves.ports import Keeper
from tally.claves.states import Event, after
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.store_sql import Consultas
from tally.entrada.sessions_sql import VoterSessions


@dataclass(frozen=True, slots=True)
class Prepared:
    """A Clave that nobody has yet, and to whom it goes."""

    person: Person
    data: PersonData
    made: Issued | Replaced


@dataclass(frozen=True, slots=True)
class Delivered:
    """Identifiers of the messages of a Clave: the e-mail that has it, and the SMS that says so."""

    mail: str
    notice: str


class Authority:
    """Makes Claves. `identity` is None in a service that issues and never replaces."""

    def __init__(
        self,
        group: Group,
        keeper: Keeper,
        outbox: Outbox,
        settings: SeiSettings,
        recipient: str,
        identity: Callable[[], pyrage.x25519.Identity] | None,
        contact: str,
    ) -> None:
        self._group = group
        self._keeper = keeper
        self._outbox = outbox
        self._settings = settings
        self._recipient = recipient
        self._identity = identity
        self._contact = contact

    def urns_of(self, connection: Connection, person: Person) -> list[str]:
        """uuids of the urns that the person may use one of (SEI-16)."""
        found = Consultas(connection).of_seccion(person.consulta, person.seccion)
        return [one.uuid for one in found if one.unidad.proyectos]

    def prepare(self, person: Person, data: PersonData, uuids: Sequence[str]) -> Prepared:
        """A first Clave. Slow: not for within a transaction."""
        after(person.estado, Event.EMISION)
        randomness, whom = SystemRandomness(), data.clave_elector
        made = issue(self._group, person.consulta, whom, uuids, self._recipient, randomness)
        return Prepared(person, data, made)

    def prepare_replacement(self, connection: Connection, person: Person) -> Callable[[], Prepared]:
        """Reads what is needed, and gives what makes the new Clave: slow, for after the transaction. Raises
        ClaveRefusal."""
        after(person.estado, Event.REPOSICION)
        people = Personas(connection, self._keeper)
        data, kept = people.data(person.id), people.kept(person.id)
        if kept.replaced is not None:
            expected = "una reposición, por única ocasión"
            raise ClaveRefusal("clave.reposicion", "reposición", expected, "ya se repuso")
        if self._identity is None:
            expected = "un servicio con la llave de la autoridad de credenciales"
            raise ClaveRefusal("clave.autoridad", "reposición", expected, "uno sin ella")
        identity, sealed = self._identity, kept.for_authority

        def make() -> Prepared:
            made = replace(person.consulta, data.clave_elector, sealed, identity(), SystemRandomness())
            return Prepared(person, data, made)

        return make

    def deliver(
        self, connection: Connection, prepared: Prepared, now: datetime, folio: str | None = None
    ) -> Delivered:
        """Keep a Clave and put its messages, in one transaction. Raises ClaveRefusal.

        With a new Clave whatever was opened with the one before is over. `folio`: of the pre-registro.
        """
        people, person, made = Personas(connection, self._keeper), prepared.person, prepared.made
        replaced = isinstance(made, Replaced)
        if isinstance(made, Replaced):
            people.replaced(person, made, now)
            VoterSessions(connection).close_all(person.id)
        else:
            people.issued(person, made, now)
        process = self._process(connection, person.consulta)
        to, phone = prepared.data.correo, prepared.data.telefono
        letter = clave_letter(to, made.clave, process, replaced=replaced, contact=self._contact, folio=folio)
        mail = self._outbox.put(connection, letter)
        notice = self._outbox.put(connection, clave_notice(phone, process, replaced=replaced))
        return Delivered(mail, notice)

    def _process(self, connection: Connection, consulta: str) -> Process:
        found = Consultas(connection).get(consulta)
        opinion = found.cronograma[Fase.OPINION]
        return Process(found.nombre, opinion.inicio, opinion.fin, self._settings.cat)


def recipient_of(given: SeiSettings, file: Path, *, production: bool) -> str:
    """Whom credentials are sealed to. Raises SettingsRefusal in production without a key."""
    if given.authority_recipient:
        pyrage.x25519.Recipient.from_str(given.authority_recipient)
        return given.authority_recipient
    if not file.exists():
        if production:
            expected = "la llave de la autoridad de credenciales"
            raise SettingsRefusal("sei.autoridad", str(file), expected, "ningún archivo")
        make_identity(file)
    return str(read_identity(file).to_public())


def make_identity(file: Path) -> None:
    """A new age identity that only its owner may read. Raises FileExistsError."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    atomic_file.create(file, f"{pyrage.x25519.Identity.generate()}\n".encode(), atomic_file.PRIVATE)


def read_identity(file: Path) -> pyrage.x25519.Identity:
    """The identity in a file, whose comments are passed over. Raises SettingsRefusal, without quoting it."""
    lines = file.read_text("ascii", errors="replace").splitlines()
    secrets = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    try:
        (secret,) = secrets
        return pyrage.x25519.Identity.from_str(secret)
    except (ValueError, pyrage.IdentityError):
        raise SettingsRefusal("sei.autoridad", str(file), "una identidad de age", "otra cosa") from None
