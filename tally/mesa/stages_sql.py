"""How far the Mesas of a consultation are, in SQL: one row, and when each stage was reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tally.consulta.store_sql import Consultas
from tally.mesa import states
from tally.mesa.states import Etapa, Paso
from tally.mesa.tables import mesa_etapas

_C = mesa_etapas.c


class Stages:
    """Of one consultation, in the caller's transaction."""

    def __init__(self, connection: Connection, consulta: str) -> None:
        self._db, self._consulta = connection, consulta

    def now(self) -> Etapa:
        """Where the Mesas are."""
        found = self._db.execute(select(_C.etapa).where(_C.consulta == self._consulta)).scalar()
        return Etapa.CAPTURA if found is None else Etapa(found)

    def reached(self, etapa: Etapa) -> datetime | None:
        """When a stage after the first was reached."""
        column = _C[etapa.value]
        found: datetime | None = self._db.execute(
            select(column).where(_C.consulta == self._consulta)
        ).scalar()
        return found

    def move(self, paso: Paso, now: datetime) -> Etapa:
        """Lead the Mesas on; whoever does holds the consultation. Raises NoConsulta, MesaSettled."""
        Consultas(self._db).get(self._consulta, lock=True)
        before = self.now()
        then = states.after(before, paso, self._consulta)
        values = {"etapa": then.value, then.value: now}
        if before is Etapa.CAPTURA:
            self._db.execute(insert(mesa_etapas).values(consulta=self._consulta, **values))
        else:
            mine = update(mesa_etapas).where(_C.consulta == self._consulta)
            self._db.execute(mine.values(**values))
        return then
