"""The figures of the portal (APO-21). Pure: sums over cells that say how many records are alike.

They are preliminary until the definitive results are delivered, and say so (002 §2.2, §6.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from capture.padron.situacion import Situacion
from capture.records.states import Columna, Estado, columna
from capture.reports.errors import FiguresDisagree

LEGEND = (
    "La información presentada en el Portal Web es de carácter informativo y preliminar, toda vez que estará "
    "sujeta a la verificación de los registros y cruces de información correspondientes, por lo que no debe "
    "considerarse como definitiva, hasta en tanto el Instituto Nacional Electoral comunique al Organismo "
    "Público Local los resultados definitivos de cada apoyo ciudadano, a fin de que dicho Organismo Público "
    "Local realice las validaciones y/o cruces de información de conformidad con su normativa interna."
)
"""The words of 002 §2.2 and §6.4, with the parties by their kind instead of their name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many records of a process are alike in all of this. `inciso` and what follows: empty for none."""

    dia: date
    """Of reception, in central Mexico."""
    modalidad: str
    estado: Estado
    inciso: str
    tipo: str
    situacion: str
    cantidad: int

    @property
    def columna(self) -> Columna:
        """The figure that counts them."""
        return columna(self.estado, self.inciso or None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything about one process; each breakdown adds up to what the table says of it."""

    enviados: int
    columnas: Mapping[Columna, int]
    """All of them, also with 0; their sum is `enviados`."""
    modalidades: Mapping[str, int]
    dias: Mapping[date, Mapping[Columna, int]]
    """Days with at least one record, in order."""
    inconsistencias: Mapping[str, int]
    """By type, of the records with inconsistencia."""
    situaciones: Mapping[Situacion, int]
    """Of the records that the padrón answered for."""

    @property
    def meses(self) -> dict[date, dict[Columna, int]]:
        """By the first day of each month."""
        made: dict[date, Counter[Columna]] = {}
        for day, counts in self.dias.items():
            made.setdefault(day.replace(day=1), Counter()).update(counts)
        return {month: dict(counts) for month, counts in made.items()}


def figures(cells: Iterable[Cell]) -> Figures:
    """The sums. Raises FiguresDisagree when a cell is negative, as no count can be."""
    columns: Counter[Columna] = Counter(dict.fromkeys(Columna, 0))
    modes: Counter[str] = Counter()
    days: dict[date, Counter[Columna]] = {}
    kinds: Counter[str] = Counter()
    answers: Counter[Situacion] = Counter()
    for cell in merged(cells):
        columns[cell.columna] += cell.cantidad
        modes[cell.modalidad] += cell.cantidad
        days.setdefault(cell.dia, Counter())[cell.columna] += cell.cantidad
        if cell.columna is Columna.CON_INCONSISTENCIA:
            kinds[cell.tipo] += cell.cantidad
        if cell.situacion:
            answers[Situacion(cell.situacion)] += cell.cantidad
    ordered = {day: dict(days[day]) for day in sorted(days)}
    total = sum(columns.values())
    return Figures(total, dict(columns), dict(modes), ordered, _most_first(kinds), _in_order(answers))


def merged(cells: Iterable[Cell]) -> list[Cell]:
    """One cell of each kind, none with 0. Raises FiguresDisagree for a negative one."""
    sums: Counter[tuple[date, str, Estado, str, str, str]] = Counter()
    for cell in cells:
        key = (cell.dia, cell.modalidad, cell.estado, cell.inciso, cell.tipo, cell.situacion)
        sums[key] += cell.cantidad
    if any(amount < 0 for amount in sums.values()):
        raise FiguresDisagree("cifras.negativa", "cifras", "0 o más", min(sums.values()))
    return [Cell(*key, cantidad=amount) for key, amount in sums.items() if amount]


def require_consistent(made: Figures, received: int) -> None:
    """Refuse figures that do not add up, each breakdown by itself. Raises FiguresDisagree."""
    by_day = sum(sum(counts.values()) for counts in made.dias.values())
    wrong = made.columnas[Columna.CON_INCONSISTENCIA]
    for place, expected, got in (
        ("registros enviados", received, made.enviados),
        ("suma de las columnas", received, sum(made.columnas.values())),
        ("suma de los días", received, by_day),
        ("suma de los meses", received, sum(sum(counts.values()) for counts in made.meses.values())),
        ("suma de las modalidades", received, sum(made.modalidades.values())),
        ("suma de las inconsistencias", wrong, sum(made.inconsistencias.values())),
    ):
        if expected != got:
            raise FiguresDisagree("cifras.suma", place, expected, got)


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _in_order(counts: Counter[Situacion]) -> dict[Situacion, int]:
    return {one: counts[one] for one in Situacion if counts[one]}
