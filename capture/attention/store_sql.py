"""Reports of users in SQL: taking them down, taking them on, answering, listing and counting them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from capture.attention.errors import AttentionRefusal, UnknownReport
from capture.attention.report import EstadoDeReporte, Medio, NewReport, Report, require_answer
from capture.attention.tables import reportes_atencion as reportes

MAX_PAGE = 200
_COLUMNS = [reportes.c[field.name] for field in fields(Report)]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports have the same causes and medium (003, table 11)."""

    causas: str
    """In words."""
    medio: Medio
    total: int


class SqlReports:
    """The desk within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, report: NewReport, operator: str | None) -> int:
        """Take a report down; its number. `operator`: the account that did, None for the portal."""
        row = {**asdict(report), "causas": ",".join(report.causas), "estado": EstadoDeReporte.RECIBIDO.value}
        made = insert(reportes).values(**row, registrado_por=operator).returning(reportes.c.id)
        return int(self._connection.execute(made).scalar_one())

    def get(self, number: int) -> Report:
        """One report. Raises UnknownReport."""
        row = self._connection.execute(select(*_COLUMNS).where(reportes.c.id == number)).mappings().first()
        if row is None:
            raise UnknownReport("atencion.reporte", f"reporte {number}", "un reporte recibido", "ninguno")
        return _report(row)

    def take(self, number: int, operator: str, proceso: str | None = None) -> None:
        """From now on this operator has it; with `proceso`, it is about that process.

        Raises UnknownReport, AttentionRefusal when it is answered or another operator has it.
        """
        free = reportes.c.atiende.is_(None) | (reportes.c.atiende == operator)
        about = {} if proceso is None else {"proceso": proceso}
        self._change(
            number, free & (reportes.c.estado != EstadoDeReporte.ATENDIDO.value), atiende=operator, **about
        )

    def answer(self, number: int, operator: str, text: str, now: datetime) -> None:
        """Answer what this operator has. Raises UnknownReport, AttentionRefusal, ReportFormRefusal."""
        mine = (reportes.c.atiende == operator) & (reportes.c.estado == EstadoDeReporte.EN_ATENCION.value)
        self._change(
            number, mine, respuesta=require_answer(text), atendido=now, estado=EstadoDeReporte.ATENDIDO.value
        )

    def _change(self, number: int, condition: Any, **values: Any) -> None:
        changed = {"estado": EstadoDeReporte.EN_ATENCION.value, **values}
        made = update(reportes).where(reportes.c.id == number, condition).values(**changed)
        if self._connection.execute(made).rowcount != 1:
            present = self.get(number)
            expected = "un reporte sin atender, y a cargo de quien lo cambia"
            other = ", a cargo de otra cuenta" if present.estado is EstadoDeReporte.EN_ATENCION else ""
            got = f"{present.estado.value}{other}"
            raise AttentionRefusal("atencion.estado", f"reporte {number}", expected, got)

    def page(
        self,
        estado: EstadoDeReporte | None = None,
        proceso: str | None = None,
        after: int = 0,
        size: int = 50,
    ) -> list[Report]:
        """At most `size` (and MAX_PAGE) reports with a number above `after`, oldest first."""
        chosen = select(*_COLUMNS).where(reportes.c.id > after).order_by(reportes.c.id)
        if estado is not None:
            chosen = chosen.where(reportes.c.estado == estado.value)
        if proceso is not None:
            chosen = chosen.where(reportes.c.proceso == proceso)
        rows = self._connection.execute(chosen.limit(min(size, MAX_PAGE))).mappings()
        return [_report(row) for row in rows]

    def of_process(self, proceso: str, before: datetime) -> list[Report]:
        """All reports about a process that were received before an instant, oldest first.

        An answer that was given later is not there: the report is as it was then.
        """
        chosen = select(*_COLUMNS).where(reportes.c.proceso == proceso, reportes.c.recibido < before)
        rows = self._connection.execute(chosen.order_by(reportes.c.recibido, reportes.c.id)).mappings()
        return [_as_of(_report(row), before) for row in rows]


def tallies(reports: Iterable[Report], *, with_title: bool = True) -> list[Tally]:
    """How many of each kind and medium, the most frequent first; see `Report.words`."""
    counts: dict[tuple[str, Medio], int] = {}
    for one in reports:
        key = (one.words(with_title=with_title), one.medio)
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Tally(words, medio, total) for (words, medio), total in ordered]


def _report(row: RowMapping) -> Report:
    values = dict(row)
    values["causas"] = tuple(values["causas"].split(","))
    return Report(**{**values, "medio": Medio(values["medio"]), "estado": EstadoDeReporte(values["estado"])})


def _as_of(report: Report, before: datetime) -> Report:
    if report.atendido is None or report.atendido < before:
        return report
    values = {field.name: getattr(report, field.name) for field in fields(Report)}
    return Report(**{**values, "estado": EstadoDeReporte.EN_ATENCION, "respuesta": None, "atendido": None})
