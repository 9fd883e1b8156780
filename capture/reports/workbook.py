"""Writing spreadsheets that only hold values: text that begins like a formula stays text (OWASP)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | date | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_CHARS = 32_767
"""Of a cell, by the format."""
_HEAD = PatternFill("solid", fgColor="FF4A2F63")
_WIDEST = 60
DATE, COUNT = "dd/mm/yyyy", "#,##0"


def put(cell: Cell | MergedCell, value: Value) -> None:
    """Write a value with its type. Instants must be naive local ones: the format has no zones."""
    if isinstance(cell, MergedCell):
        raise TypeError("una celda combinada no tiene valor propio")
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_MAX_CHARS]
        cell.data_type = "s"  # openpyxl takes what begins with «=» for a formula
        if value.startswith(_FORMULA):
            cell.quotePrefix = True  # nor does a program that the person edits it with
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    cell.value = value
    cell.alignment = Alignment(vertical="top")
    if isinstance(value, int):
        cell.number_format = COUNT
    elif isinstance(value, date) and not isinstance(value, datetime):
        cell.number_format = DATE


def write_row(sheet: Worksheet, number: int, values: Sequence[Value], *, bold: bool = False) -> None:
    """Row `number` (from 1)."""
    for column, value in enumerate(values, 1):
        cell = sheet.cell(number, column)
        put(cell, value)
        if bold:
            cell.font = Font(bold=True)


def write_header(sheet: Worksheet, number: int, headers: Sequence[str]) -> None:
    """A header, which stays in sight; columns get a width that fits their first rows."""
    for column, text in enumerate(headers, 1):
        cell = sheet.cell(number, column)
        put(cell, text)
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEAD
    sheet.freeze_panes = f"A{number + 1}"


def fit(sheet: Worksheet, first: int) -> None:
    """Set widths by the content from row `first` on."""
    for index, column in enumerate(sheet.iter_cols(min_row=first), 1):
        longest = max((len(str(cell.value or "")) for cell in column), default=0)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest + 2, 8), _WIDEST)
