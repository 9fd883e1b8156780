"""A Nota informativa as an official document, which `ledger.document_pdf` prints (APO-28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from capture.reports import nota_words as words
from capture.reports.nota import Nota
from capture.reports.nota_tables import Bars, Cell, Grid, tables
from ledger.document import Chart, Document, Paragraph, Part, Section, Table, Tone

KIND = "nota-informativa"
AREA = "Dirección Ejecutiva del Registro Federal de Electores"


def document(nota: Nota, *, with_people: bool, page: str | None = None) -> Document:
    """The document, dated with its cut-off. `page`: where its signatures can be checked."""
    shown = [_part(one) for one in tables(nota, with_people=with_people)]
    kind = words.kind_of(nota)
    return Document(
        kind=KIND,
        title=words.TITLE,
        subtitle=words.SYSTEM,
        institute=nota.sujeto.instituto,
        area=AREA,
        reference=nota.sujeto.folio,
        issued=nota.corte,
        page=page,
        parts=(
            Paragraph(f"Captación de {kind.support}: «{nota.sujeto.denominacion}».", "Caso."),
            Paragraph(words.NOTICE, tone=Tone.NOTICE),
            Section(nota.sujeto.periodo, _general(nota, shown)),
            Section(f"Folio {nota.sujeto.folio}", _own(nota, shown)),
            Section("Atención a usuarios", _attention(nota, shown)),
        ),
    )


def _general(nota: Nota, shown: Sequence[Part]) -> tuple[Part, ...]:
    return (Paragraph(words.opening(nota)), shown[0], Paragraph(words.reception(nota)), *shown[1:3])


def _own(nota: Nota, shown: Sequence[Part]) -> tuple[Part, ...]:
    aside = words.not_counted(nota)
    return (
        Paragraph(words.case(nota)),
        shown[3],
        Paragraph(words.REMOVALS),
        shown[4],
        Paragraph(words.progress(nota)),
        shown[5],
        *([Paragraph(aside, tone=Tone.SMALL)] if aside else []),
        Paragraph(words.inconsistencies(nota)),
        shown[6],
        Paragraph(words.by_day(nota)),
        *shown[7:9],
    )


def _attention(nota: Nota, shown: Sequence[Part]) -> tuple[Part, ...]:
    return (Paragraph(words.first_level(nota)), shown[9], Paragraph(words.second_level(nota)), *shown[10:])


def _part(one: Grid | Bars) -> Part:
    if isinstance(one, Bars):
        return Chart(one.caption, one.bars)
    if not one.rows:
        return Paragraph(one.empty, one.caption)
    numeric = [
        index
        for index, header in enumerate(one.headers)
        if all(isinstance(row[index], int) for row in one.rows)
    ]
    rows = tuple(_written(row) for row in one.rows)
    foot = None if one.foot is None else _written(one.foot)
    return Table(one.headers, rows, tuple(numeric), foot, one.caption)


def _written(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row)


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return words.spoken_day(cell)
    return f"{cell:,}" if isinstance(cell, int) else cell
