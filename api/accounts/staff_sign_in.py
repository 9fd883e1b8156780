"""How staff enters: password and one-time code together, or a passkey alone; and a second factor given again.

The order of every entry: count the attempt (a transaction of its own, so that failing does not undo it),
read, compute outside of any transaction, then use up what is used once and open the session in one more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.accounts import one_time_codes, passkeys, password
from api.accounts.attempts import OF_AN_ACCOUNT, OF_AN_ADDRESS
from api.accounts.authenticate import authenticate
from api.accounts.errors import AccountRefusal, not_let_in
from api.accounts.means import Means, Opened, Visitor, staff_grant
from api.accounts.session import Session
from api.accounts.staff import Account, normal_email
from api.accounts.states import CAN_SIGN_IN
from api.accounts.store_credentials import Credentials, Passkey
from api.accounts.store_sessions import Attempts, Moments
from api.accounts.store_sql import Accounts

ENTER, RENEW = "llave-entrar", "llave-refuerzo"
_NO_SECRET = bytes(one_time_codes.SECRET_BYTES)


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody who has no session sends. `code` is of the app, or a recovery code."""

    email: str
    password: str
    code: str


@dataclass(frozen=True, slots=True)
class _Found:
    account: Account | None
    hashed: str | None
    totp: tuple[bytes, int] | None
    recovery: tuple[bytes, ...]


class StaffSignIn:
    """The entries of staff."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def with_password(self, entry: Entry, visitor: Visitor, now: datetime) -> Opened:
        """Raises SignInRefusal, which never says what was wrong, or TooSoon."""
        email = _email_or_nobody(entry.email)
        self._admit(email, visitor.address, now)
        found = self._find(email)
        password.verify(found.hashed, entry.password)
        used = _check_code(found, entry.code, now)
        account = _let_in(found.account)
        with self._means.database.writing() as db:
            _use_up(Credentials(db, self._means.key), account.id, used)
            self._succeeded(db, email, visitor.address)
            return self._open(db, account.id, visitor, now)

    def passkey_options(self, now: datetime) -> tuple[str, dict[str, Any]]:
        """A challenge for any passkey, which names its own account: nobody's is told by asking."""
        means = self._means
        challenge = means.random(passkeys.CHALLENGE_BYTES)
        name = means.new_token()
        with means.database.writing() as db:
            Moments(db).open(name, ENTER, {"challenge": challenge.hex()}, means.moment(now))
        return name, passkeys.entry_options(challenge, means.public_url)

    def with_passkey(self, name: str, credential: dict[str, Any], visitor: Visitor, now: datetime) -> Opened:
        """Raises SignInRefusal, or TooSoon for an address with too many failures."""
        means = self._means
        address = means.key.blind("direccion", visitor.address)
        with means.database.writing() as db:
            Attempts(db).admit(address, OF_AN_ADDRESS, now)
        passkey, count = self._verified_passkey(name, ENTER, credential, None, now)
        with means.database.writing() as db:
            Credentials(db, means.key).used(passkey.id, count, now)
            Attempts(db).give_back(address)
            return self._open(db, passkey.account, visitor, now)

    def reinforce(self, token: str, code: str, now: datetime) -> Opened:
        """A second factor given again in a session: it gets another token. Raises SignInRefusal, TooSoon."""
        means = self._means
        with means.database.reading() as db:
            actor, session = authenticate(db, token, now, means)
            account = Accounts(db).get(actor.account)
        self.confirm(account, code, now)
        with means.database.writing() as db:
            return self._reinforced(db, session, now)

    def confirm(self, account: Account, code: str, now: datetime) -> None:
        """Check and use up a code of somebody who is inside. Raises SignInRefusal, TooSoon."""
        with self._means.database.writing() as db:
            Attempts(db).admit(self._account_key(account.correo), OF_AN_ACCOUNT, now)
        used = _check_code(self._find(account.correo), code, now)
        with self._means.database.writing() as db:
            _use_up(Credentials(db, self._means.key), account.id, used)
            Attempts(db).succeeded(self._account_key(account.correo))

    def reinforce_options(self, account: str, now: datetime) -> tuple[str, dict[str, Any]]:
        """A challenge for the account's own passkeys."""
        means = self._means
        challenge, name = means.random(passkeys.CHALLENGE_BYTES), means.new_token()
        with means.database.writing() as db:
            known = [key.id for key in Credentials(db, means.key).passkeys(account)]
            data = {"challenge": challenge.hex()}
            Moments(db).open(name, RENEW, data, means.moment(now), account)
        return name, passkeys.entry_options(challenge, means.public_url, known)

    def reinforce_with_passkey(
        self, token: str, name: str, credential: dict[str, Any], now: datetime
    ) -> Opened:
        """A passkey given again in a session. Raises SignInRefusal."""
        means = self._means
        with means.database.reading() as db:
            actor, session = authenticate(db, token, now, means)
        passkey, count = self._verified_passkey(name, RENEW, credential, actor.account, now)
        if passkey.account != actor.account:
            raise not_let_in()
        with means.database.writing() as db:
            Credentials(db, means.key).used(passkey.id, count, now)
            return self._reinforced(db, session, now)

    def _reinforced(self, db: Connection, session: Session, now: datetime) -> Opened:
        role = session.grant.role
        self._means.tell(db, session.cuenta, role, "sesion.refuerzo", session.cuenta, now)
        return self._means.renew_session(db, session, session.grant, now, now)

    def _verified_passkey(
        self, name: str, purpose: str, credential: dict[str, Any], account: str | None, now: datetime
    ) -> tuple[Passkey, int]:
        means = self._means
        with means.database.writing() as db:
            moment = Moments(db).take(name, purpose, now, account)
        with means.database.reading() as db:
            passkey = Credentials(db, means.key).passkey(passkeys.id_of(credential))
        challenge = bytes.fromhex(moment["challenge"])
        count = passkeys.verify_entry(credential, challenge, means.public_url, passkey.public, passkey.count)
        return passkey, count

    def _open(self, db: Connection, account: str, visitor: Visitor, now: datetime) -> Opened:
        inside = _let_in(Accounts(db).get(account))
        grant = staff_grant(inside)
        opened = self._means.open_session(db, account, grant, visitor, now, verified=now)
        self._means.tell(db, account, grant.role, "sesion.inicio", account, now)
        return opened

    def _admit(self, email: str, address: str, now: datetime) -> None:
        with self._means.database.writing() as db:
            attempts = Attempts(db)
            attempts.admit(self._means.key.blind("direccion", address), OF_AN_ADDRESS, now)
            attempts.admit(self._account_key(email), OF_AN_ACCOUNT, now)

    def _succeeded(self, db: Connection, email: str, address: str) -> None:
        Attempts(db).succeeded(self._account_key(email))
        Attempts(db).give_back(self._means.key.blind("direccion", address))

    def _account_key(self, email: str) -> bytes:
        return self._means.key.blind("cuenta", email)

    def _find(self, email: str) -> _Found:
        with self._means.database.reading() as db:
            account = Accounts(db).staff_with(email)
            name = account.id if account else ""
            credentials = Credentials(db, self._means.key)
            recovery = tuple(credentials.recovery(name))
            return _Found(account, credentials.password(name), credentials.totp(name), recovery)


def _email_or_nobody(text: str) -> str:
    try:
        return normal_email(text)
    except AccountRefusal:
        return "-"  # nobody's: it is counted and refused like any other


def _let_in(account: Account | None) -> Account:
    if account is None or account.estado not in CAN_SIGN_IN:
        raise not_let_in()
    return account


def _check_code(found: _Found, code: str, now: datetime) -> int | bytes:
    """The step of a code of the app, or the fingerprint of a recovery code."""
    if len(code) != one_time_codes.DIGITS:
        return one_time_codes.chosen(found.recovery, code)
    secret, last = found.totp or (_NO_SECRET, 1 << 62)
    return one_time_codes.verify(secret, code, now, last)


def _use_up(credentials: Credentials, account: str, used: int | bytes) -> None:
    if isinstance(used, bytes):
        credentials.take_recovery(account, used)
    else:
        credentials.take_step(account, used)
