"""The databases of the rooms: instants keep their order, and what reads never waits for a writer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Table, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, StatementError

from ledger.database import Database, Instant, Serial, new_metadata

METADATA = new_metadata()
SEEN = Table(
    "seen",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False, unique=True),
)
NOON = datetime(2026, 11, 27, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-6)))


@pytest.fixture
def seen(database: Database) -> Iterator[Database]:
    METADATA.create_all(database.engine)
    yield database


def test_an_instant_comes_back_in_utc(seen: Database) -> None:
    with seen.writing() as db:
        db.execute(insert(SEEN).values(at=NOON))
    with seen.reading() as db:
        found = db.execute(select(SEEN.c.at)).scalar_one()
    assert found == NOON
    assert found.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(seen: Database) -> None:
    with seen.writing() as db, pytest.raises(StatementError, match="sin zona horaria"):
        db.execute(insert(SEEN).values(at=datetime(2026, 1, 1)))  # noqa: DTZ001 - what is refused


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_sort_as_they_are_stored(first: datetime, second: datetime) -> None:
    dialect = sqlite.dialect()
    kept = [Instant().process_bind_param(moment, dialect) for moment in (first, second)]
    assert None not in kept
    assert (kept[0] < kept[1]) == (first < second)  # type: ignore[operator]
    assert [Instant().process_result_value(value, dialect) for value in kept] == [first, second]


def test_what_raises_leaves_nothing(seen: Database) -> None:
    def twice() -> None:
        with seen.writing() as db:
            db.execute(insert(SEEN).values(at=NOON))
            db.execute(insert(SEEN).values(at=NOON))

    with pytest.raises(IntegrityError):
        twice()
    with seen.reading() as db:
        assert db.execute(select(SEEN)).all() == []


def test_reading_does_not_wait_for_a_writer(seen: Database) -> None:
    with seen.writing() as writer:
        writer.execute(insert(SEEN).values(at=NOON))
        with seen.reading() as reader:
            assert reader.execute(select(SEEN)).all() == []
