"""The periodo of a process, its limits and its OPL, from SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from capture.processes.tables import periodos, procesos
from capture.records.errors import UnknownRecord


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """What other parts ask about the periodo of a process."""

    id: str
    opl: str
    inicio: datetime
    fin: datetime
    municipios: str
    """JSON list of the municipios of the régimen de excepción."""


class SqlPeriods:
    """See `capture.processing.ports.Periods`."""

    def periodo_of(self, connection: Connection, proceso: str) -> str:
        """Its id. Raises UnknownRecord (proceso.existe)."""
        return self.of(connection, proceso).id

    def of(self, connection: Connection, proceso: str) -> PeriodOf:
        """The periodo. Raises UnknownRecord (proceso.existe)."""
        p = periodos.c
        wanted = (
            select(p.id, p.opl, p.inicio, p.fin, p.municipios_excepcion)
            .join(procesos, procesos.c.periodo == p.id)
            .where(procesos.c.folio == proceso)
        )
        row = connection.execute(wanted).first()
        if row is None:
            raise UnknownRecord("proceso.existe", "Id Proceso", "un proceso registrado", proceso)
        return PeriodOf(*row)

    def processes_of(self, connection: Connection, opl: str | None) -> tuple[str, ...]:
        """The folios of an OPL's processes, or all of them."""
        wanted = select(procesos.c.folio).join(periodos, procesos.c.periodo == periodos.c.id)
        wanted = wanted.order_by(procesos.c.folio)
        if opl is not None:
            wanted = wanted.where(periodos.c.opl == opl)
        return tuple(connection.execute(wanted).scalars())
