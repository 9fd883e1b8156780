"""Patterns as they are asked for: pages of a process, of one of its patterns, and those of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from capture.patterns.errors import UnknownPattern
from capture.patterns.rules import Regla
from capture.patterns.tables import patrones, patrones_registros

MAX_PAGE = 500
_P, _M = patrones.c, patrones_registros.c


@dataclass(frozen=True, slots=True)
class StoredPattern:
    """A pattern as it is now. `registros`: how many it has; `medida` in `rules.UNIT`."""

    id: int
    proceso: str
    regla: Regla
    objeto: str
    sujeto: str
    medida: float
    registros: int
    primero: datetime
    ultimo: datetime


@dataclass(frozen=True, slots=True)
class PatternFilter:
    """Which patterns of a process; None and 0 mean «any»."""

    proceso: str
    regla: Regla | None = None
    minimum: int = 0
    """Records that it has at least."""


class SqlPatternReading:
    """Reads with any connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, which: PatternFilter, before: int | None, size: int) -> list[StoredPattern]:
        """The newest first; those with an id below `before`."""
        wanted: list[ColumnElement[bool]] = [_P.proceso == which.proceso, _P.registros >= which.minimum]
        if which.regla is not None:
            wanted.append(_P.regla == which.regla.value)
        if before is not None:
            wanted.append(_P.id < before)
        rows = self._connection.execute(select(patrones).where(*wanted).order_by(_P.id.desc()).limit(size))
        return [_pattern(row) for row in rows]

    def get(self, proceso: str, identifier: int) -> StoredPattern:
        """One of a process. Raises UnknownPattern."""
        mine = select(patrones).where(_P.id == identifier, _P.proceso == proceso)
        row = self._connection.execute(mine).first()
        if row is None:
            raise UnknownPattern("patron.existe", f"proceso {proceso}", "un patrón del proceso", identifier)
        return _pattern(row)

    def folios(self, identifier: int, after: str, size: int) -> list[str]:
        """Folios of the records of a pattern in their order, those after `after`."""
        mine = select(_M.folio).where(_M.patron == identifier, _M.folio > after)
        return list(self._connection.execute(mine.order_by(_M.folio).limit(size)).scalars())

    def of_record(self, folio: str) -> list[StoredPattern]:
        """All patterns that a record is in, the oldest first."""
        mine = select(patrones).join(patrones_registros, _M.patron == _P.id).where(_M.folio == folio)
        return [_pattern(row) for row in self._connection.execute(mine.order_by(_P.id))]


def _pattern(row: Any) -> StoredPattern:
    values = dict(row._mapping)
    return StoredPattern(**{**values, "regla": Regla(values["regla"])})
