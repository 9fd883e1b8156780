"""A roster in CSV: UTF-8 or Windows-1252, with commas or semicolons, as spreadsheets in Spanish save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from capture.auxiliares.errors import RosterRefusal
from capture.auxiliares.roster_row import MAX_COLUMNS, RosterRow, named_rows


def read_csv(data: bytes) -> list[RosterRow]:
    """The rows. Raises RosterRefusal."""
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return named_rows(_lines(text, delimiter))


def _decoded(data: bytes) -> str:
    if b"\x00" in data:
        raise RosterRefusal("archivo.tipo", "Archivo", "un archivo CSV o Excel .xlsx", "otro tipo de archivo")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        expected = "texto en UTF-8 o Windows-1252"
        raise RosterRefusal("archivo.codificacion", "Archivo", expected, "otra codificación") from None


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            place = f"Renglón {number}"
            raise RosterRefusal("archivo.csv", place, "comillas que abren y cierran", "otra cosa") from None
        if len(cells) > MAX_COLUMNS:
            expected = f"a lo más {MAX_COLUMNS} columnas"
            raise RosterRefusal("archivo.columnas", f"Renglón {number}", expected, f"{len(cells)}")
        yield number, cells
