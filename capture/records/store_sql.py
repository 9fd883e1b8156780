"""Changing records in SQL. Every change of a state, the first one included, goes through this class."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from capture.records.commitment import SALT_BYTES
from capture.records.errors import StateChanged
from capture.records.insertion import insert_if_absent
from capture.records.moves import SISTEMA, Actor, Move, NewRecord
from capture.records.ports import Acts, Done
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Record
from capture.records.states import Causa, Estado, Quien, require_allowed
from capture.records.tables import registros, transiciones


class SqlRecords(SqlRecordReading):
    """Records within one transaction that writes.

    What people do is also an act in `acts`. What the service does by itself is told by the row in
    `transiciones` alone; both are committed to in the log (`capture.records.leaves`).
    """

    def __init__(self, connection: Connection, acts: Acts) -> None:
        super().__init__(connection)
        self._acts = acts

    def create(
        self,
        record: NewRecord,
        estado: Estado = Estado.RECIBIDO,
        causa: Causa = Causa.RECEPCION,
        actor: Actor = SISTEMA,
    ) -> bool:
        """Keep a record that was received. False when its folio was there, and then nothing changes.

        Raises RecordRefusal when a record cannot begin in this state.
        """
        require_allowed(None, estado, actor.quien, causa, f"registro {record.folio}")
        values = {**asdict(record), "estado": estado.value}
        if not insert_if_absent(self._connection, registros, values):
            return False
        self._keep(record.folio, None, estado, actor, record.recibido, causa, None)
        return True

    def lock(self, folio: str) -> Record:
        """`get`, and nobody else changes the record until this transaction ends. Raises UnknownRecord."""
        wanted = select(registros.c.folio).where(registros.c.folio == folio).with_for_update()
        self._connection.execute(wanted)
        return self.get(folio)

    def transition(self, move: Move) -> None:
        """Change a state, if it still is where the change starts. Raises StateChanged, UnknownRecord."""
        changed = self._connection.execute(
            update(registros)
            .where(registros.c.folio == move.folio, registros.c.estado == move.de.value)
            .values(**move.values())
        )
        if changed.rowcount != 1:
            present = self.get(move.folio).estado
            place = f"registro {move.folio}"
            raise StateChanged("registro.estado", place, move.de.value, present.value)
        self._keep(move.folio, move.de, move.a, move.actor, move.cuando, move.causa, move.detalle)

    def _keep(
        self,
        folio: str,
        de: Estado | None,
        a: Estado,
        actor: Actor,
        cuando: datetime,
        causa: Causa,
        detalle: str | None,
    ) -> None:
        change = {"de": de.value if de else None, "a": a.value, "causa": causa.value}
        acto = None
        if actor.quien is not Quien.SISTEMA:
            detail = {"de": change["de"] or "", "a": a.value}
            done = Done(actor.id, actor.role, "registro.transicion", folio, cuando, causa.value, detail)
            acto = self._acts.record(self._connection, done)
        row = {"folio": folio, "quien": actor.id, "como": actor.quien.value, "cuando": cuando, **change}
        salted = {"sal": secrets.token_bytes(SALT_BYTES), "detalle": detalle, "acto": acto}
        self._connection.execute(insert(transiciones).values(**row, **salted))
