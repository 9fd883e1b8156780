"""Gathering a Nota informativa from SQL, as things stood just before a cut-off.

States of then come from the history of each record. The type of an inconsistencia is only kept while it
holds: of a record that left that state after the cut-off it is told as changed later. What was purged since
is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, select

from capture.attention.store_sql import SqlReports
from capture.auxiliares.causes import CAUSES
from capture.auxiliares.tables import auxiliares, dispositivos
from capture.processes.tables import opls, periodos, procesos
from capture.records.states import Columna, Estado, columna
from capture.records.tables import registros, transiciones
from capture.reports.counters import received_hour
from capture.reports.days import ZONE, day_of_hour
from capture.reports.errors import ReportRefusal
from capture.reports.nota import CHANGED_LATER, AuxiliarDay, Nota, Subject, by_day, by_month


def gather(connection: Connection, folio: str, corte: datetime) -> Nota:
    """The nota of a process. `corte`: not in the future. Raises ReportRefusal, FiguresDisagree.

    All of it is of one instant only in a connection of `one_view`.
    """
    subject, periodo = _subject(connection, folio)
    of_period = procesos.c.periodo == periodo
    all_days = _days(connection, select(procesos.c.folio).where(of_period), corte)
    avance, kinds = _progress(connection, folio, corte)
    modes, senders = _senders(connection, folio, corte)
    people = _auxiliares(connection, folio, corte)
    last = corte.astimezone(ZONE).date()
    made = Nota(
        sujeto=subject,
        corte=corte,
        procesos=_registered(connection, of_period, corte),
        meses=by_month(all_days, subject.inicio.astimezone(ZONE).date(), last),
        auxiliares=people[0],
        bajas=people[1],
        avance=avance,
        modalidades=modes,
        auxiliares_que_enviaron=senders,
        inconsistencias=kinds,
        dias=_days(connection, [folio], corte),
        reportes=tuple(SqlReports(connection).of_process(folio, corte)),
    )
    made.require_consistent()
    return made


def _subject(connection: Connection, folio: str) -> tuple[Subject, str]:
    chosen = (
        select(
            procesos.c.folio,
            procesos.c.denominacion,
            procesos.c.promovente,
            periodos.c.tipo,
            procesos.c.registrado,
            periodos.c.nombre,
            periodos.c.inicio,
            periodos.c.fin,
            opls.c.nombre,
            periodos.c.id,
        )
        .join_from(procesos, periodos, periodos.c.id == procesos.c.periodo)
        .join(opls, opls.c.id == periodos.c.opl)
    )
    row = connection.execute(chosen.where(procesos.c.folio == folio)).first()
    if row is None:
        raise ReportRefusal("reporte.proceso", f"proceso {folio}", "un Id Proceso registrado", "ninguno")
    return Subject(*row[:-1]), row[-1]


def _registered(connection: Connection, of_period: ColumnElement[bool], corte: datetime) -> dict[date, int]:
    chosen = select(procesos.c.registrado).where(of_period, procesos.c.registrado < corte)
    return by_day((_day(instant), 1) for instant in connection.execute(chosen).scalars())


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def _days(connection: Connection, folios: Any, corte: datetime) -> dict[date, int]:
    hour = received_hour()
    chosen = select(hour, func.count()).where(registros.c.proceso.in_(folios), registros.c.recibido < corte)
    return by_day((day_of_hour(at), amount) for at, amount in connection.execute(chosen.group_by(hour)))


def _auxiliares(
    connection: Connection, folio: str, corte: datetime
) -> tuple[tuple[AuxiliarDay, ...], dict[str, int]]:
    in_app = exists().where(dispositivos.c.auxiliar == auxiliares.c.id, dispositivos.c.alta < corte)
    columns = (auxiliares.c.alta, auxiliares.c.baja, auxiliares.c.baja_causa, in_app)
    chosen = select(*columns).where(auxiliares.c.proceso == folio, auxiliares.c.alta < corte)
    days: dict[date, list[int]] = {}
    causes: Counter[str] = Counter()
    for alta, baja, cause, registered in connection.execute(chosen):
        gone = baja is not None and baja < corte
        days.setdefault(_day(alta), [0, 0, 0])[2 if gone else int(registered)] += 1
        if gone:
            causes[CAUSES[cause].words if cause in CAUSES else cause or "Sin causa registrada"] += 1
    rows = tuple(AuxiliarDay(day, *days[day]) for day in sorted(days))
    return rows, dict(sorted(causes.items()))


def _progress(
    connection: Connection, folio: str, corte: datetime
) -> tuple[dict[Columna, int], dict[str, int]]:
    columns: Counter[Columna] = Counter(dict.fromkeys(Columna, 0))
    kinds: Counter[str] = Counter()
    for then, now, inciso, tipo, amount in _states(connection, folio, corte):
        where = columna(Estado(then), inciso if then == Estado.FINAL.value else None)
        columns[where] += amount
        if where is Columna.CON_INCONSISTENCIA:
            held = now in (then, Estado.FINAL.value)
            kinds[tipo if held and tipo else CHANGED_LATER] += amount
    return dict(columns), dict(sorted(kinds.items()))


def _states(connection: Connection, folio: str, corte: datetime) -> Sequence[Any]:
    """State of then, state of now, inciso and type of now, and how many."""
    of_process = (registros.c.proceso == folio, registros.c.recibido < corte)
    before = transiciones.c.cuando < corte
    last = (
        select(func.max(transiciones.c.id).label("id"))
        .join(registros, registros.c.folio == transiciones.c.folio)
        .where(*of_process, before)
        .group_by(transiciones.c.folio)
        .subquery()
    )
    key = (transiciones.c.a, registros.c.estado, registros.c.inciso, registros.c.tipo_inconsistencia)
    chosen = (
        select(*key, func.count())
        .join_from(last, transiciones, transiciones.c.id == last.c.id)
        .join(registros, registros.c.folio == transiciones.c.folio)
        .group_by(*key)
    )
    return connection.execute(chosen).all()


def _senders(connection: Connection, folio: str, corte: datetime) -> tuple[dict[str, int], int]:
    of_process = (registros.c.proceso == folio, registros.c.recibido < corte)
    modes = select(registros.c.modalidad, func.count()).where(*of_process).group_by(registros.c.modalidad)
    senders = select(func.count(registros.c.auxiliar.distinct())).where(*of_process)
    found = {row[0]: row[1] for row in connection.execute(modes.order_by(registros.c.modalidad))}
    return found, int(connection.execute(senders).scalar_one())
