"""From a one-time link to credentials: the first ones of an account, or a password that was forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from api.accounts import messages, one_time_codes, password
from api.accounts.attempts import OF_AN_ACCOUNT, OF_AN_ADDRESS
from api.accounts.errors import AccountRefusal, not_let_in
from api.accounts.means import Means, Opened, Visitor, staff_grant
from api.accounts.permissions import Role
from api.accounts.session import token_hash
from api.accounts.staff import Account, normal_email
from api.accounts.staff_sign_in import StaffSignIn
from api.accounts.states import CAN_SIGN_IN, Event, State
from api.accounts.store_credentials import Credentials, Link
from api.accounts.store_sessions import Attempts, Sessions
from api.accounts.store_sql import Accounts

FIRST, FORGOTTEN = "alta", "restablecer"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page of a link shows. `secret` and `uri` are for the app of codes, when a new one is set."""

    purpose: str
    email: str
    expires: datetime
    secret: str | None
    uri: str | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The new session, and the recovery codes, which are shown this once."""

    opened: Opened
    recovery: tuple[str, ...]


class Enrolment:
    """Links and what they set."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def send_first(self, db: Connection, account: Account, now: datetime) -> str:
        """Make the link of a new account, or of one whose owner lost everything; its address."""
        hours = timedelta(hours=self._means.settings.link_hours)
        token, expires = self._make(db, account, FIRST, now + hours)
        address = messages.link_address(self._means.public_url, token)
        letter = messages.first_link(account.nombre, address, expires)
        self._means.post.send(db, "cuenta-alta", account.correo, letter.subject, letter.body, now)
        return address

    def forgot(self, email: str, address: str, now: datetime) -> Callable[[], None]:
        """Count the request, and give what to do once it is answered: to send a link if there is an account.

        So nobody is told whether there is one, not even by how long the answer takes. Raises TooSoon.
        """
        means = self._means
        try:
            normal = normal_email(email)
        except AccountRefusal:
            normal = "-"
        with means.database.writing() as db:
            Attempts(db).admit(means.key.blind("direccion", address), OF_AN_ADDRESS, now)
            Attempts(db).admit(means.key.blind("olvido", normal), OF_AN_ACCOUNT, now)
        return partial(self._send_if_known, normal, now)

    def _send_if_known(self, email: str, now: datetime) -> None:
        with self._means.database.writing() as db:
            account = Accounts(db).staff_with(email)
            if account is None or account.estado not in CAN_SIGN_IN:
                return
            # Whoever has no code to confirm it with waits for a first link, which this one would replace.
            if Credentials(db, self._means.key).totp(account.id) is not None:
                self._send_forgotten(db, account, now)

    def _send_forgotten(self, db: Connection, account: Account, now: datetime) -> None:
        minutes = timedelta(minutes=self._means.settings.forgotten_minutes)
        token, expires = self._make(db, account, FORGOTTEN, now + minutes)
        address = messages.link_address(self._means.public_url, token)
        letter = messages.forgotten(account.nombre, address, expires)
        self._means.post.send(db, "cuenta-olvido", account.correo, letter.subject, letter.body, now)

    def _make(
        self, db: Connection, account: Account, purpose: str, expires: datetime
    ) -> tuple[str, datetime]:
        token = self._means.new_token()
        secret = self._means.random(one_time_codes.SECRET_BYTES)
        link = Link(token_hash(token), account.id, purpose, secret, expires)
        Credentials(db, self._means.key).set_link(link)
        return token, expires

    def look(self, token: str, now: datetime) -> Offer:
        """What a link offers; looking does not use it up. Raises SignInRefusal."""
        with self._means.database.reading() as db:
            link, account = self._open_link(db, token, now)
        if link.purpose == FORGOTTEN:
            return Offer(link.purpose, account.correo, link.expires, None, None)
        secret = one_time_codes.spoken_secret(link.secret)
        uri = one_time_codes.uri(link.secret, account.correo)
        return Offer(link.purpose, account.correo, link.expires, secret, uri)

    def _open_link(self, db: Connection, token: str, now: datetime) -> tuple[Link, Account]:
        link = Credentials(db, self._means.key).link(token_hash(token), now)
        account = Accounts(db).get(link.account)
        if account.estado not in CAN_SIGN_IN | {State.CREADA}:
            raise not_let_in()
        return link, account

    def complete(self, token: str, new_password: str, code: str, visitor: Visitor, now: datetime) -> Enrolled:
        """Set what the link is for, close all sessions, open one. Raises SignInRefusal, CredentialRefusal."""
        means = self._means
        with means.database.reading() as db:
            link, account = self._open_link(db, token, now)
        password.require_good(new_password, account.correo)
        step = self._confirmed(link, account, code, now)
        hashed = password.hashed(new_password, means.random(SALT_BYTES))
        with means.database.writing() as db:
            Credentials(db, means.key).take_link(link.hash)
            recovery = self._set(db, link, step, hashed, now)
            return Enrolled(self._enter(db, account, visitor, now), recovery)

    def _confirmed(self, link: Link, account: Account, code: str, now: datetime) -> int:
        if link.purpose == FORGOTTEN:
            StaffSignIn(self._means).confirm(account, code, now)
            return 0
        with self._means.database.writing() as db:
            Attempts(db).admit(self._means.key.blind("enlace", account.id), OF_AN_ACCOUNT, now)
        return one_time_codes.verify(link.secret, code, now, last_step=0)

    def _set(self, db: Connection, link: Link, step: int, hashed: str, now: datetime) -> tuple[str, ...]:
        credentials = Credentials(db, self._means.key)
        if link.purpose == FORGOTTEN:
            credentials.set_password(link.account, hashed, now)
            return ()
        credentials.forget(link.account)
        credentials.set_password(link.account, hashed, now)
        credentials.set_totp(link.account, link.secret, step)
        return new_recovery_codes(self._means, credentials, link.account)

    def _enter(self, db: Connection, account: Account, visitor: Visitor, now: datetime) -> Opened:
        Accounts(db).move(account.id, Event.CREDENCIAL)
        Sessions(db).close_all(account.id)
        Attempts(db).succeeded(self._means.key.blind("enlace", account.id))
        letter = messages.credentials_changed(account.nombre)
        means = self._means
        means.post.send(db, "cuenta-credencial", account.correo, letter.subject, letter.body, now)
        grant = staff_grant(Accounts(db).get(account.id))
        means.tell(db, account.id, account.rol or Role.PENDIENTE, "credencial.establecida", account.id, now)
        return means.open_session(db, account.id, grant, visitor, now, verified=now)


def new_recovery_codes(means: Means, credentials: Credentials, account: str) -> tuple[str, ...]:
    """Replace an account's recovery codes by new ones, which are shown this once."""
    codes = tuple(
        one_time_codes.recovery_code(means.random(one_time_codes.RECOVERY_BYTES))
        for _ in range(one_time_codes.RECOVERY_CODES)
    )
    credentials.set_recovery(account, [one_time_codes.fingerprint(code) for code in codes])
    return codes
