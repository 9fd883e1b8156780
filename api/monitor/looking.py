"""The monitor as it is answered, and the loop that folds its counters."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from pydantic import BaseModel

from api.http.here import Here
from api.monitor import counters
from api.monitor.facts import GRACE, GUARDED, NAMES, Hecho, Span, exact, guarded, hour_of, start_of
from api.worker.loops import Loop
from api.worker.services import WorkerServices
from tally.consulta.cronograma import Fase, local
from tally.consulta.store_sql import Consulta, Consultas

FOLD_SECONDS = 20.0
"""Seconds between two rounds that fold what was counted; the figures are exact whatever this says."""
UNKNOWN = "Por determinar"
"""Of requests whose demarcación is not known yet."""
HEADER = ("hecho", "demarcacion", "desde", "hasta", "total")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Tramo(BaseModel):
    """De un instante (incluido) a otro (excluido), de la hora del centro."""

    desde: datetime
    hasta: datetime
    total: int


class Demarcacion(BaseModel):
    """Lo de una demarcación; sus tramos suman el total."""

    demarcacion: str
    total: int
    tramos: list[Tramo]


class HechoView(BaseModel):
    """Lo que se cuenta. `reservado`: por horas completas, y nunca de menos de `k` juntas."""

    hecho: str
    nombre: str
    reservado: bool
    total: int
    demarcaciones: list[Demarcacion]


class MonitorView(BaseModel):
    """Las cifras de una consulta a un corte. De las opiniones, cuántas hubo y nunca qué dicen."""

    consulta: str
    corte: datetime
    k: int
    hechos: list[HechoView]


def look(here: Here, consulta: str) -> MonitorView:
    """Raises NoConsulta."""
    with here.database.reading() as db:
        found = Consultas(db).get(consulta)
        hours = counters.read(db, consulta)
    facts = [_fact(fact, found, hours, here.now) for fact in Hecho]
    return MonitorView(consulta=consulta, corte=local(here.now), k=found.k, hechos=facts)


def _fact(fact: Hecho, found: Consulta, hours: counters.Hours, now: datetime) -> HechoView:
    zones = []
    for (which, name), counts in sorted(hours.items()):
        if which is not fact:
            continue
        spans = _spans(fact, found, counts, now)
        if spans:
            zones.append(_zone(name, spans))
    return HechoView(
        hecho=fact.value,
        nombre=NAMES[fact],
        reservado=fact in GUARDED,
        total=sum(zone.total for zone in zones),
        demarcaciones=zones,
    )


def _spans(fact: Hecho, found: Consulta, counts: dict[int, int], now: datetime) -> list[Span]:
    if fact not in GUARDED:
        return exact(counts)
    end = found.cronograma[Fase.OPINION].fin
    over = fact is Hecho.OPINION and now - GRACE >= end
    # The hour in which the urns close is whole at that instant: nothing is added to it any more.
    return guarded(counts, found.k, hour_of(now - GRACE) + over, over=over)


def _zone(name: str, spans: list[Span]) -> Demarcacion:
    told = [
        Tramo(desde=local(start_of(s.since)), hasta=local(start_of(s.until)), total=s.total) for s in spans
    ]
    return Demarcacion(demarcacion=name or UNKNOWN, total=sum(s.total for s in spans), tramos=told)


def table(view: MonitorView) -> bytes:
    """The same as CSV in UTF-8 with a byte order mark: a row for each span."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for fact in view.hechos:
        for zone in fact.demarcaciones:
            for span in zone.tramos:
                ends = (span.desde.isoformat(), span.hasta.isoformat())
                writer.writerow([fact.hecho, _cell(zone.demarcacion), *ends, span.total])
    return text.getvalue().encode("utf-8-sig")


def _cell(name: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{name}" if name.startswith(_FORMULA) else name


def monitor_loops(services: WorkerServices) -> list[Loop]:
    """What the worker does for the monitor."""
    return [Loop("monitor", lambda: counters.fold(services.database), FOLD_SECONDS)]
