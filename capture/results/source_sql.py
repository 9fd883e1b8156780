"""The records of a process out of SQL, the blob store and the bóveda, as one consistent view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, select

from capture.processing.checks import require_body
from capture.processing.datos import Datos, parse_datos
from capture.processing.ports import Bodies, Boveda
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Record
from capture.records.states import Estado
from capture.records.tables import registros
from ledger.database import Database

PAGE = 500
"""Records at once."""
_COLUMNS = [registros.c[field.name] for field in fields(Record)]


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A view in which nothing changes, however long it is read."""
    if database.engine.dialect.name != "postgresql":
        with database.reading() as connection:  # SQLite: what the first statement sees, the others do
            yield connection
        return
    with database.engine.connect() as connection:
        yield connection.execution_options(isolation_level="REPEATABLE READ")


class SqlSource:
    """See Source. The connection should come from `snapshot`."""

    def __init__(self, connection: Connection, boveda: Boveda, bodies: Bodies) -> None:
        self._connection = connection
        self._boveda = boveda
        self._bodies = bodies

    def records(self, proceso: str) -> Iterator[Record]:
        """See Source."""
        after = ""
        while page := self._page(proceso, after):
            yield from page
            after = page[-1].folio

    def _page(self, proceso: str, after: str) -> list[Record]:
        wanted = select(*_COLUMNS).where(registros.c.proceso == proceso, registros.c.folio > after)
        rows = self._connection.execute(wanted.order_by(registros.c.folio).limit(PAGE))
        return [_record(dict(row._mapping)) for row in rows]

    def data(self, record: Record) -> Datos | None:
        """See Source."""
        sealed = SqlRecordReading(self._connection).blob(record.folio, "datos")
        if sealed is None:
            return None
        return parse_datos(self._boveda.unseal(record.proceso, sealed), f"registro {record.folio}")

    def images(self, record: Record) -> Mapping[str, bytes]:
        """See Source. Raises BodyRefusal when the body is not the one that was received."""
        body = self._bodies.get(record.cuerpo)
        require_body(record, body)
        return self._boveda.open(record.proceso, body).files

    def acuse(self, record: Record) -> bytes:
        """See Source."""
        return SqlRecordReading(self._connection).blob(record.folio, "acuse") or b""


def _record(row: dict[str, Any]) -> Record:
    return Record(**{**row, "estado": Estado(row["estado"]), "sha256": bytes(row["sha256"])})
