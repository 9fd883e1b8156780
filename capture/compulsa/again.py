"""Asking again with a newer corte about the records that an earlier one answered (002 §6.3)."""

from __future__ import annotations

from datetime import datetime

from capture.compulsa.compulsa import BATCH, move
from capture.records.moves import Actor, Move
from capture.records.ports import Acts
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Cursor, Filter
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from ledger.database import Database


def send_back(database: Database, acts: Acts, proceso: str, actor: Actor, now: datetime) -> int:
    """Send the records of a process back to wait for compulsa; how many. The next run asks about them.

    What a document made valid in an audiencia stays: the padrón cannot know it.
    """
    moved = 0
    after: Cursor | None = None
    which = Filter(procesos=(proceso,), estados=(Estado.COMPULSADO,))
    while True:
        with database.writing() as connection:
            page = SqlRecordReading(connection).page(which, after, BATCH)
            if not page:
                return moved
            records = SqlRecords(connection, acts)
            for record in page:
                step = Move(
                    record.folio,
                    Estado.COMPULSADO,
                    Estado.PARA_COMPULSA,
                    actor,
                    now,
                    Causa.NUEVA_COMPULSA,
                )
                moved += record.acreditado is None and move(records, step)
        after = Cursor(page[-1].recibido, page[-1].folio)
