"""The portal closes to promoventes thirty days after the definitive results (002 §8.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.accounts.permissions import Role
from api.accounts.registered_people import RegisteredPeople
from capture.calendar import calendar_days_after
from capture.results.deadlines import TERMS
from capture.results.keys_sql import Doer
from capture.results.store_sql import Deliveries, Package
from ledger.database import Database
from tests.capture.results.making import END, OPL, OTHER, PERIODO, PROCESO, World, world


def enters(made: World, proceso: str, now: datetime) -> bool:
    with made.database.reading() as connection:
        grants = RegisteredPeople(TERMS, lambda: now).of(connection, f"{proceso.lower()}@ejemplo.mx")
    return any(grant.role is Role.PROMOVENTE for grant in grants)


@pytest.mark.req("APO-23")
def test_a_promovente_enters_until_the_portal_closes(database: Database, tmp_path: Path) -> None:
    made = world(database, tmp_path)
    closes = calendar_days_after(END, TERMS.access_days)
    assert enters(made, PROCESO, closes), "as long as nothing was delivered"
    row = Package("p1", "definitivo", OPL, PERIODO, PROCESO, None, "p", "x", "a", "b", "c", 1, "v", END)
    with database.writing() as connection:
        Deliveries(connection, made.acts).keep(row, Doer("derfe-1", "derfe_operador"))
    assert enters(made, PROCESO, closes - timedelta(seconds=1))
    assert not enters(made, PROCESO, closes)
    assert enters(made, OTHER, closes), "another process is not concerned"
