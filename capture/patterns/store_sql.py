"""Records that were seen, in SQL: which wait, in which order they were looked for, and their sealed rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from capture.patterns.tables import (
    indices_vistos,
    patrones,
    patrones_registros,
    segmentos_vistos,
    usos_dispositivo,
    vistos,
)
from capture.records.insertion import insert_if_absent
from capture.records.record import Record

_V = vistos.c
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that nobody has looked for yet."""

    folio: str
    proceso: str
    dispositivo: str | None
    auxiliar: str | None
    capturado: datetime
    noche: bool
    sellado: bytes


class SqlSeen:
    """Within one transaction of the caller."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, record: Record, sealed: bytes, noche: bool) -> None:
        """A record was read: it waits to be looked for. Nothing the second time."""
        row = {
            "folio": record.folio,
            "proceso": record.proceso,
            "dispositivo": record.dispositivo,
            "auxiliar": record.auxiliar,
            "capturado": record.capturado,
            "recibido": record.recibido,
            "noche": noche,
            "sellado": sealed,
        }
        insert_if_absent(self._connection, vistos, row)

    def waiting_processes(self) -> list[str]:
        """Processes with records that wait."""
        wanted = select(_V.proceso).where(_V.orden.is_(None)).distinct().order_by(_V.proceso)
        return list(self._connection.execute(wanted).scalars())

    def processes(self) -> frozenset[str]:
        """All that have an index."""
        return frozenset(self._connection.execute(select(indices_vistos.c.proceso)).scalars())

    def waiting(self, proceso: str, most: int) -> list[Waiting]:
        """The first received of them."""
        names = list(Waiting.__dataclass_fields__)
        wanted = select(*(_V[name] for name in names)).where(_V.proceso == proceso, _V.orden.is_(None))
        rows = self._connection.execute(wanted.order_by(_V.recibido, _V.folio).limit(most))
        return [Waiting(*row) for row in rows]

    def lock(self, proceso: str) -> int:
        """Be the only one who looks in a process until the transaction ends; the next place."""
        insert_if_absent(self._connection, indices_vistos, {"proceso": proceso, "siguiente": 0})
        c = indices_vistos.c
        wanted = select(c.siguiente).where(c.proceso == proceso).with_for_update()
        return int(self._connection.execute(wanted).scalar_one())

    def place(self, folio: str, orden: int) -> None:
        """The record was looked for and has its place."""
        self._connection.execute(update(vistos).where(_V.folio == folio).values(orden=orden))

    def advance(self, proceso: str, siguiente: int) -> None:
        """The next place."""
        mine = indices_vistos.c.proceso == proceso
        self._connection.execute(update(indices_vistos).where(mine).values(siguiente=siguiente))

    def count(self, proceso: str) -> int:
        """How many have a place."""
        c = indices_vistos.c
        return self._connection.execute(select(c.siguiente).where(c.proceso == proceso)).scalar() or 0

    def sealed_until(self, proceso: str) -> int:
        """Up to which place rows are in segments."""
        c = segmentos_vistos.c
        return self._connection.execute(select(func.max(c.hasta)).where(c.proceso == proceso)).scalar() or 0

    def segments(self, proceso: str, start: int) -> Iterator[Any]:
        """Segments with rows from `start` on, one at a time."""
        c = segmentos_vistos.c
        while True:
            wanted = select(c.desde, c.hasta, c.sellado).where(c.proceso == proceso, c.hasta > start)
            row = self._connection.execute(wanted.order_by(c.desde).limit(1)).first()
            if row is None:
                return
            yield row
            start = row.hasta

    def loose(self, proceso: str, start: int, most: int) -> list[Any]:
        """Rows that are in no segment, from a place on."""
        wanted = select(_V.orden, _V.folio, _V.sellado).where(
            _V.proceso == proceso, _V.orden >= start, _V.sellado.is_not(None)
        )
        return list(self._connection.execute(wanted.order_by(_V.orden).limit(most)))

    def put_segment(self, proceso: str, start: int, end: int, sealed: bytes) -> None:
        """Rows from `start` on and before `end` rest in one piece now."""
        row = {"proceso": proceso, "desde": start, "hasta": end, "sellado": sealed}
        if insert_if_absent(self._connection, segmentos_vistos, row):
            inside = (_V.proceso == proceso, _V.orden >= start, _V.orden < end)
            self._connection.execute(update(vistos).where(*inside).values(sellado=None))

    def around(self, column: ColumnElement[Any], one: Waiting, value: str) -> list[Any]:
        """Folio, place and instant of what `value` captured within an hour of a record, itself too."""
        start, end = one.capturado - _HOUR, one.capturado + _HOUR
        wanted = _placed(one, column == value).where(_V.capturado >= start, _V.capturado <= end)
        return list(self._connection.execute(wanted))

    def beside(self, one: Waiting) -> list[Any]:
        """The captures of its device right before and right after it."""
        mine = _placed(one, _V.dispositivo == one.dispositivo).where(_V.folio != one.folio).limit(1)
        before = mine.where(_V.capturado <= one.capturado).order_by(_V.capturado.desc(), _V.folio)
        after = mine.where(_V.capturado > one.capturado).order_by(_V.capturado, _V.folio)
        both = [self._connection.execute(wanted).first() for wanted in (before, after)]
        return [row for row in both if row is not None]

    def of(
        self, one: Waiting, column: ColumnElement[Any], *also: ColumnElement[bool]
    ) -> list[tuple[str, int]]:
        """Folio and place of all that have in `column` what `one` has."""
        wanted = _placed(one, column == getattr(one, column.key or "")).where(*also).order_by(_V.orden)
        return [(row.folio, row.orden) for row in self._connection.execute(wanted)]

    def nights(self, one: Waiting) -> int:
        """Captures of its device at night."""
        mine = (_V.proceso == one.proceso, _V.dispositivo == one.dispositivo, _V.noche, _V.orden.is_not(None))
        return int(self._connection.execute(select(func.count()).where(*mine)).scalar_one())

    def uses(self, one: Waiting) -> tuple[int, int]:
        """Auxiliares of its device and devices of its auxiliar, with this one."""
        u = usos_dispositivo.c
        row = {"proceso": one.proceso, "dispositivo": one.dispositivo, "auxiliar": one.auxiliar}
        insert_if_absent(self._connection, usos_dispositivo, row)
        mine = select(func.count()).where(u.proceso == one.proceso)
        people = self._connection.execute(mine.where(u.dispositivo == one.dispositivo)).scalar_one()
        devices = self._connection.execute(mine.where(u.auxiliar == one.auxiliar)).scalar_one()
        return int(people), int(devices)


def _placed(one: Waiting, which: ColumnElement[bool]) -> Any:
    return select(_V.folio, _V.orden, _V.capturado).where(
        _V.proceso == one.proceso, which, _V.orden.is_not(None)
    )


def forget(connection: Connection, proceso: str) -> None:
    """Delete all that was seen and found in a process, whose key is gone."""
    mine = patrones_registros.c.proceso == proceso
    connection.execute(delete(patrones_registros).where(mine))
    for table in (patrones, usos_dispositivo, segmentos_vistos, vistos, indices_vistos):
        connection.execute(delete(table).where(table.c.proceso == proceso))
