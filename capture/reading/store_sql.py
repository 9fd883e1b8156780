"""Readings and suggestions in SQL, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from capture.reading.errors import Unread
from capture.reading.tables import lecturas, sugerencias
from capture.records.tables import registros


class SqlReadings:
    """What was read of the images of records."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self, folio: str, sealed: bytes, unread: Unread | None, incisos: Iterable[str], now: datetime
    ) -> None:
        """In the place of what was read of the record before."""
        self._forget(folio)
        reason = None if unread is None else unread.value
        row = {"folio": folio, "leida": now, "contenido": sealed, "sin_lectura": reason}
        self._connection.execute(insert(lecturas).values(**row))
        if rows := [{"folio": folio, "inciso": inciso} for inciso in sorted(set(incisos))]:
            self._connection.execute(insert(sugerencias), rows)

    def sealed(self, folio: str) -> bytes | None:
        """The sealed document; None where the record was not read."""
        wanted = select(lecturas.c.contenido).where(lecturas.c.folio == folio)
        found = self._connection.execute(wanted).scalar()
        return None if found is None else bytes(found)

    def suggested(self, folio: str) -> frozenset[str] | None:
        """The incisos that seemed to apply; None where the engines gave nothing."""
        wanted = select(lecturas.c.sin_lectura).where(lecturas.c.folio == folio)
        row = self._connection.execute(wanted).first()
        if row is None or row.sin_lectura is not None:
            return None
        mine = select(sugerencias.c.inciso).where(sugerencias.c.folio == folio)
        return frozenset(self._connection.execute(mine).scalars())

    def unread(self) -> dict[str, int]:
        """How many records the engines gave nothing for, by reason."""
        why = lecturas.c.sin_lectura
        rows = self._connection.execute(
            select(why, func.count()).where(why.is_not(None)).group_by(why).order_by(why)
        )
        return {reason: count for reason, count in rows}  # noqa: C416 - rows are not tuples for mypy

    def forget(self, proceso: str) -> None:
        """Delete what was read of the records of a process."""
        mine = select(registros.c.folio).where(registros.c.proceso == proceso)
        for table in (lecturas, sugerencias):
            self._connection.execute(delete(table).where(table.c.folio.in_(mine)))

    def _forget(self, folio: str) -> None:
        for table in (lecturas, sugerencias):
            self._connection.execute(delete(table).where(table.c.folio == folio))
