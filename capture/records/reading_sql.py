"""Reading records from SQL: one, its history, pages, and counts by state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal, select, tuple_
from sqlalchemy.sql import Select

from capture.records.errors import UnknownRecord
from capture.records.record import MAX_PAGE, Cursor, Filter, Record, Transition
from capture.records.states import Columna, Estado, columna
from capture.records.tables import registros, transiciones
from ledger.database import Instant

_COLUMNS = [registros.c[field.name] for field in fields(Record)]
_HISTORY = [transiciones.c[field.name] for field in fields(Transition)]
_BY_COLUMN = ("auxiliar", "modalidad", "inciso", "situacion", "numero")


class SqlRecordReading:
    """What can be known of records without changing them, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, folio: str) -> Record:
        """The record. Raises UnknownRecord."""
        row = self._connection.execute(select(*_COLUMNS).where(registros.c.folio == folio)).first()
        if row is None:
            raise UnknownRecord("registro.folio", f"registro {folio}", "un folio recibido", "ninguno")
        return _record(row)

    def blob(self, folio: str, name: str) -> bytes | None:
        """One of `sobre`, `acuse`, `datos`, `huella_clave`. Raises UnknownRecord."""
        row = self._connection.execute(select(registros.c[name]).where(registros.c.folio == folio)).first()
        if row is None:
            raise UnknownRecord("registro.folio", f"registro {folio}", "un folio recibido", "ninguno")
        return None if row[0] is None else bytes(row[0])

    def history(self, folio: str) -> list[Transition]:
        """Every change of its state, oldest first."""
        wanted = select(*_HISTORY).where(transiciones.c.folio == folio).order_by(transiciones.c.id)
        return [Transition(*row) for row in self._connection.execute(wanted)]

    def page(self, which: Filter, after: Cursor | None = None, size: int = 50) -> list[Record]:
        """At most `size` (and MAX_PAGE) records, in the order in which they were received."""
        order = (registros.c.recibido, registros.c.folio)
        wanted = _filtered(select(*_COLUMNS), which).order_by(*order).limit(min(size, MAX_PAGE))
        if after is not None:
            wanted = wanted.where(tuple_(*order) > tuple_(literal(after.recibido, Instant), after.folio))
        return [_record(row) for row in self._connection.execute(wanted)]

    def received_since(self, instant: datetime) -> int:
        """How many records were received from an instant on. By state: the index begins with it."""
        wanted = select(func.count()).where(
            registros.c.estado.in_(list(Estado)), registros.c.recibido >= literal(instant, Instant)
        )
        return int(self._connection.execute(wanted).scalar_one())

    def counts(self, which: Filter) -> dict[Estado, int]:
        """How many records are in each state; states without any are there with 0."""
        wanted = _filtered(select(registros.c.estado, func.count()), which).group_by(registros.c.estado)
        found = {Estado(state): count for state, count in self._connection.execute(wanted)}
        return {state: found.get(state, 0) for state in Estado}

    def figures(self, which: Filter) -> dict[Columna, int]:
        """The figures of the portal. Their sum is the number of records received."""
        kind = (registros.c.estado, registros.c.inciso)
        wanted = _filtered(select(*kind, func.count()), which).group_by(*kind)
        figures = dict.fromkeys(Columna, 0)
        for state, inciso, count in self._connection.execute(wanted):
            figures[columna(Estado(state), inciso)] += count
        return figures


def _filtered(wanted: Select[Any], which: Filter) -> Select[Any]:
    for name in _BY_COLUMN:
        if (value := getattr(which, name)) is not None:
            wanted = wanted.where(registros.c[name] == value)
    if which.procesos is not None:
        wanted = wanted.where(registros.c.proceso.in_(which.procesos))
    if which.estados:
        wanted = wanted.where(registros.c.estado.in_([state.value for state in which.estados]))
    if which.desde is not None:
        wanted = wanted.where(registros.c.recibido >= which.desde)
    if which.hasta is not None:
        wanted = wanted.where(registros.c.recibido < which.hasta)
    return wanted


def _record(row: Sequence[Any]) -> Record:
    values = dict(zip((field.name for field in fields(Record)), row, strict=True))
    return Record(**{**values, "estado": Estado(values["estado"]), "sha256": bytes(values["sha256"])})
