"""The crossing of duplicates between the aspirantes of a periodo (001 §13.3, APO-20), without a name in it.

Of each person who appears in more than one process: in which records. People are told apart by the HMAC that
processing made; it does not leave the service, a number takes its place. What follows is the OPL's rule.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, func, select

from capture.processes.tables import procesos
from capture.records.states import Estado
from capture.records.tables import registros
from capture.results.rows import BOM, cell

COUNTED = (Estado.EN_MESA, Estado.CON_INCONSISTENCIA, Estado.PARA_COMPULSA, Estado.COMPULSADO, Estado.FINAL)
"""Duplicates within a process are out: the first counts. So is what was not received validly."""
COLUMNS = ("persona", "proceso", "folio", "fecha_recepcion", "estado", "inciso", "situacion_registral")


@dataclass(frozen=True, slots=True)
class Crossing:
    """A record of a person who supported more than one. `persona` numbers from 1 within this report."""

    persona: int
    proceso: str
    folio: str
    recibido: datetime
    estado: str
    inciso: str | None
    situacion: str | None


def crossings(connection: Connection, periodo: str) -> Iterator[Crossing]:
    """All of them, person by person, each one's records in order of reception."""
    mine = (
        select(registros.c.huella_clave)
        .join(procesos, procesos.c.folio == registros.c.proceso)
        .where(procesos.c.periodo == periodo, registros.c.huella_clave.is_not(None))
        .where(registros.c.estado.in_([state.value for state in COUNTED]))
    )
    repeated = mine.group_by(registros.c.huella_clave).having(func.count(registros.c.proceso.distinct()) > 1)
    c = registros.c
    wanted = (
        select(c.huella_clave, c.proceso, c.folio, c.recibido, c.estado, c.inciso, c.situacion)
        .join(procesos, procesos.c.folio == c.proceso)
        .where(procesos.c.periodo == periodo, c.huella_clave.in_(repeated))
        .where(c.estado.in_([state.value for state in COUNTED]))
        .order_by(c.huella_clave, c.recibido, c.folio)
    )
    rows = connection.execute(wanted)
    for number, (_, group) in enumerate(groupby(rows, attrgetter("huella_clave")), 1):
        for row in group:
            yield Crossing(number, *row[1:])


def csv_lines(found: Iterator[Crossing], totals: Totals) -> Iterator[bytes]:
    """The report as CSV; `totals` counts what passes."""
    yield (BOM + ",".join(COLUMNS) + "\r\n").encode()
    for persona, group in groupby(found, attrgetter("persona")):
        rows = list(group)
        totals.add(rows)
        for one in rows:
            values = (persona, one.proceso, one.folio, one.recibido, one.estado, one.inciso, one.situacion)
            text = io.StringIO()
            csv.writer(text).writerow([cell(value) for value in values])
            yield text.getvalue().encode()


class Totals:
    """How many people each pair of processes shares."""

    def __init__(self) -> None:
        self.people = self.records = 0
        self.pairs: Counter[tuple[str, str]] = Counter()

    def add(self, rows: list[Crossing]) -> None:
        """Count one person's records."""
        self.people += 1
        self.records += len(rows)
        processes = sorted({row.proceso for row in rows})
        for at, one in enumerate(processes):
            for other in processes[at + 1 :]:
                self.pairs[one, other] += 1

    def to_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        pairs = [{"procesos": list(pair), "personas": n} for pair, n in sorted(self.pairs.items())]
        return {"personas": self.people, "registros": self.records, "pares": pairs}
