"""The twelve tables and charts of a Nota informativa as typed cells, for whatever prints them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from capture.attention.report import Report
from capture.attention.store_sql import tallies
from capture.records.states import Columna
from capture.reports import nota_words as words
from capture.reports.days import ZONE
from capture.reports.nota import NOT_COUNTED, Nota

Cell = str | int | date
Named = TypeVar("Named", str, date)
RESERVED = "Dato reservado"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `foot` is its row of totals."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] | None = None
    empty: str = "Sin registros."
    """What is said instead of a table without rows."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: names and numbers."""

    caption: str
    bars: tuple[tuple[str, int], ...]


def tables(nota: Nota, *, with_people: bool) -> tuple[Grid | Bars, ...]:
    """All twelve, in order. Without `with_people`, who reported and what they wrote is reserved."""
    titles = words.captions(nota)
    kind = words.kind_of(nota)
    months = [(words.spoken_month(month), amount) for month, amount in nota.meses.items()]
    days = [(words.spoken_day(day), amount) for day, amount in nota.dias.items()]
    registered = f"Día de registro de {kind.plural.lower()} {kind.registered}"
    return (
        _counted(titles[0], (registered, f"Total de {kind.plural.lower()} {kind.registered}"), nota.procesos),
        _counted(titles[1], ("Mes y año", "Total de registros recibidos"), dict(months)),
        Bars(titles[2], tuple(months)),
        _auxiliares(nota, titles[3]),
        _counted(titles[4], ("Causas Baja registradas", "Total de auxiliares"), nota.bajas),
        _progress(nota, titles[5]),
        _counted(titles[6], ("Tipo de inconsistencia", "Total de registros"), nota.inconsistencias),
        _counted(titles[7], ("Fecha recepción", "Total de registros"), nota.dias),
        Bars(titles[8], tuple(days)),
        _reports(titles[9], nota.inetel, with_people),
        _by_kind(nota, titles[10], with_people),
        _reports(titles[11], nota.mato, with_people),
    )


def _counted(caption: str, headers: tuple[str, str], counts: Mapping[Named, int]) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    for number, (name, amount) in enumerate(counts.items(), 1):
        rows.append((number, name, amount))
    return Grid(caption, ("Cons.", *headers), tuple(rows), ("", "Total", sum(counts.values())))


def _auxiliares(nota: Nota, caption: str) -> Grid:
    headers = (
        "Cons.",
        "Fecha registro de auxiliares",
        "Auxiliares activos sin registro en la aplicación móvil",
        "Auxiliares activos registrados en la aplicación móvil",
        "Auxiliares dados de baja",
        "Total auxiliares",
    )
    rows = tuple(
        (number, one.dia, one.sin_registro, one.con_registro, one.baja, one.total)
        for number, one in enumerate(nota.auxiliares, 1)
    )
    sums = [sum(row[column] for row in rows) for column in range(2, 6)]  # type: ignore[misc]
    return Grid(caption, headers, rows, ("", "Total", *sums))


def _progress(nota: Nota, caption: str) -> Grid:
    shown = [column for column in Columna if column not in NOT_COUNTED or nota.avance.get(column, 0)]
    headers = ("Registros enviados", *(column.value for column in shown))
    return Grid(caption, headers, ((nota.enviados, *(nota.avance.get(column, 0) for column in shown)),))


def _by_kind(nota: Nota, caption: str, with_people: bool) -> Grid:
    headers = ("Cons.", "Tipo de reporte", "Medio de reporte", "Total de reportes")
    rows = tuple(
        (number, one.causas, one.medio.words, one.total)
        for number, one in enumerate(tallies(nota.mato, with_title=with_people), 1)
    )
    return Grid(caption, headers, rows, ("", "Total", "", len(nota.mato)), "No se recibieron reportes.")


def _reports(caption: str, reports: tuple[Report, ...], with_people: bool) -> Grid:
    headers = ("Fecha", "A quién se atendió", "Motivo de reporte", "Atención al reporte", "Fecha de atención")
    rows = tuple(_report(one, with_people) for one in reports)
    return Grid(caption, headers, rows, empty="Resultado: No se encontraron registros.")


def _report(one: Report, with_people: bool) -> tuple[Cell, ...]:
    received = one.recibido.astimezone(ZONE).date()
    answered: Cell = "Pendiente" if one.atendido is None else one.atendido.astimezone(ZONE).date()
    if not with_people:
        done = "Pendiente" if one.atendido is None else "Atendido"
        return (received, RESERVED, one.words(with_title=False), done, answered)
    return (received, one.persona, f"{one.titulo}\n{one.descripcion}", one.respuesta or "Pendiente", answered)
