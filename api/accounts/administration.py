"""What is done to accounts: alta by oficio, declaration, suspension, baja. Each is an act of the bitácora."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from api.accounts import staff
from api.accounts.declaration import IN_FORCE, require_in_force, require_pdf
from api.accounts.enrolment import Enrolment
from api.accounts.errors import AccountRefusal, ApplicationRefusal
from api.accounts.means import Means
from api.accounts.permissions import Actor, Role
from api.accounts.staff import Account, Application
from api.accounts.states import Event, State
from api.accounts.store_credentials import Credentials
from api.accounts.store_sessions import Sessions
from api.accounts.store_sql import Accounts, Declarations

SYSTEM = Actor("sistema", Role.DERFE_ADMIN)
"""Who acts from the command line of the machine itself."""
ENDS_SESSIONS = frozenset({Event.SUSPENSION, Event.BAJA})


class Administration:
    """Acts on staff accounts. Each method is one transaction's part."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def create(self, db: Connection, asked: Application, by: Actor, now: datetime) -> tuple[Account, str]:
        """The account and the address of its first link. Raises AccountRefusal."""
        checked = staff.checked(asked, self._means.settings.institutional_domains)
        if checked.opl is not None and not self._means.invitations.has_opl(db, checked.opl):
            raise ApplicationRefusal("cuenta.opl", "opl", "un OPL registrado", checked.opl)
        account = Accounts(db).add_staff(self._means.new_id(), checked, by.account, now)
        address = Enrolment(self._means).send_first(db, account, now)
        self._means.tell(db, by.account, by.role, "cuenta.alta", account.id, now, checked.oficio.numero)
        return account, address

    def create_first(self, db: Connection, asked: Application, now: datetime) -> tuple[Account, str]:
        """The first administrator. Raises AccountRefusal when there is one."""
        if Accounts(db).any_with(Role.DERFE_ADMIN):
            expected = "un servicio sin administración"
            raise AccountRefusal("cuenta.primera", "cuenta", expected, "una cuenta derfe_admin")
        return self.create(db, asked, SYSTEM, now)

    def send_link(self, db: Connection, account: str, by: Actor, now: datetime, reason: str) -> str:
        """Another first link: its owner lost the credentials. Those stop working now. Its address."""
        found = self._staff(db, account)
        if found.estado in {State.SUSPENDIDA, State.BAJA}:
            raise AccountRefusal("cuenta.estado", "enlace", "una cuenta que puede entrar", found.estado.value)
        Credentials(db, self._means.key).forget(account)
        Sessions(db).close_all(account)
        self._means.tell(db, by.account, by.role, "credencial.restablecimiento", account, now, reason)
        return Enrolment(self._means).send_first(db, found, now)

    def happen(
        self, db: Connection, account: str, event: Event, by: Actor, now: datetime, reason: str
    ) -> State:
        """Suspend, let back in, or give up an account. Raises AccountRefusal, UnknownAccount."""
        found = self._staff(db, account)
        if account == by.account:
            raise AccountRefusal("cuenta.propia", event.value, "la cuenta de otra persona", "la propia")
        following = Accounts(db).move(account, event)
        if event in ENDS_SESSIONS:
            Sessions(db).close_all(account)
        if event is Event.BAJA:
            Credentials(db, self._means.key).forget(account)
        self._means.tell(db, by.account, by.role, f"cuenta.{event.value}", found.id, now, reason)
        return following

    def revoke(self, db: Connection, account: str, by: Actor, now: datetime, reason: str) -> int:
        """Close all sessions of an account, of whatever kind; how many."""
        Accounts(db).get(account)
        closed = Sessions(db).close_all(account)
        self._means.tell(db, by.account, by.role, "sesion.revocacion", account, now, reason)
        return closed

    def _staff(self, db: Connection, account: str) -> Account:
        found = Accounts(db).get(account)
        if not found.institutional:
            expected = "una cuenta institucional"
            raise AccountRefusal("cuenta.tipo", "cuenta", expected, "la de quien entra con un proveedor")
        return found

    def sign(self, db: Connection, by: Actor, version: str, sha256: bytes, now: datetime) -> State:
        """Accept the declaration; that a second factor was just given is for the caller to see to."""
        require_in_force(version, sha256)
        Declarations(db).accept(by.account, IN_FORCE, now)
        following = Accounts(db).move(by.account, Event.DECLARATORIA)
        self._means.tell(db, by.account, by.role, "declaratoria.firma", by.account, now, version)
        return following

    def receive_pdf(self, db: Connection, by: Actor, document: bytes, now: datetime) -> None:
        """Keep the signed document until somebody validates it."""
        require_pdf(document)
        sealed = self._means.key.seal(_place(by.account), document)
        Declarations(db).receive(by.account, IN_FORCE, document, sealed, now)
        self._means.tell(db, by.account, by.role, "declaratoria.recepcion", by.account, now, IN_FORCE.version)

    def read_pdf(self, db: Connection, account: str, by: Actor, now: datetime) -> bytes:
        """The signed document, for whoever validates it."""
        _, sealed = Declarations(db).waiting(account)
        self._means.tell(db, by.account, by.role, "declaratoria.consulta", account, now)
        return self._means.key.open(_place(account), sealed)

    def validate_pdf(self, db: Connection, account: str, by: Actor, now: datetime) -> State:
        """Somebody else looked at the document: the account is active."""
        if account == by.account:
            raise AccountRefusal("cuenta.propia", "declaratoria", "la cuenta de otra persona", "la propia")
        declaration, _ = Declarations(db).waiting(account)
        Declarations(db).validate(declaration, by.account, now)
        following = Accounts(db).move(account, Event.DECLARATORIA)
        self._means.tell(db, by.account, by.role, "declaratoria.validacion", account, now)
        return following


def _place(account: str) -> str:
    return f"declaratorias/{account}"
