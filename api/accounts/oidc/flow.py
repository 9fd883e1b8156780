"""Entering with a provider: authorization code with PKCE, state and nonce; and the app's own ID token.

An account is made at the first entry, and only when the e-mail that the provider verified is one of a
registered promovente, auxiliar or citizen. What they may do is asked again at each request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from api.accounts.authenticate import authenticate, same_thing
from api.accounts.errors import SignInRefusal, UnknownAccount, not_let_in
from api.accounts.means import Means, Opened, Visitor
from api.accounts.oidc.id_token import Expected, Identity, verify_id_token
from api.accounts.oidc.provider_client import ProviderClient
from api.accounts.session import Grant
from api.accounts.staff import Account
from api.accounts.states import CAN_SIGN_IN
from api.accounts.store_sessions import Moments
from api.accounts.store_sql import Accounts

BROWSER, APP = "oidc-navegador", "oidc-app"
CALLBACK_PATH = "/v1/sesion/oidc/regreso"
_SCOPE = "openid email"


@dataclass(frozen=True, slots=True)
class Start:
    """Where the browser goes, and the state that it must bring back in a cookie of its own."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The session, and everything that the person may act as: the session is of the first."""

    opened: Opened
    grants: tuple[Grant, ...]


class OidcFlow:
    """All providers of the settings, by name."""

    def __init__(self, means: Means, clients: Mapping[str, ProviderClient]) -> None:
        self._means = means
        self._clients = clients

    @property
    def redirect_uri(self) -> str:
        """Where every provider sends the browser back."""
        return f"{self._means.public_url}{CALLBACK_PATH}"

    def start(self, provider: str, now: datetime) -> Start:
        """Begin an entry. Raises UnknownAccount for a provider that is not in the settings."""
        client, means = self._client(provider), self._means
        state, nonce, verifier = (means.new_token() for _ in range(3))
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": client.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": _SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        address = f"{client.endpoints().authorization}?{urlencode(query)}"
        data = {"provider": provider, "nonce": nonce, "verifier": verifier}
        with means.database.writing() as db:
            Moments(db).open(state, BROWSER, data, means.moment(now))
        return Start(address, state)

    def come_back(
        self, state: str, own_state: str | None, code: str, visitor: Visitor, now: datetime
    ) -> Entered:
        """The browser came back. `own_state`: of its cookie. Raises SignInRefusal, ProviderRefusal."""
        if own_state is None or own_state != state:
            # Somebody else's entry, sent to this browser.
            raise SignInRefusal("oidc.state", "regreso del proveedor", "el mismo navegador", "otro")
        with self._means.database.writing() as db:
            moment = Moments(db).take(state, BROWSER, now)
        if not code:
            expected = "que la persona acepte"
            raise SignInRefusal("oidc.cancelada", "regreso del proveedor", expected, "una cancelación")
        client = self._client(moment["provider"])
        token = client.id_token(code, moment["verifier"], self.redirect_uri)
        return self._enter(client, token, moment["nonce"], visitor, now)

    def nonce_for_app(self, provider: str, now: datetime) -> str:
        """A nonce that the app has its provider put into an ID token."""
        self._client(provider)
        nonce = self._means.new_token()
        with self._means.database.writing() as db:
            Moments(db).open(nonce, APP, {"provider": provider}, self._means.moment(now))
        return nonce

    def exchange(self, token: str, nonce: str, visitor: Visitor, now: datetime) -> Entered:
        """A session for an ID token that the app got with our nonce. Raises SignInRefusal."""
        with self._means.database.writing() as db:
            moment = Moments(db).take(nonce, APP, now)
        return self._enter(self._client(moment["provider"]), token, nonce, visitor, now)

    def choose(self, token: str, wanted: Grant, now: datetime) -> Opened:
        """Act as something else that the person may act as. Raises SignInRefusal."""
        means = self._means
        with means.database.writing() as db:
            actor, session = authenticate(db, token, now, means)
            account = Accounts(db).get(actor.account)
            if account.institutional:
                raise not_let_in()
            grant = next((g for g in self.grants(db, account) if same_thing(g, wanted)), None)
            if grant is None:
                raise not_let_in()
            return means.renew_session(db, session, grant, None, now)

    def grants(self, db: Connection, account: Account) -> tuple[Grant, ...]:
        """Everything that somebody may act as now."""
        return () if account.institutional else tuple(self._means.invitations.of(db, account.correo))

    def _client(self, name: str) -> ProviderClient:
        client = self._clients.get(name)
        if client is None:
            known = " o ".join(sorted(self._clients)) or "ninguno"
            raise UnknownAccount("oidc.desconocido", "proveedor", known, name)
        return client

    def _enter(
        self, client: ProviderClient, token: str, nonce: str, visitor: Visitor, now: datetime
    ) -> Entered:
        provider = client.provider
        expected = Expected(provider.issuer, provider.audiences, nonce)
        identity = verify_id_token(token, client.keys(token), expected, now)
        with self._means.database.writing() as db:
            grants = tuple(self._means.invitations.of(db, identity.email))
            if not grants:
                raise _not_invited()
            account = self._account(db, identity, now)
            opened = self._means.open_session(db, account.id, grants[0], visitor, now)
            self._means.tell(db, account.id, grants[0].role, "sesion.inicio", account.id, now)
        return Entered(opened, grants)

    def _account(self, db: Connection, identity: Identity, now: datetime) -> Account:
        accounts = Accounts(db)
        known = accounts.of_identity(identity.issuer, identity.subject)
        if known is None:
            named = (identity.issuer, identity.subject, identity.email)
            return accounts.add_identity(self._means.new_id(), *named, now)
        if known.estado not in CAN_SIGN_IN:
            raise _not_invited()
        if known.correo != identity.email:
            accounts.set_email(known.id, identity.email)
        return known


def _not_invited() -> SignInRefusal:
    expected = "un correo dado de alta como promovente, auxiliar o ciudadanía con Mi Apoyo"
    return SignInRefusal("oidc.sin-registro", "inicio de sesión", expected, "otro correo")
