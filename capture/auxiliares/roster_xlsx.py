"""A roster in XLSX. What is inside the ZIP is measured before anything is read, and formulas are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from capture.auxiliares.errors import RosterRefusal
from capture.auxiliares.roster_row import MAX_COLUMNS, MAX_ROWS, RosterRow, named_rows

MAX_PARTS = 200
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # of XML, from either parser
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
    OSError,
)
"""What openpyxl and zipfile raise for files that are not what they say."""
_ERROR_CELLS = "e"
_FORMULA_CELLS = "f"


def read_xlsx(data: bytes) -> list[RosterRow]:
    """The rows of the first sheet. Raises RosterRefusal."""
    try:
        _require_harmless(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return named_rows(_lines(book))
        finally:
            book.close()
    except RosterRefusal:
        raise
    except _DAMAGED:
        raise RosterRefusal(
            "archivo.xlsx", "Archivo", "un libro de Excel .xlsx", "un archivo dañado"
        ) from None


def _require_harmless(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES:
            expected = f"a lo más {MAX_UNPACKED_BYTES // 1024**2} MB al descomprimir"
            raise RosterRefusal("archivo.bomba", "Archivo", expected, f"{unpacked:,} bytes")
        for part in parts:  # zipfile never gives more bytes than the size that was added above
            text = package.read(part).replace(b"\x00", b"")  # UTF-16 hides nothing
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise RosterRefusal("archivo.entidades", "Archivo", "XML sin DOCTYPE", "DOCTYPE o ENTITY")
        if any(part.filename.endswith("vbaProject.bin") for part in parts):
            raise RosterRefusal("archivo.macros", "Archivo", "un libro sin macros", "macros")


def _lines(book: Any) -> Iterator[tuple[int, Sequence[str]]]:
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file claims about its size is not believed
    # One row more than MAX_ROWS under the header is enough to know that there are too many.
    rows = sheet.iter_rows(max_row=2 * MAX_ROWS, max_col=MAX_COLUMNS)
    for number, row in enumerate(rows, 1):
        yield number, _trimmed([_text(cell, number) for cell in row])


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(cell: Any, number: int) -> str:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if kind == _FORMULA_CELLS:
        raise RosterRefusal(
            "archivo.formula", f"Renglón {number}", "datos escritos, no fórmulas", "una fórmula"
        )
    if kind == _ERROR_CELLS:
        raise RosterRefusal("archivo.formula", f"Renglón {number}", "datos", "un error de Excel")
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
