"""Retention in SQL, within one transaction: dates of a process, its list, and where a destruction is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from capture.audiencia.tables import audiencia_revisiones
from capture.patterns.store_sql import forget as forget_patterns
from capture.processes.tables import procesos
from capture.reading.store_sql import SqlReadings
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter
from capture.records.tables import primeros, registros
from capture.results.keys_sql import Doer
from capture.results.store_sql import delivered
from capture.results.tables import paquetes
from capture.retention.acta import Acta, list_digest
from capture.retention.errors import RetentionRefusal
from capture.retention.plan import Dates
from capture.retention.tables import destrucciones, respaldos

PAGE = 500


class Retention:
    """Reads with any connection; what writes needs one that writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dates(self, proceso: str) -> Dates:
        """What has happened to its records."""
        row = self.row(proceso)
        return Dates(delivered(self._connection, proceso), row and row.ordenada, row and row.concluida)

    def row(self, proceso: str) -> Any:
        """Its destruction, None before it was ordered."""
        return self._connection.execute(
            select(destrucciones).where(destrucciones.c.proceso == proceso)
        ).first()

    def order(self, proceso: str, who: Doer, reason: str, now: datetime) -> None:
        """Write down what there is and that it is to be destroyed."""
        count, digest = list_digest(self._listed(proceso))
        states = SqlRecordReading(self._connection).counts(Filter(procesos=(proceso,)))
        self._connection.execute(
            insert(destrucciones).values(
                proceso=proceso,
                ordenada=now,
                ordenada_por=who.account,
                rol=who.role,
                motivo=reason,
                registros=count,
                por_estado=json.dumps({state.value: n for state, n in states.items()}),
                lista_sha256=digest,
            )
        )

    def _listed(self, proceso: str) -> Iterator[tuple[str, str, str]]:
        c = registros.c
        wanted = select(c.folio, c.codigo, c.estado).where(c.proceso == proceso).order_by(c.folio)
        for row in self._connection.execute(wanted):
            yield row.folio, row.codigo, row.estado

    def mark(self, proceso: str, **values: object) -> None:
        """A step is done."""
        mine = destrucciones.c.proceso == proceso
        self._connection.execute(update(destrucciones).where(mine).values(**values))

    def bodies(self, proceso: str, after: str) -> list[tuple[str, str]]:
        """Folio and path of the next PAGE bodies after a folio."""
        c = registros.c
        wanted = select(c.folio, c.cuerpo).where(c.proceso == proceso, c.folio > after)
        rows = self._connection.execute(wanted.order_by(c.folio).limit(PAGE))
        return [(row.folio, row.cuerpo) for row in rows]

    def packages(self, proceso: str) -> list[str]:
        """Paths of what was encrypted for others about this process."""
        mine = select(paquetes.c.ruta).where(paquetes.c.proceso == proceso)
        return list(self._connection.execute(mine).scalars())

    def forget(self, proceso: str) -> None:
        """Delete what is left of people in the database: sealed data, HMACs, envelopes, readings, prints."""
        values = {"datos": None, "huella_clave": None, "sobre": b""}
        self._connection.execute(update(registros).where(registros.c.proceso == proceso).values(**values))
        mine = select(registros.c.folio).where(registros.c.proceso == proceso)
        told = update(audiencia_revisiones).where(audiencia_revisiones.c.folio.in_(mine))
        self._connection.execute(told.values(sellado=b""))
        self._connection.execute(delete(primeros).where(primeros.c.proceso == proceso))
        forget_patterns(self._connection, proceso)
        SqlReadings(self._connection).forget(proceso)

    def acta(self, proceso: str, concluded: datetime) -> Acta:
        """The acta of a destruction whose steps are all done. Raises RetentionRefusal when one is missing."""
        row, results = self.row(proceso), self.dates(proceso).delivered
        steps = (row.llave_destruida, row.archivos_borrados, row.datos_borrados)
        if results is None or not all(steps):
            raise RetentionRefusal("retencion.pasos", proceso, "todos los pasos hechos", "faltan")
        periodo = select(procesos.c.periodo).where(procesos.c.folio == proceso)
        return Acta(
            proceso=proceso,
            periodo=self._connection.execute(periodo).scalar_one(),
            delivered=results,
            ordered=row.ordenada,
            ordered_by=row.ordenada_por,
            reason=row.motivo,
            records=row.registros,
            by_state=json.loads(row.por_estado),
            list_sha256=row.lista_sha256,
            key=row.llave_sha256,
            key_destroyed=row.llave_destruida,
            files_deleted=row.archivos_borrados,
            data_deleted=row.datos_borrados,
            concluded=concluded,
        )

    def require_same(self, proceso: str) -> None:
        """Refuse when the records that remain are not those that were listed. Raises RetentionRefusal."""
        row = self.row(proceso)
        count, digest = list_digest(self._listed(proceso))
        if (count, digest) != (row.registros, row.lista_sha256):
            raise RetentionRefusal(
                "retencion.lista", proceso, f"{row.registros} registros, los mismos", count
            )

    def backup_started(self, proceso: str, now: datetime) -> None:
        """Write it down once."""
        if self.backup(proceso) is None:
            self._connection.execute(insert(respaldos).values(proceso=proceso, iniciado=now))

    def backup(self, proceso: str) -> Any:
        """The row of its backup, None before it began."""
        return self._connection.execute(select(respaldos).where(respaldos.c.proceso == proceso)).first()

    def backup_done(self, proceso: str, bodies: int, now: datetime) -> None:
        """All bodies are in the backup."""
        mine = update(respaldos).where(respaldos.c.proceso == proceso)
        self._connection.execute(mine.values(concluido=now, cuerpos=bodies))
