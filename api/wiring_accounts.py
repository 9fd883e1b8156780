"""Which adapters stand behind accounts and sign-in. Part of `api/wiring.py`."""

from __future__ import annotations

from collections.abc import Callable

from api.accounts.desk import AccountsDesk, build_desk
from api.accounts.means import Means
from api.accounts.registered_people import RegisteredPeople
from api.accounts.routes_accounts import accounts
from api.accounts.routes_oidc import oidc
from api.accounts.routes_own import credentials, declaration
from api.accounts.routes_session import session
from api.accounts.service_key import ServiceKey, key_for
from api.accounts.told import ActsWitness, OutboxPost
from api.acts.acts import SqlActs
from api.http.guard import Guarded
from api.outbox.outbox import Outbox
from api.settings import Settings
from ledger.database import Database

ROUTERS: tuple[Guarded, ...] = (oidc, session, accounts, declaration, credentials)
"""The routers of accounts; `/v1/sesion/oidc` goes before `/v1/sesion`."""


def open_accounts(
    settings: Settings, database: Database, outbox: Outbox, random: Callable[[int], bytes]
) -> AccountsDesk:
    """Accounts and sign-in. Raises SettingsRefusal for settings that are not fit for people's data."""
    settings.accounts.require_fit(production=settings.production, public_url=settings.http.public_url)
    return build_desk(
        Means(
            database=database,
            key=open_key(settings, random),
            settings=settings.accounts,
            witness=ActsWitness(SqlActs(random)),
            post=OutboxPost(outbox),
            invitations=RegisteredPeople(settings.results.terms),
            random=random,
            public_url=settings.http.public_url.rstrip("/"),
        )
    )


def open_key(settings: Settings, random: Callable[[int], bytes]) -> ServiceKey:
    """The key with which the service seals. Raises SettingsRefusal in production without one."""
    key_file = settings.accounts.key_file or settings.data / "cuentas.llave"
    return ServiceKey(key_for(key_file, production=settings.production), random)
