"""Counting acuses waits for the log that is being written."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, update

from api.acts.acts import LogName
from api.acts.tables import hojas
from api.results.placed_leaves import LeavesBehindError, wait_until_placed
from ledger.database import Database


def _leaf(database: Database, name: bytes, log: LogName = LogName.APOYO, index: int | None = None) -> None:
    row = {"bitacora": log.value, "llave": name, "entrada": b"x", "indice": index}
    with database.writing() as db:
        db.execute(insert(hojas).values(**row))


def test_it_waits_for_leaves_that_were_waiting_and_for_no_later_one(database: Database) -> None:
    _leaf(database, b"antes")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        _leaf(database, b"despues")
        with database.writing() as db:
            db.execute(update(hojas).where(hojas.c.llave == b"antes").values(indice=0))

    wait_until_placed(database, sleep=sleep)
    assert len(slept) == 1


def test_it_does_not_wait_for_another_log_or_for_nothing(database: Database) -> None:
    _leaf(database, b"puesta", index=3)
    _leaf(database, b"acto", LogName.ACTOS)
    wait_until_placed(database, seconds=0, sleep=lambda _: pytest.fail("waited"))


def test_a_log_that_stands_still_is_said(database: Database) -> None:
    _leaf(database, b"antes")
    with pytest.raises(LeavesBehindError):
        wait_until_placed(database, seconds=0, sleep=lambda _: None)
