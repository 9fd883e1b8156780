"""An INSERT that leaves alone a row that is already there, in both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_if_absent(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert unless a row with the same primary key exists, and say whether it was inserted.

    On PostgreSQL this waits for another transaction that inserts the same key.
    """
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    keys = [column.name for column in table.primary_key]
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing(index_elements=keys)
    return connection.execute(statement.returning(*table.primary_key)).first() is not None
