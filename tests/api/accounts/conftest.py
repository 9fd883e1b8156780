"""Sign-in with its real parts, on each database."""

from __future__ import annotations

import os

import pytest

from api.accounts.desk import AccountsDesk, build_desk
from api.accounts.means import Means
from api.accounts.registered_people import RegisteredPeople
from api.accounts.service_key import ServiceKey
from api.accounts.settings import AccountsSettings
from api.accounts.told import ActsWitness, OutboxPost
from api.acts.acts import SqlActs
from api.outbox.outbox import Outbox
from ledger.database import Database
from tests.api.accounts.people import NOW, URL


def doors_over(database: Database, settings: AccountsSettings | None = None) -> AccountsDesk:
    """Everything that wiring would give, with an instant of the test's own."""
    return build_desk(
        Means(
            database=database,
            key=ServiceKey(bytes(range(32))),
            settings=settings or AccountsSettings(),
            witness=ActsWitness(SqlActs(os.urandom)),
            post=OutboxPost(Outbox(lambda: NOW, os.urandom)),
            invitations=RegisteredPeople(),
            random=os.urandom,
            public_url=URL,
        )
    )


@pytest.fixture
def doors(database: Database) -> AccountsDesk:
    return doors_over(database)
