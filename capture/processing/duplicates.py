"""Duplicates within a process: of the records of one person, the first RECEIVED counts (APO-20).

`primeros` has, for each process and HMAC, the first record received among those processed so far. One
transaction at a time can change a row of it, so the outcome is the same in whatever order records are
processed and by however many workers: a later-received one that was processed first gives its place up.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from capture.records.insertion import insert_if_absent
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.record import Record
from capture.records.states import TABLE, Causa, Estado
from capture.records.store_sql import SqlRecords
from capture.records.tables import primeros, registros


class Firsts:
    """Settles who is first, within one transaction that writes."""

    def __init__(self, connection: Connection, records: SqlRecords) -> None:
        self._connection = connection
        self._records = records

    def settle(self, record: Record, huellas: Iterable[bytes], now: datetime) -> str | None:
        """The folio of the record that `record` repeats; None when it is the first itself.

        `huellas`: HMACs that tell the person. Later-received holders become its duplicates.
        """
        # In one order: two workers never wait for each other.
        holders = [self._claim(record, huella, now) for huella in sorted(set(huellas))]
        earlier = [holder for holder in holders if holder is not None]
        return min(earlier, key=_order).folio if earlier else None

    def _claim(self, record: Record, huella: bytes, now: datetime) -> Record | None:
        """None when `record` holds the place now, otherwise who does."""
        row = {"proceso": record.proceso, "huella": huella, "folio": record.folio}
        if insert_if_absent(self._connection, primeros, row):
            return None
        mine = and_(primeros.c.proceso == record.proceso, primeros.c.huella == huella)
        folio = self._connection.execute(select(primeros.c.folio).where(mine).with_for_update()).scalar_one()
        if folio == record.folio:
            return None
        holder = self._records.lock(folio)
        if _order(holder) < _order(record) or holder.estado is Estado.FINAL:
            return holder
        self._connection.execute(update(primeros).where(mine).values(folio=record.folio))
        self._displace(holder, record, now)
        return None

    def _displace(self, holder: Record, first: Record, now: datetime) -> None:
        repeats = registros.c.duplicado_de == holder.folio
        self._connection.execute(update(registros).where(repeats).values(duplicado_de=first.folio))
        if (holder.estado, Estado.DUPLICADO) in TABLE:
            self._records.transition(duplicate(holder, first.folio, now))


def duplicate(record: Record, first: str, now: datetime, also: Changes | None = None) -> Move:
    """The change by which `record` becomes a duplicate of the one with folio `first`."""
    changes = Changes(**{**(also or {}), "duplicado_de": first})
    return Move(record.folio, record.estado, Estado.DUPLICADO, SISTEMA, now, Causa.DUPLICADO, changes=changes)


def _order(record: Record) -> tuple[datetime, str]:
    return record.recibido, record.folio
