"""A Nota informativa as a workbook: a sheet for each table, real dates and numbers, real charts (APO-28)."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from capture.reports import nota_words as words
from capture.reports.days import ZONE
from capture.reports.nota import Nota
from capture.reports.nota_tables import Bars, Grid, tables
from capture.reports.workbook import Value, fit, put, write_header, write_row

_FIRST = 3
"""The row of a table's header; above it, its caption."""
_CHART_WIDTH_CM, _CHART_HEIGHT_CM = 24, 11


def workbook(nota: Nota, *, with_people: bool) -> bytes:
    """The file. Its first sheet says what it is, of when, and that it is preliminary."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("un libro nuevo tiene una hoja")
    _cover(first, nota)
    for number, one in enumerate(tables(nota, with_people=with_people), 1):
        sheet = book.create_sheet(_name(number, one))
        put(sheet.cell(1, 1), one.caption)
        if isinstance(one, Bars):
            _bars(sheet, one)
        else:
            _grid(sheet, one)
        fit(sheet, _FIRST)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _name(number: int, one: Grid | Bars) -> str:
    return f"Gráfica {number}" if isinstance(one, Bars) else f"Tabla {number}"


def _cover(sheet: Worksheet, nota: Nota) -> None:
    sheet.title = "Nota"
    local = nota.corte.astimezone(ZONE).replace(tzinfo=None)
    rows: tuple[tuple[str, Value], ...] = (
        (words.TITLE, words.SYSTEM),
        ("Instituto", nota.sujeto.instituto),
        ("Periodo", nota.sujeto.periodo),
        ("Folio", nota.sujeto.folio),
        ("Denominación", nota.sujeto.denominacion),
        ("Corte (hora centro)", local),
        ("Registros enviados", nota.enviados),
        ("Información preliminar", words.NOTICE),
    )
    for number, row in enumerate(rows, 1):
        write_row(sheet, number, row)
    fit(sheet, 1)


def _grid(sheet: Worksheet, grid: Grid) -> None:
    write_header(sheet, _FIRST, grid.headers)
    if not grid.rows:
        put(sheet.cell(_FIRST + 1, 1), grid.empty)
    for number, row in enumerate(grid.rows, _FIRST + 1):
        write_row(sheet, number, row)
    if grid.foot is not None:
        write_row(sheet, _FIRST + 1 + len(grid.rows), grid.foot, bold=True)


def _bars(sheet: Worksheet, chart: Bars) -> None:
    write_header(sheet, _FIRST, ("Concepto", "Registros"))
    for number, bar in enumerate(chart.bars, _FIRST + 1):
        write_row(sheet, number, bar)
    if not chart.bars:
        return
    last = _FIRST + len(chart.bars)
    drawn = BarChart()
    drawn.title = chart.caption
    drawn.legend = None
    drawn.width, drawn.height = _CHART_WIDTH_CM, _CHART_HEIGHT_CM
    drawn.add_data(Reference(sheet, min_col=2, min_row=_FIRST, max_row=last), titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=_FIRST + 1, max_row=last))
    drawn.x_axis.delete = drawn.y_axis.delete = False
    sheet.add_chart(drawn, "D3")
