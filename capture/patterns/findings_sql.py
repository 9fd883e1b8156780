"""Patterns in SQL: they grow with each record that comes into them, and nobody else changes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from capture.patterns.rules import ALIKE, Regla, worse
from capture.patterns.tables import patrones, patrones_registros

Member = tuple[str, int]
"""Folio and place of a record."""
_P, _M = patrones.c, patrones_registros.c
_CHUNK = 500
_READ = 5_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record with which patterns grow."""

    proceso: str
    folio: str
    orden: int
    now: datetime

    @property
    def member(self) -> Member:
        """Itself."""
        return self.folio, self.orden


class SqlFindings:
    """Within one transaction of the caller, who holds the process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, proceso: str, rule: Regla, objeto: str, sujeto: str) -> int | None:
        """The id of a pattern."""
        same = (_P.proceso == proceso, _P.regla == rule.value, _P.objeto == objeto, _P.sujeto == sujeto)
        return self._connection.execute(select(_P.id).where(*same)).scalar()

    def found(
        self,
        arrival: Arrival,
        rule: Regla,
        objeto: str,
        sujeto: str,
        measure: float,
        members: Sequence[Member],
    ) -> int:
        """Make a pattern, or let the one that there is grow; its id."""
        known = self.find(arrival.proceso, rule, objeto, sujeto)
        if known is None:
            known = self._make(arrival, rule, objeto, sujeto, measure)
        self.join(known, arrival, measure, members)
        return known

    def _make(self, arrival: Arrival, rule: Regla, objeto: str, sujeto: str, measure: float) -> int:
        values: dict[str, Any] = {
            "proceso": arrival.proceso,
            "regla": rule.value,
            "objeto": objeto,
            "sujeto": sujeto,
        }
        values |= {"medida": measure, "registros": 0, "primero": arrival.now, "ultimo": arrival.now}
        made = self._connection.execute(insert(patrones).values(**values).returning(_P.id))
        return int(made.scalar_one())

    def join(self, pattern: int, arrival: Arrival, measure: float, members: Sequence[Member]) -> None:
        """Add those that are not in it yet."""
        new = [one for one in members if one[0] not in self._present(pattern, members)]
        row = self._connection.execute(select(_P.regla, _P.medida).where(_P.id == pattern)).one()
        worst = worse(Regla(row.regla), row.medida, measure)
        if not new and worst == row.medida:
            return
        common = {"patron": pattern, "proceso": arrival.proceso, "llegada": arrival.orden}
        if new:
            rows = [{**common, "folio": folio, "orden": orden} for folio, orden in new]
            self._connection.execute(insert(patrones_registros), rows)
        grown = {"registros": _P.registros + len(new), "medida": worst, "ultimo": arrival.now}
        self._connection.execute(update(patrones).where(_P.id == pattern).values(**grown))

    def _present(self, pattern: int, members: Sequence[Member]) -> frozenset[str]:
        folios = [folio for folio, _ in members]
        found: set[str] = set()
        for start in range(0, len(folios), _CHUNK):
            chunk = _M.folio.in_(folios[start : start + _CHUNK])
            found.update(
                self._connection.execute(select(_M.folio).where(_M.patron == pattern, chunk)).scalars()
            )
        return frozenset(found)

    def homes(self, proceso: str, start: int) -> Iterator[Any]:
        """Rule, image, place and pattern of what came into patterns with records from `start` on."""
        wanted = (
            select(_P.regla, _P.objeto, _M.orden, _M.patron)
            .join(patrones, _P.id == _M.patron)
            .where(_M.proceso == proceso, _M.llegada >= start, _P.regla.in_(ALIKE))
            .order_by(_M.llegada, _M.patron)
        )
        yield from self._connection.execute(wanted.execution_options(yield_per=_READ))
