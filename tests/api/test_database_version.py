"""Migrations bring an empty database to exactly the tables that the code uses, on both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.database_version import VersionRefusal, migrate, require_current, version_of
from api.tables import ALL_METADATA
from ledger.database import Database, open_engine
from tests import postgres_server


def _empty(url: str) -> Iterator[Database]:
    made = Database(open_engine(url))
    yield made
    made.engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from _empty(f"sqlite:///{tmp_path / 'vacia.db'}")
    else:
        yield from postgres_server.scratch(request.getfixturevalue("postgres"), _empty)


def test_an_empty_database_is_refused_until_it_is_migrated(empty: Database) -> None:
    with pytest.raises(VersionRefusal, match="una base vacía"):
        require_current(empty)
    assert migrate(empty).is_current
    require_current(empty)
    assert migrate(empty) == version_of(empty), "and migrating again changes nothing"


def test_what_migrations_make_is_what_the_code_uses(empty: Database) -> None:
    migrate(empty)
    with empty.reading() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, list(ALL_METADATA)) == []
