"""What a Nota informativa says of a process at a cut-off (source 003): twelve tables and charts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from capture.attention.report import Report
from capture.records.states import Columna
from capture.reports.errors import FiguresDisagree

CHANGED_LATER = "Modificada después del corte"
"""The type of an inconsistencia of then that is no longer there to be read."""
MI_APOYO = "mi-apoyo"
NOT_COUNTED = (Columna.BAJA_DE_AUXILIAR, Columna.FUERA_DE_PERIODO, Columna.DISPOSITIVO_NO_AUTORIZADO)


@dataclass(frozen=True, slots=True)
class Subject:
    """The process, its period and its institute. Instants are aware."""

    folio: str
    denominacion: str
    promovente: str
    tipo: str
    """Code of the kind of process."""
    registrado: datetime
    periodo: str
    inicio: datetime
    fin: datetime
    instituto: str


@dataclass(frozen=True, slots=True)
class AuxiliarDay:
    """Auxiliares that were registered on a day, by what they are at the cut-off (table 4)."""

    dia: date
    sin_registro: int
    """Active, without a device in the app."""
    con_registro: int
    """Active, with one."""
    baja: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.sin_registro + self.con_registro + self.baja


@dataclass(frozen=True, slots=True)
class Nota:
    """Everything, in the order of its tables. `corte`: what happened before this instant is in it."""

    sujeto: Subject
    corte: datetime
    procesos: Mapping[date, int]
    """1: processes of the period by the day of their registration."""
    meses: Mapping[date, int]
    """2 and 3: records of all of them by month (its first day), also months without any."""
    auxiliares: tuple[AuxiliarDay, ...]
    """4."""
    bajas: Mapping[str, int]
    """5: causes in words."""
    avance: Mapping[Columna, int]
    """6: of this process, as what follows."""
    modalidades: Mapping[str, int]
    auxiliares_que_enviaron: int
    inconsistencias: Mapping[str, int]
    """7."""
    dias: Mapping[date, int]
    """8 and 9: by the day of reception."""
    reportes: tuple[Report, ...] = field(repr=False, default=())
    """10 to 12."""

    @property
    def enviados(self) -> int:
        """Records received."""
        return sum(self.avance.values())

    @property
    def inetel(self) -> tuple[Report, ...]:
        """10: reports of the first level."""
        return tuple(one for one in self.reportes if one.medio.nivel == 1)

    @property
    def mato(self) -> tuple[Report, ...]:
        """12: reports of the second level."""
        return tuple(one for one in self.reportes if one.medio.nivel == 2)

    @property
    def auxiliares_activos(self) -> int:
        """Without baja at the cut-off."""
        return sum(one.total - one.baja for one in self.auxiliares)

    @property
    def mayor_dia(self) -> tuple[date, int] | None:
        """The day with most records, the first of several."""
        if not self.dias:
            return None
        return max(self.dias.items(), key=lambda item: (item[1], -item[0].toordinal()))

    def require_consistent(self) -> None:
        """Refuse tables that contradict each other. Raises FiguresDisagree."""
        wrong = self.avance.get(Columna.CON_INCONSISTENCIA, 0)
        bajas = sum(one.baja for one in self.auxiliares)
        for place, expected, got in (
            ("tabla 8, suma de los días", self.enviados, sum(self.dias.values())),
            ("suma de las modalidades", self.enviados, sum(self.modalidades.values())),
            ("tabla 7, suma de los tipos", wrong, sum(self.inconsistencias.values())),
            ("tabla 5, suma de las causas", bajas, sum(self.bajas.values())),
        ):
            if expected != got:
                raise FiguresDisagree("nota.suma", place, expected, got)


def by_day(days: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Sums by day, in order."""
    counts: Counter[date] = Counter()
    for day, amount in days:
        counts[day] += amount
    return dict(sorted(counts.items()))


def by_month(days: Mapping[date, int], first: date, last: date) -> dict[date, int]:
    """Sums by month from that of `first` to that of `last`, also of months without any, and of any other."""
    counts: Counter[date] = Counter()
    for day, amount in days.items():
        counts[day.replace(day=1)] += amount
    month = first.replace(day=1)
    while month <= last:
        counts[month] += 0
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return dict(sorted(counts.items()))
