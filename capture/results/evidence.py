"""The evidence of each step, counted in the database and the log: nobody types a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Protocol

from sqlalchemy import Connection, func, select

from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter, Record
from capture.records.states import Estado
from capture.records.tables import registros
from capture.results.source_sql import SqlSource
from capture.results.steps import Evidence

BATCH = 500


class Counting(Protocol):
    """How many acuses the published log holds."""

    def count(self, records: Sequence[Record]) -> int:
        """Of these records, those that have their own leaf."""


class EvidenceOf:
    """Counts what a step needs of one process, in one consistent view."""

    def __init__(self, connection: Connection, proceso: str, who: str, now: datetime) -> None:
        self._connection = connection
        self._proceso = proceso
        self._who, self._now = who, now
        self._states = SqlRecordReading(connection).counts(Filter(procesos=(proceso,)))

    def reception(self) -> Evidence:
        """A: everything that was received, as of now."""
        return self._evidence({"recibidos": self._received()}, corte=self._now.isoformat(timespec="seconds"))

    def mesa(self, oficio: str) -> Evidence:
        """B: the OPL's oficio says that the mesa is done, and nothing waits in it."""
        return self._evidence({"en_mesa": self._states[Estado.EN_MESA]}, oficio=oficio)

    def processing(self, cut_off: str) -> Evidence:
        """C: nothing waits for processing or for the padrón, whose cut-off date was `cut_off`."""
        waiting = self._states[Estado.RECIBIDO] + self._states[Estado.EN_PROCESAMIENTO]
        counts = {"en_procesamiento": waiting, "sin_compulsa": self._states[Estado.PARA_COMPULSA]}
        return self._evidence(counts, corte_padron=cut_off)

    def conciliation(self, source: SqlSource, leaves: Counting) -> Evidence:
        """D: the same number by state, in the log, and of acuses whose text is that of their code."""
        logged = whole = 0
        records = source.records(self._proceso)
        while batch := list(islice(records, BATCH)):
            logged += leaves.count(batch)
            whole += self._whole(batch)
        counts = {"por_estado": sum(self._states.values())}
        return self._evidence({**counts, "acuses_en_bitacora": logged, "acuses_integros": whole})

    def _whole(self, records: Iterable[Record]) -> int:
        folios = [record.folio for record in records]
        wanted = select(registros.c.acuse, registros.c.codigo).where(registros.c.folio.in_(folios))
        return sum(sha256(acuse).hexdigest() == code for acuse, code in self._connection.execute(wanted))

    def _received(self) -> int:
        mine = select(func.count()).select_from(registros).where(registros.c.proceso == self._proceso)
        return int(self._connection.execute(mine).scalar_one())

    def _evidence(self, counts: dict[str, int], **facts: str) -> Evidence:
        return Evidence(self._now, self._who, counts, facts)
