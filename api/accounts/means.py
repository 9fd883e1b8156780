"""What every use case of accounts works with, and how a session is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from api.accounts.permissions import Role
from api.accounts.ports import Invitations, Post, Told, Witness
from api.accounts.service_key import ServiceKey
from api.accounts.session import (
    AGENT_CHARACTERS,
    TOKEN_BYTES,
    Grant,
    Session,
    token_hash,
    token_text,
)
from api.accounts.settings import AccountsSettings
from api.accounts.staff import Account
from api.accounts.states import State
from api.accounts.store_sessions import Sessions
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Visitor:
    """From where somebody tries to enter: address, the name of the program, and how the token will travel."""

    address: str
    agent: str
    medium: str
    """`cookie` or `portador`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its token, which is shown this once."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True)
class Means:
    """`random` gives that many bytes of a cryptographic generator; `public_url` has no final slash."""

    database: Database
    key: ServiceKey
    settings: AccountsSettings
    witness: Witness
    post: Post
    invitations: Invitations
    random: Callable[[int], bytes]
    public_url: str

    def new_id(self) -> str:
        """A random UUID."""
        return str(UUID(bytes=self.random(16), version=4))

    def new_token(self) -> str:
        """256 random bits as text."""
        return token_text(self.random(TOKEN_BYTES))

    def moment(self, now: datetime) -> datetime:
        """Until when something is open for a moment."""
        return now + timedelta(minutes=self.settings.moment_minutes)

    def tell(
        self, db: Connection, who: str, role: Role, kind: str, target: str, now: datetime, reason: str = ""
    ) -> None:
        """Write an act down."""
        self.witness.tell(db, Told(who, role.value, kind, target, now, reason))

    def open_session(
        self,
        db: Connection,
        account: str,
        grant: Grant,
        visitor: Visitor,
        now: datetime,
        verified: datetime | None = None,
    ) -> Opened:
        """A new session: whatever token the browser had before is not used."""
        session = Session(
            id=self.new_id(),
            cuenta=account,
            grant=grant,
            creada=now,
            vista=now,
            vence=now + self.settings.lifetimes.total(grant.role),
            medio=visitor.medium,
            agente=_plain(visitor.agent),
            verificada=verified,
        )
        token = self.new_token()
        Sessions(db).add(session, token_hash(token))
        return Opened(session, token)

    def renew_session(
        self, db: Connection, session: Session, grant: Grant, verified: datetime | None, now: datetime
    ) -> Opened:
        """The same session with another token, because it may now do something else."""
        token = self.new_token()
        Sessions(db).renew(session.id, token_hash(token), grant, verified, now)
        return Opened(session, token)


def staff_grant(account: Account) -> Grant:
    """What staff acts as: while the declaration is not signed, `pendiente`."""
    if account.rol is None:
        raise TypeError("the account is not of staff")
    pending = account.estado is State.DECLARACION_PENDIENTE
    return Grant(Role.PENDIENTE if pending else account.rol, account.opl)


def _plain(agent: str) -> str:
    return "".join(c for c in agent if c.isprintable())[:AGENT_CHARACTERS]
