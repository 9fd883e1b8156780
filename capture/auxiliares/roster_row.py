"""Columns and rows of a roster, whichever kind of file they come from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capture.auxiliares.errors import RosterRefusal
from capture.auxiliares.form import LABELS, OPTIONAL, AuxiliarForm

MAX_ROWS = 5_000
MAX_COLUMNS = 50
MAX_CELL_CHARS = 500
_OTHER_NAMES = {
    "nombre": "nombre",
    "nombres": "nombre",
    "numerotelefonicomovil": "telefono",
    "telefono": "telefono",
    "telefonomovil": "telefono",
    "correo": "correo",
    "cuentadecorreoelectronico": "correo",
    "tipodevinculacion": "autenticacion",
    "autenticacion": "autenticacion",
    "clavedelector": "clave_elector",
    "zona": "zona",
}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in plain if c.isascii() and c.isalnum())


_NAMES = {_folded(label): name for name, label in LABELS.items()} | _OTHER_NAMES


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row: its number in the spreadsheet and the text of each named column."""

    number: int
    cells: dict[str, str]

    def form(self) -> AuxiliarForm:
        """To be checked."""
        return AuxiliarForm(**self.cells)


def read_header(cells: Sequence[str]) -> list[str | None]:
    """The field of each column; None for one without a name. Raises RosterRefusal."""
    names = [_NAMES.get(_folded(cell)) for cell in cells]
    for cell, name in zip(cells, names, strict=True):
        if name is None and cell.strip():
            expected = f"las columnas {', '.join(LABELS.values())}"
            raise RosterRefusal("archivo.columna", "Encabezado", expected, f"«{cell.strip()}»")
    known = [name for name in names if name is not None]
    if twice := {name for name in known if known.count(name) > 1}:
        got = f"dos veces «{LABELS[min(twice)]}»"
        raise RosterRefusal("archivo.columna", "Encabezado", "cada columna una vez", got)
    if missing := [label for name, label in LABELS.items() if name not in known and name not in OPTIONAL]:
        got = f"falta «{missing[0]}»"
        raise RosterRefusal("archivo.columna", "Encabezado", "todas las columnas obligatorias", got)
    return names


def named_rows(lines: Iterable[tuple[int, Sequence[str]]]) -> list[RosterRow]:
    """Rows under a header, without those that are empty. Raises RosterRefusal."""
    numbered = iter(lines)
    header = next(numbered, None)
    if header is None:
        raise RosterRefusal("archivo.vacio", "Archivo", "un encabezado y al menos un renglón", "nada")
    names = read_header(header[1])
    rows: list[RosterRow] = []
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == MAX_ROWS:
            got = "más renglones"
            raise RosterRefusal("archivo.renglones", "Archivo", f"a lo más {MAX_ROWS:,} renglones", got)
        rows.append(_row(number, names, cells))
    if not rows:
        raise RosterRefusal("archivo.vacio", "Archivo", "al menos un renglón de datos", "solo el encabezado")
    return rows


def _row(number: int, names: Sequence[str | None], cells: Sequence[str]) -> RosterRow:
    place = f"Renglón {number}"
    if any(len(cell) > MAX_CELL_CHARS for cell in cells):
        raise RosterRefusal("archivo.celda", place, f"celdas de a lo más {MAX_CELL_CHARS} caracteres", "más")
    if any(cell.strip() for cell in cells[len(names) :]):
        expected = f"{len(names)} columnas, como el encabezado"
        raise RosterRefusal("archivo.columnas", place, expected, f"{len(cells)}")
    pairs = zip(names, cells, strict=False)
    named = {name: text.strip() for name, text in pairs if name is not None}
    if any(text.startswith("=") for text in named.values()):
        raise RosterRefusal("archivo.formula", place, "datos escritos, no fórmulas", "una fórmula")
    return RosterRow(number, named)
