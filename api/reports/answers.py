"""The figures of a process as they are answered. They say in every answer that they are preliminary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel

from capture.records.states import Columna
from capture.reports.figures import LEGEND, Figures


class Preliminary(BaseModel):
    """What every answer with figures begins with."""

    proceso: str
    corte: datetime
    """The instant of the figures."""
    preliminar: bool = True
    leyenda: str = LEGEND


class Column(BaseModel):
    """A figure: its stable code, its words and how many."""

    codigo: str
    nombre: str
    total: int


class Span(BaseModel):
    """A day, or a month by its first day."""

    desde: date
    total: int
    columnas: dict[str, int]


class Kind(BaseModel):
    """How many records have this type of inconsistencia."""

    tipo: str
    total: int


class Standing(BaseModel):
    """How many records have this situación registral, and whether it makes them count."""

    codigo: str
    nombre: str
    cuenta: bool
    total: int


class FiguresAnswer(Preliminary):
    """All figures of a process; `columnas` adds up to `enviados`, and so do `dias` and `meses`."""

    enviados: int
    columnas: list[Column]
    modalidades: dict[str, int]
    dias: list[Span]
    meses: list[Span]
    inconsistencias: list[Kind]
    situaciones: list[Standing]


class AuxiliarFigures(BaseModel):
    """What one auxiliar has sent."""

    auxiliar: str
    enviados: int
    columnas: dict[str, int]


class AuxiliaresAnswer(Preliminary):
    """The figures of each auxiliar that has sent something."""

    auxiliares: list[AuxiliarFigures]


def code(column: Columna) -> str:
    """The stable code of a figure: «con-inconsistencia»."""
    return column.name.lower().replace("_", "-")


def figures_answer(proceso: str, now: datetime, made: Figures) -> FiguresAnswer:
    """The answer for the figures of a process."""
    return FiguresAnswer(
        proceso=proceso,
        corte=now,
        enviados=made.enviados,
        columnas=[Column(codigo=code(c), nombre=c.value, total=n) for c, n in made.columnas.items()],
        modalidades=dict(made.modalidades),
        dias=_spans(made.dias),
        meses=_spans(made.meses),
        inconsistencias=[Kind(tipo=tipo, total=n) for tipo, n in made.inconsistencias.items()],
        situaciones=standings(made),
    )


def standings(made: Figures) -> list[Standing]:
    """How many records have each situación registral."""
    return [
        Standing(codigo=one.value, nombre=one.label, cuenta=one.counts, total=n)
        for one, n in made.situaciones.items()
    ]


def auxiliares_answer(
    proceso: str, now: datetime, found: Mapping[str, Mapping[Columna, int]]
) -> AuxiliaresAnswer:
    """The answer for the figures of each auxiliar."""
    rows = [
        AuxiliarFigures(auxiliar=who, enviados=sum(counts.values()), columnas=_coded(counts))
        for who, counts in found.items()
    ]
    return AuxiliaresAnswer(proceso=proceso, corte=now, auxiliares=rows)


def _spans(spans: Mapping[date, Mapping[Columna, int]]) -> list[Span]:
    return [
        Span(desde=first, total=sum(counts.values()), columnas=_coded(counts))
        for first, counts in spans.items()
    ]


def _coded(counts: Mapping[Columna, int]) -> dict[str, int]:
    return {code(column): amount for column, amount in counts.items() if amount}
