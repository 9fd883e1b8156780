"""What a job does now and then: fold the counters, and compare them with the records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from capture.processes.tables import procesos
from capture.reports import counters
from ledger.database import Database


@contextmanager
def one_view(database: Database) -> Iterator[Connection]:
    """Reading in which every statement sees the same instant; on SQLite every reading is one."""
    with database.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def fold(database: Database) -> int:
    """Fold all changes that wait, a batch in each transaction; how many. Every minute is often enough."""
    folded = 0
    while True:
        with database.writing() as connection:
            batch = counters.compact(connection)
        folded += batch
        if batch < counters.BATCH:
            return folded


def check(database: Database) -> int:
    """Compare the counters of every process with its records; how many. Raises FiguresDisagree."""
    with database.reading() as connection:
        folios = list(connection.execute(select(procesos.c.folio).order_by(procesos.c.folio)).scalars())
    for folio in folios:
        with one_view(database) as connection:
            counters.require_counted(connection, folio)
    return len(folios)
