"""Samples for the second look, how far reviewers agree, productivity, and the term of the mesa; in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, func, insert, select

from capture.calendar import ZONE, WorkingDays
from capture.mesa.assignments_sql import FIRST, SECOND, SETTLED
from capture.mesa.errors import MesaRefusal, UnknownSample
from capture.mesa.second_look import VALID, Agreement, agreement, draw
from capture.mesa.tables import muestra_registros, muestras, revisiones
from capture.records.insertion import insert_if_absent
from capture.records.moves import Actor
from capture.records.ports import Acts, Done
from capture.records.states import Estado
from capture.records.tables import registros, transiciones

TERM_WORKING_DAYS = 10
"""002 §6.2: from the arrival in the mesa until the outcome is in the portal."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is published of a sample: with it anybody who has the folios draws the same one."""

    id: str
    proceso: str
    semilla: str
    por_millar: int
    desde: datetime
    """First reviews from here on …"""
    hasta: datetime
    """… and before here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record in the mesa, since when, and until when its outcome is due."""

    folio: str
    desde: datetime
    vence: datetime


class SqlSamples:
    """Second looks within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def draw(self, sample: Sample, actor: Actor, now: datetime, acts: Acts) -> list[str]:
        """Draw and keep a sample of first reviews that are done; its folios. Raises MesaRefusal."""
        if now < sample.hasta:
            expected = f"revisiones que ya se hicieron: hasta {now.isoformat()} o antes"
            raise MesaRefusal("mesa.muestra.futuro", "muestra", expected, sample.hasta.isoformat())
        firsts = self._firsts(sample)
        folios = draw(sample.semilla, firsts, sample.por_millar)
        columns = ("id", "proceso", "semilla", "por_millar", "desde", "hasta")
        values = {name: getattr(sample, name) for name in columns}
        drawn = {"sorteada": now, "sorteada_por": actor.id}
        self._connection.execute(insert(muestras).values(**values, **drawn))
        for folio in folios:
            row = {"folio": folio, "muestra": sample.id, "primera": firsts[folio]}
            insert_if_absent(self._connection, muestra_registros, row)
        detail = {"semilla": sample.semilla, "registros": str(len(folios))}
        acts.record(
            self._connection, Done(actor.id, actor.role, "mesa.muestra", sample.id, now, detail=detail)
        )
        return folios

    def agreement(self, muestra: str) -> Agreement:
        """How far first and second reviews of a sample agree, so far as the second ones are done."""
        return agreement([(first or VALID, second or VALID) for _, first, second in self._pairs(muestra)])

    def disagreements(self, muestra: str) -> list[str]:
        """Records whose two reviews differ and that the enlace has not settled."""
        settled = select(revisiones.c.folio).where(revisiones.c.vuelta == SETTLED)
        done = set(self._connection.execute(settled.where(revisiones.c.muestra == muestra)).scalars())
        return [
            folio for folio, first, second in self._pairs(muestra) if first != second and folio not in done
        ]

    def get(self, muestra: str) -> Sample:
        """What is published of it. Raises UnknownSample."""
        m = muestras.c
        columns = (m.id, m.proceso, m.semilla, m.por_millar, m.desde, m.hasta)
        row = self._connection.execute(select(*columns).where(m.id == muestra)).first()
        if row is None:
            raise UnknownSample("mesa.muestra", f"muestra {muestra}", "una que se haya sorteado", "ninguna")
        return Sample(*row)

    def productivity(self, day: date, procesos: Sequence[str]) -> dict[str, int]:
        """Reviews that each operator made on a day (hora centro) of records of some processes."""
        r, begin = revisiones.c, datetime.combine(day, time(), ZONE)
        end = datetime.combine(day + timedelta(days=1), time(), ZONE)
        wanted = (
            select(r.operador, func.count())
            .join(registros, registros.c.folio == r.folio)
            .where(r.cuando >= begin, r.cuando < end, registros.c.proceso.in_(procesos))
        )
        rows = self._connection.execute(wanted.group_by(r.operador))
        return {operador: count for operador, count in rows}  # noqa: C416 - rows are not tuples for mypy

    def waiting(self, procesos: Sequence[str], calendar: WorkingDays, most: int = 500) -> list[Waiting]:
        """The records longest in the mesa, with the instant until which each is due."""
        t, r = transiciones.c, registros.c
        since = func.max(t.cuando)
        wanted = (
            select(r.folio, since)
            .join(transiciones, t.folio == r.folio)
            .where(r.proceso.in_(procesos), r.estado == Estado.EN_MESA.value, t.a == Estado.EN_MESA.value)
            .group_by(r.folio)
            .order_by(since, r.folio)
            .limit(most)
        )
        rows = self._connection.execute(wanted)
        return [Waiting(folio, at, calendar.after(at, TERM_WORKING_DAYS)) for folio, at in rows]

    def _firsts(self, sample: Sample) -> dict[str, str]:
        r = revisiones.c
        wanted = (
            select(r.folio, r.operador)
            .join(registros, registros.c.folio == r.folio)
            .where(registros.c.proceso == sample.proceso, r.vuelta == FIRST)
            .where(r.cuando >= sample.desde, r.cuando < sample.hasta)
            .where(r.folio.not_in(select(muestra_registros.c.folio)))
        )
        return {folio: operador for folio, operador in self._connection.execute(wanted)}  # noqa: C416

    def _pairs(self, muestra: str) -> list[tuple[str, str | None, str | None]]:
        first, second = revisiones.alias("primera"), revisiones.alias("segunda")
        m = muestra_registros.c
        wanted = (
            select(m.folio, first.c.inciso, second.c.inciso)
            .join(first, (first.c.folio == m.folio) & (first.c.vuelta == FIRST))
            .join(second, (second.c.folio == m.folio) & (second.c.vuelta == SECOND))
            .where(m.muestra == muestra)
            .order_by(m.folio)
        )
        return [tuple(row) for row in self._connection.execute(wanted)]
