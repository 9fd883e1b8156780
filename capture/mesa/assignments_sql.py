"""Who has which record, in SQL. The database refuses that two have the same one for the same review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from capture.calendar import ZONE
from capture.mesa.assignment import Workday, require_hours, share
from capture.mesa.errors import MesaRefusal
from capture.mesa.tables import asignaciones, muestra_registros, revisiones
from capture.records.moves import Actor
from capture.records.ports import Acts, Done
from capture.records.states import Estado
from capture.records.tables import registros

FIRST, SECOND, SETTLED = 1, 2, 3
"""Reviews of a record: the first, the second look, and the enlace's word between two that differ."""
REVIEWED, RETURNED, VOID = "revisado", "devuelto", "anulado"
_A = asignaciones.c


@dataclass(frozen=True, slots=True)
class Assignment:
    """A record that an operator has."""

    id: int
    folio: str
    operador: str
    vuelta: int
    asignado: datetime


class SqlAssignments:
    """Workloads within one transaction that writes."""

    def __init__(self, connection: Connection, acts: Acts) -> None:
        self._connection = connection
        self._acts = acts

    def assign(
        self,
        procesos: Sequence[str],
        operadores: Iterable[str],
        actor: Actor,
        now: datetime,
        workday: Workday,
    ) -> dict[str, int]:
        """Give out what waits in the mesa; how many each operator present was given.

        Raises MesaRefusal outside of the hours.
        """
        require_hours(now, workday)
        self._void(now)
        loads = self.loads(operadores, now)
        room = sum(max(0, workday.daily - load) for load in loads.values())
        given = share(self._waiting(procesos, room), loads, workday.daily)
        return self._give(given, FIRST, actor, now)

    def assign_second(
        self, muestra: str, operadores: Iterable[str], actor: Actor, now: datetime, workday: Workday
    ) -> dict[str, int]:
        """Give out what of a sample waits for its second look, never to whoever made the first review."""
        require_hours(now, workday)
        loads = self.loads(operadores, now)
        given = []
        for folio, first in self._second_waiting(muestra):
            others = {one: load for one, load in loads.items() if one != first}
            for pair in share([folio], others, workday.daily):
                given.append(pair)
                loads[pair[1]] += 1
        return self._give(given, SECOND, actor, now)

    def loads(self, operadores: Iterable[str], now: datetime) -> dict[str, int]:
        """Of each operator, the records open and those reviewed today (hora centro)."""
        loads = dict.fromkeys(operadores, 0)
        opened = select(_A.operador, func.count()).where(_A.cerrado.is_(None)).group_by(_A.operador)
        today = datetime.combine(now.astimezone(ZONE).date(), time(), ZONE)
        r = revisiones.c
        done = select(r.operador, func.count()).where(r.cuando >= today, r.vuelta != SETTLED)
        for wanted in (opened, done.group_by(r.operador)):
            for operador, count in self._connection.execute(wanted):
                if operador in loads:
                    loads[operador] += count
        return loads

    def give_back(self, operador: str, actor: Actor, now: datetime) -> int:
        """Take back all that an absent operator has; how many records wait again."""
        held = update(asignaciones).where(_A.operador == operador, _A.cerrado.is_(None))
        folios = self._connection.execute(held.values(cerrado=now, cierre=RETURNED).returning(_A.folio)).all()
        detail = {"registros": str(len(folios))}
        self._acts.record(
            self._connection, Done(actor.id, actor.role, "mesa.devolucion", operador, now, detail=detail)
        )
        return len(folios)

    def held(self, operador: str, after: int = 0, size: int = 100) -> list[Assignment]:
        """What an operator has open, oldest first, from the id `after` on."""
        wanted = _open().where(_A.operador == operador, _A.id > after).order_by(_A.id).limit(size)
        return [Assignment(*row) for row in self._connection.execute(wanted)]

    def require_held(self, folio: str, operador: str) -> Assignment:
        """The open assignment of this record to this operator. Raises MesaRefusal."""
        row = self._connection.execute(_open().where(_A.operador == operador, _A.folio == folio)).first()
        if row is None:
            raise MesaRefusal("mesa.asignacion", f"registro {folio}", "un registro asignado a usted", "otro")
        return Assignment(*row)

    def close(self, assignment: Assignment, now: datetime) -> None:
        """The record was reviewed."""
        mine = update(asignaciones).where(_A.id == assignment.id, _A.cerrado.is_(None))
        self._connection.execute(mine.values(cerrado=now, cierre=REVIEWED))

    def _void(self, now: datetime) -> None:
        # A record may have left the mesa by itself: an earlier one of the same person was processed.
        left = select(registros.c.folio).where(
            registros.c.folio == _A.folio, registros.c.estado != Estado.EN_MESA.value
        )
        gone = update(asignaciones).where(_A.cerrado.is_(None), _A.vuelta == FIRST, left.exists())
        self._connection.execute(gone.values(cerrado=now, cierre=VOID))

    def _waiting(self, procesos: Sequence[str], most: int) -> list[str]:
        taken = select(_A.id).where(_A.folio == registros.c.folio, _A.vuelta == FIRST, _A.cerrado.is_(None))
        wanted = (
            select(registros.c.folio)
            .where(registros.c.proceso.in_(procesos), registros.c.estado == Estado.EN_MESA.value)
            .where(~taken.exists())
            .order_by(registros.c.recibido, registros.c.folio)
            .limit(most)
        )
        return list(self._connection.execute(wanted).scalars())

    def _second_waiting(self, muestra: str) -> list[tuple[str, str]]:
        m, r = muestra_registros.c, revisiones.c
        taken = select(_A.id).where(_A.folio == m.folio, _A.vuelta == SECOND, _A.cerrado.is_(None))
        done = select(r.id).where(r.folio == m.folio, r.vuelta == SECOND)
        wanted = select(m.folio, m.primera).where(m.muestra == muestra, ~taken.exists(), ~done.exists())
        return [(folio, first) for folio, first in self._connection.execute(wanted.order_by(m.folio))]

    def _give(
        self, given: Iterable[tuple[str, str]], vuelta: int, actor: Actor, now: datetime
    ) -> dict[str, int]:
        counts: dict[str, int] = {}
        for folio, operador in given:
            if self._insert(folio, operador, vuelta, actor, now):
                counts[operador] = counts.get(operador, 0) + 1
        for operador, count in sorted(counts.items()):
            detail = {"registros": str(count), "vuelta": str(vuelta)}
            done = Done(actor.id, actor.role, "mesa.asignacion", operador, now, detail=detail)
            self._acts.record(self._connection, done)
        return counts

    def _insert(self, folio: str, operador: str, vuelta: int, actor: Actor, now: datetime) -> bool:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        row = {"folio": folio, "operador": operador, "vuelta": vuelta, "asignado": now}
        statement = dialect.insert(asignaciones).values(asignado_por=actor.id, **row)
        kept = statement.on_conflict_do_nothing().returning(asignaciones.c.id)
        return self._connection.execute(kept).first() is not None


def _open() -> Select[Any]:
    columns = (_A.id, _A.folio, _A.operador, _A.vuelta, _A.asignado)
    return select(*columns).where(_A.cerrado.is_(None))
