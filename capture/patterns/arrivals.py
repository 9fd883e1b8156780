"""What one record that arrives adds to the patterns of its process: by what it looks like and how it came."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from capture.patterns.findings_sql import Arrival, Member, SqlFindings
from capture.patterns.index import Match, ProcessIndex
from capture.patterns.rules import Patron, Regla, Stamp, journey, pace, worse
from capture.patterns.seen import Rows
from capture.patterns.settings import PatternLimits
from capture.patterns.store_sql import SqlSeen, Waiting
from capture.patterns.tables import vistos

_DEVICE, _AUXILIAR = "dispositivo", "auxiliar"


class Arrivals:
    """Looks for one record at a time. `index` has exactly the records that were placed before it."""

    def __init__(self, connection: Connection, index: ProcessIndex, limits: PatternLimits) -> None:
        self._seen, self._findings = SqlSeen(connection), SqlFindings(connection)
        self._index, self._limits = index, limits

    def look(self, one: Waiting, row: Rows, now: datetime) -> None:
        """Give the record the next place, and let all patterns that it touches grow."""
        arrival = Arrival(one.proceso, one.folio, len(self._index), now)
        matches = list(self._index.matches(row, self._limits))
        self._seen.place(one.folio, arrival.orden)
        self._index.extend(row)
        for match in matches:
            self._alike(arrival, match)
        if one.dispositivo is not None:
            self._device(arrival, one)
        if one.auxiliar is not None:
            self._too_fast(arrival, one, _AUXILIAR, one.auxiliar)
        if one.dispositivo is not None and one.auxiliar is not None:
            self._shared(arrival, one)

    def _alike(self, arrival: Arrival, match: Match) -> None:
        """Join the patterns of those it is like; those that are in none yet make one with it."""
        index, rule, objeto = self._index, match.rule, match.objeto
        homes = index.home(rule, objeto, match.ordenes)
        for pattern in np.unique(homes[homes > 0]).tolist():
            measure = _worst(rule, match.measures[homes == pattern])
            self._findings.join(pattern, arrival, measure, [arrival.member])
            index.settle(rule, objeto, arrival.orden, pattern)
        alone = match.ordenes[homes == 0].tolist()
        if not alone:
            return
        members: list[Member] = [(index.folio(orden), orden) for orden in alone]
        measure = _worst(rule, match.measures[homes == 0])
        made = self._findings.found(arrival, rule, objeto, members[0][0], measure, [*members, arrival.member])
        for orden in [*alone, arrival.orden]:
            index.settle(rule, objeto, orden, made)

    def _device(self, arrival: Arrival, one: Waiting) -> None:
        device = str(one.dispositivo)
        self._too_fast(arrival, one, _DEVICE, device)
        mine = Stamp(one.folio, one.capturado, self._index.place(arrival.orden))
        for row in self._seen.beside(one):
            other = Stamp(row.folio, row.capturado, self._index.place(row.orden))
            self._keep(arrival, journey(device, mine, other, self._limits), {row.folio: row.orden})
        if one.noche and (nights := self._seen.nights(one)) >= self._limits.night_captures:
            self._of_subject(arrival, one, Regla.NOCHE, _DEVICE, nights)

    def _too_fast(self, arrival: Arrival, one: Waiting, objeto: str, sujeto: str) -> None:
        limits = self._limits
        is_device = objeto == _DEVICE
        most = limits.captures_per_hour_device if is_device else limits.captures_per_hour_auxiliar
        rows = self._seen.around(vistos.c[objeto], one, sujeto)
        if len(rows) <= most:
            return
        stamps = [Stamp(row.folio, row.capturado) for row in rows]
        places = {row.folio: row.orden for row in rows}
        self._keep(arrival, pace(objeto, sujeto, stamps, one.folio, most), places)

    def _shared(self, arrival: Arrival, one: Waiting) -> None:
        people, devices = self._seen.uses(one)
        if people >= self._limits.auxiliares_per_device:
            self._of_subject(arrival, one, Regla.DISPOSITIVO, _DEVICE, people)
        if devices >= self._limits.devices_per_auxiliar:
            self._of_subject(arrival, one, Regla.DISPOSITIVOS, _AUXILIAR, devices)

    def _of_subject(self, arrival: Arrival, one: Waiting, rule: Regla, objeto: str, measure: int) -> None:
        """All that its device (or auxiliar) captured when the pattern is new; later itself alone."""
        sujeto = str(getattr(one, objeto))
        members: list[Member] = [arrival.member]
        if self._findings.find(one.proceso, rule, objeto, sujeto) is None:
            only = (vistos.c.noche,) if rule is Regla.NOCHE else ()
            members = self._seen.of(one, vistos.c[objeto], *only)
        self._findings.found(arrival, rule, objeto, sujeto, float(measure), members)

    def _keep(self, arrival: Arrival, patron: Patron | None, places: dict[str, int]) -> None:
        if patron is None:
            return
        places = {**places, arrival.folio: arrival.orden}
        members = [(folio, places[folio]) for folio in patron.folios]
        self._findings.found(arrival, patron.rule, patron.objeto, patron.sujeto, patron.measure, members)


def _worst(rule: Regla, measures: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return round(worse(rule, float(measures.min()), float(measures.max())), 3)
